"""Pages of the staff: what is asked, who has not answered, and what came of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms.core import audit, clock
from lms.core.domain import Person
from lms.core.errors import NotFound
from lms.core.limits import limited
from lms.core.listing import file, text
from lms.core.permissions import authorize, permission
from lms.core.viewer import current_edition, current_viewer
from lms.modules.api import modules
from lms.questionnaires import catalogue, commands, overview, permissions, queries, reading, results, views
from lms.questionnaires.forms import NewQuestionnaire, Tag, change_form, items_of
from lms.questionnaires.values import Info

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint
DESK = "/e/<edition>/questionnaires/desk"
ONE = f"{DESK}/{views.ID}"
MOST_NAMES = 200


@blueprint.get(DESK)
@permission("questionnaires.run")
def desk() -> ResponseReturnValue:
    """List the edition's questionnaires with how many have answered."""
    found = _own()
    counts = queries.responses(found)
    return render_template("questionnaires/desk.html", found=found, counts=counts, now=clock.now())


@blueprint.get(f"{DESK}/satisfaction")
@permission("questionnaires.run")
def satisfaction() -> ResponseReturnValue:
    """Show the satisfaction that all questionnaires tell, by module, day, aspect and gender."""
    found = overview.summaries(_own(), _titles())
    return render_template("questionnaires/satisfaction.html", found=found, percent=results.percent, now=clock.now())


@blueprint.get(f"{DESK}/satisfaction.csv")
@permission("questionnaires.run")
def satisfaction_csv() -> ResponseReturnValue:
    """Send what the page shows as CSV."""
    return file(overview.table(overview.summaries(_own(), _titles())), "Satisfaction", "csv")


@blueprint.get(f"{DESK}/satisfaction.xlsx")
@permission("questionnaires.run")
def satisfaction_xlsx() -> ResponseReturnValue:
    """Send what the page shows as XLSX."""
    return file(overview.table(overview.summaries(_own(), _titles())), "Satisfaction", "xlsx")


def _titles() -> dict[str, str]:
    return {found.slug: f"{found.number} {found.title}" for found in modules(current_edition())}


def _own() -> list[Info]:
    """List the questionnaires that the viewer may run."""
    viewer = current_viewer()
    return [found for found in queries.of_edition(current_edition().id) if permissions.run(viewer, found)]


def _one(questionnaire: int) -> Info:
    """Read the questionnaire of the address; refuse who may not run it."""
    found = reading.info(questionnaire, current_edition().id)
    authorize("questionnaires.run", found)
    return found


@blueprint.route(f"{DESK}/new", methods=["GET", "POST"])
@permission("questionnaires.run")
@limited(60, 600)
def new() -> ResponseReturnValue:
    """Ask something."""
    edition, form = current_edition(), NewQuestionnaire()
    form.offer(
        {name: template.title for name, template in catalogue.templates().items()},
        {name: audience.label for name, audience in catalogue.audiences(edition.id).items()},
        _subjects(),
    )
    if form.validate_on_submit():
        with form.refusals():
            made = _create(form)
            flash("The questionnaire is planned. It opens by itself.", "good")
            return redirect(url_for("questionnaires.one", questionnaire=made))
    return render_template("questionnaires/new.html", form=form), form.status


def _subjects() -> dict[str, str]:
    """Name the modules that the viewer may ask about, and none in particular where that is allowed."""
    return {slug: name for slug, name in {"": "none", **_titles()}.items() if permissions.leads(current_viewer(), slug)}


def _create(form: NewQuestionnaire) -> int:
    edition = current_edition()
    times = form.times(edition.zone)
    return commands.create(
        edition.id,
        form.template.data,
        times["title"],
        form.whom,
        times["opens_at"],
        times["closes_at"],
        form.module.data or "",
        form.day.data,
        current_viewer(),
    )


