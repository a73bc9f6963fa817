"""Pages about quizzes: start, attempt, summary, result, and the preview for staff."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import clock
from lms.core.db import unit_of_work
from lms.core.errors import DomainError, Forbidden
from lms.core.forms import Press
from lms.core.permissions import permission
from lms.core.preview import previewed
from lms.core.viewer import EditionInfo, Viewer, current_edition, current_enrolment_id, current_viewer
from lms.modules.api import require_open
from lms.quizzes import commands, papers, queries, rules
from lms.quizzes.papers import AttemptInfo, Place
from lms.quizzes.queries import Sheet

blueprint = Blueprint("quizzes", __name__, template_folder="templates")


@blueprint.get("/e/<edition>/quizzes/<module>/")
@permission("participant")
@previewed
def quiz(module: str) -> ResponseReturnValue:
    """Tell what a quiz asks and allows, and offer to begin, to go on, or why not."""
    viewer = current_viewer()
    place = papers.place(current_edition(), module).of(viewer.enrolment_id)
    require_open(place.module)
    standing = queries.standing(place, viewer.enrolment_id)
    if standing.open and rules.is_over(standing.open.deadline, clock.now()):
        _finish(standing.open)
        standing = queries.standing(place, viewer.enrolment_id)
    return render_template(
        "quizzes/quiz.html", place=place, standing=standing, form=Press(), counted=queries.counted
    )


@blueprint.post("/e/<edition>/quizzes/<module>/start")
@permission("learner")
def start(module: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the open one."""
    require_open(papers.place(current_edition(), module).module)
    return redirect(
        url_for("quizzes.attempt", attempt_id=commands.start_attempt(current_enrolment_id(), module))
    )


@blueprint.get("/e/<edition>/quizzes/attempts/<int:attempt_id>/")
@permission("learner")
def attempt(attempt_id: int) -> ResponseReturnValue:
    """Show all questions of an open attempt with the answers so far."""
    place, found = _found(attempt_id)
    if _is_finished(found):
        return redirect(url_for("quizzes.result", attempt_id=attempt_id))
    return _attempt_page(queries.sheet(place, found))


@blueprint.post("/e/<edition>/quizzes/attempts/<int:attempt_id>/")
@permission("learner")
def save(attempt_id: int) -> ResponseReturnValue:
    """Store all answers of the page; a page that sends itself when the time is over hands the attempt in."""
    place, found = _found(attempt_id)
    if _is_finished(found):
        flash("This attempt is handed in. What was saved until then counts.", "warn")
        return redirect(url_for("quizzes.result", attempt_id=attempt_id))
    press = request.form.get("press", "")
    faults = commands.save_page(current_enrolment_id(), attempt_id, request.form.getlist, pressed=bool(press))
    if not press and rules.is_up(found.deadline, clock.now()):
        return submit(attempt_id)
    if faults:
        return _attempt_page(queries.refused_sheet(place, found, request.form.getlist, faults), 422)
    if press == "save":
        flash("Your answers are saved.", "good")
    return redirect(url_for(f"quizzes.{'attempt' if press == 'save' else 'summary'}", attempt_id=attempt_id))


@blueprint.post("/e/<edition>/quizzes/attempts/<int:attempt_id>/answer")
@permission("learner")
def answer(attempt_id: int) -> ResponseReturnValue:
    """Store the answer to one question, and say when."""
    try:
        saved = commands.save_item(current_enrolment_id(), attempt_id, request.form.getlist)
    except DomainError as error:
        return {"message": error.message}, error.status
    return {"saved": f"{saved.astimezone(_zone(current_viewer(), current_edition())):%H:%M:%S}"}


@blueprint.get("/e/<edition>/quizzes/attempts/<int:attempt_id>/summary")
@permission("learner")
def summary(attempt_id: int) -> ResponseReturnValue:
    """Show what is answered, open and marked for another look, before handing in."""
    place, found = _found(attempt_id)
    if _is_finished(found):
        return redirect(url_for("quizzes.result", attempt_id=attempt_id))
    sheet = queries.sheet(place, found)
    return render_template(
        "quizzes/summary.html", sheet=sheet, form=Press(), until=_until(found), counted=queries.counted
    )


@blueprint.post("/e/<edition>/quizzes/attempts/<int:attempt_id>/submit")
@permission("learner")
def submit(attempt_id: int) -> ResponseReturnValue:
    """Hand an attempt in; pressing again leads to the same result."""
    _, found = _found(attempt_id)
    if commands.submit_attempt(attempt_id, current_viewer().person_id) and rules.is_up(found.deadline, clock.now()):
        flash("The time is over: your answers were handed in.")
    return redirect(url_for("quizzes.result", attempt_id=attempt_id))


@blueprint.get("/e/<edition>/quizzes/attempts/<int:attempt_id>/result")
@permission("learner")
def result(attempt_id: int) -> ResponseReturnValue:
    """Show what an attempt was worth, and what was right when the quiz allows."""
    place, found = _found(attempt_id)
    if found.submitted_at is None:
        return redirect(url_for("quizzes.attempt", attempt_id=attempt_id))
    place = place.of(current_enrolment_id())
    told = rules.shows_feedback(place.terms.feedback, place.window, clock.now())
    return render_template(
        "quizzes/result.html",
        sheet=queries.sheet(place, found, marked=told),
        told=told,
        standing=queries.standing(place, current_enrolment_id()),
        counted=queries.counted,
    )


@blueprint.get("/e/<edition>/quizzes/<module>/preview")
@permission("staff")
def preview(module: str) -> ResponseReturnValue:
    """Let staff see a quiz as a learner would, with a fresh draw or the one of a seed."""
    place = _led(module)
    seed = _seed(request.args.get("seed", "")) or secrets.token_hex(4)
    return render_template("quizzes/preview.html", trial=queries.trial(place, seed), form=Press())


@blueprint.post("/e/<edition>/quizzes/<module>/preview")
@permission("staff")
def try_out(module: str) -> ResponseReturnValue:
    """Mark what staff answered in a preview; nothing is stored."""
    place = _led(module)
    seed = _seed(request.form.get("seed", "")) or secrets.token_hex(4)
    return render_template(
        "quizzes/preview.html", trial=queries.trial(place, seed, request.form.getlist), form=Press()
    )


@blueprint.get("/e/<edition>/quizzes/<module>/keys")
@permission("staff")
def keys(module: str) -> ResponseReturnValue:
    """Show staff every question of a quiz with its right answer and what is said of each option."""
    place = _led(module)
    return render_template("quizzes/keys.html", place=place, questions=queries.keys(place))


def _led(module: str) -> Place:
    """Find a module's quiz for staff; raise `Forbidden` for a tutor who is limited to other modules."""
    place = papers.place(current_edition(), module)
    if not current_viewer().leads(module):
        message = "You look after other modules than this one."
        raise Forbidden(message)
    return place


def _found(attempt_id: int) -> tuple[Place, AttemptInfo]:
    found = papers.attempt(current_enrolment_id(), attempt_id)
    return papers.place_of(current_edition(), found.quiz_id), found


def _is_finished(found: AttemptInfo) -> bool:
    if found.submitted_at is None and rules.is_over(found.deadline, clock.now()):
        _finish(found)
        return True
    return found.submitted_at is not None


def _finish(found: AttemptInfo) -> None:
    with unit_of_work():
        commands.submit_attempt(found.id)


def _attempt_page(sheet: Sheet, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "quizzes/attempt.html",
        sheet=sheet,
        page=secrets.token_hex(4),
        form=Press(),
        until=_until(sheet.attempt),
    )
    return page, status


def _until(found: AttemptInfo) -> str:
    left = rules.time_left(found.deadline, clock.now())
    if found.deadline is None or left is None:
        return ""
    ends_at = found.deadline.astimezone(_zone(current_viewer(), current_edition()))
    return f"{queries.counted(int(left.total_seconds() // 60), 'minute')} left, until {ends_at:%H:%M}"


def _zone(viewer: Viewer, edition: EditionInfo) -> ZoneInfo:
    return ZoneInfo(viewer.zone if viewer.zone != "UTC" else edition.zone)


def _seed(text: str) -> str:
    return text if text.isalnum() and text.isascii() and len(text) <= 20 else ""  # noqa: PLR2004


def staff_links(viewer: Viewer, edition: EditionInfo, module_slug: str) -> Iterator[Markup]:
    """Offer staff the preview on a module's page."""
    if viewer.leads(module_slug) and module_slug in papers.quizzes(edition):
        yield Markup(render_template("quizzes/staff_links.html", module=module_slug))  # noqa: S704 - rendered with escapes


def closing_notice(edition: EditionInfo) -> Iterator[Markup]:
    """Say on the page that closes an edition what becomes of open attempts."""
    if count := queries.under_way(edition.id):
        yield Markup(render_template("quizzes/closing.html", count=count))  # noqa: S704 - rendered with escapes