@blueprint.get(ONE)
@permission("questionnaires.run")
def one(questionnaire: int) -> ResponseReturnValue:
    """Show how many have answered, who has not, and, once it is over, what came of it."""
    found = _one(questionnaire)
    came = results.results(found, text("tag"))
    silent = commands.silent(found) if found.state(clock.now()) == "open" else []
    names = _seen(found, silent)
    return render_template("questionnaires/one.html", **_shown(found), came=came, silent=names, more=len(silent) - len(names))


def _seen(found: Info, silent: list[int]) -> list[str]:
    """Name those who have not answered, and put the look on record."""
    people = dict(queries.names(silent, MOST_NAMES))
    if people:
        whose = select(Person.id).where(Person.id.in_(people))
        what = f"who has not answered “{found.title}”"
        audit.seen(current_viewer(), "questionnaires.look", ("questionnaire", found.id), whose, what=what, edition_id=found.edition_id)
    return list(people.values())


def _shown(found: Info) -> dict[str, object]:
    return {
        "found": found,
        "response": queries.response(found),
        "state": found.state(clock.now()),
        "percent": results.percent,
        "about": f"Day {found.day} of the workshop" if found.day else _titles().get(found.module, ""),
        "audience": catalogue.audiences(found.edition_id).get(found.audience),
        "tag": text("tag"),
    }


@blueprint.get(f"{ONE}/results.csv")
@permission("questionnaires.run")
def results_file(questionnaire: int) -> ResponseReturnValue:
    """Send what the page shows as CSV."""
    found = _one(questionnaire)
    came = results.results(found)
    if not came.shown:
        message = "There are no results to be shown."
        raise NotFound(message)
    return file(results.table(came), "Questionnaire", "csv")


@blueprint.route(f"{ONE}/change", methods=["GET", "POST"])
@permission("questionnaires.run")
def change(questionnaire: int) -> ResponseReturnValue:
    """Change the times, and until the first answer the questions."""
    edition = current_edition()
    found = _one(questionnaire)
    form = change_form(found, edition.zone, begun=commands.begun(found.id))
    if form.validate_on_submit() and (items := items_of(form, found.items)) is not None:
        with form.refusals():
            typed = form.version.data or ""
            version = int(typed) if typed.isdecimal() and len(typed) <= 9 else 0  # noqa: PLR2004 - what an INTEGER holds
            commands.change(found.id, version, form.times(edition.zone), items, current_viewer())
            flash("Saved.", "good")
            return redirect(url_for("questionnaires.one", questionnaire=found.id))
    return render_template("questionnaires/change.html", form=form, found=found), form.status


@blueprint.post(f"{ONE}/close")
@permission("questionnaires.run")
def close(questionnaire: int) -> ResponseReturnValue:
    """End a questionnaire now."""
    commands.close(_one(questionnaire).id, current_viewer())
    flash("The questionnaire is closed.", "good")
    return redirect(url_for("questionnaires.one", questionnaire=questionnaire))


@blueprint.post(f"{ONE}/remind")
@permission("questionnaires.run")
def remind(questionnaire: int) -> ResponseReturnValue:
    """Write to who has not answered."""
    count = commands.remind(_one(questionnaire).id, current_viewer())
    flash(f"A reminder is on its way to {count} {'person' if count == 1 else 'people'}.", "good")
    return redirect(url_for("questionnaires.one", questionnaire=questionnaire))


@blueprint.post(f"{ONE}/comments/<sheet>")
@permission("questionnaires.run")
def tag(questionnaire: int, sheet: str) -> ResponseReturnValue:
    """Put a word on a comment."""
    found, form = _one(questionnaire), Tag()
    if not form.validate():
        message = "; ".join(error for errors in form.errors.values() for error in errors)
        flash(message, "bad")
        return redirect(url_for("questionnaires.one", questionnaire=questionnaire))
    commands.tag(found.id, sheet, form.key.data or "", form.word.data or "", current_viewer())
    return redirect(url_for("questionnaires.one", questionnaire=questionnaire, tag=request.args.get("tag"), _anchor="comments"))
