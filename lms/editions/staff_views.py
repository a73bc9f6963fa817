"""Pages of an edition's staff: more time for some, the course as a learner sees it, the closing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import preview
from lms.core.forms import Press
from lms.core.listing import number
from lms.core.permissions import permission
from lms.core.preview import ends_preview
from lms.core.viewer import EditionInfo, current_edition, current_viewer
from lms.editions import commands, extensions, setting_up, setup_views
from lms.editions.closing import dry_run
from lms.editions.extensions import More
from lms.editions.forms import Closing, Look, MoreTimeForm

# The feature's blueprint, with these pages on it.
blueprint = setup_views.blueprint


@blueprint.route("/e/<edition>/more-time", methods=["GET", "POST"])
@permission("editions.extend")
def more_time() -> ResponseReturnValue:
    """List who has more time, and give it to others, or to the learner whose page has led here."""
    edition, viewer, form = current_edition(), current_viewer(), MoreTimeForm()
    known = extensions.learner(edition.id, number("to")) if "to" in request.args else None
    named = {module.slug: module.title for module in setting_up.modules_of(edition.course_id)}
    led = [pair for pair in named.items() if viewer.leads(pair[0])]
    form.offer(led, extensions.countries_there(edition.id), all_modules=not viewer.modules)
    if known:
        del form.learner, form.country
    if form.validate_on_submit():
        with form.refusals():
            more = More(form.hours.data or 0, form.reason.data or "", form.module.data or None)
            extensions.grant(edition, viewer, more, **({"enrolment_id": known.id} if known else _whom(form)))
            flash("They have more time now.", "good")
            return redirect(url_for("editions.more_time"))
    lines = extensions.listing(edition.id)
    return render_template("editions/more_time.html", form=form, lines=lines, named=named, known=known), form.status


def _whom(form: MoreTimeForm) -> dict[str, Any]:
    learner = extensions.find_learner(current_edition().id, form.learner.data) if form.learner.data else None
    return {"enrolment_id": learner, "country": form.country.data or None}


@blueprint.post("/e/<edition>/more-time/<int:extension>/withdraw")
@permission("editions.extend")
def withdraw_more_time(extension: int) -> ResponseReturnValue:
    """Take an exception back."""
    extensions.withdraw(current_edition(), current_viewer(), extension)
    flash("The exception is withdrawn. An attempt that is under way keeps its time.", "good")
    return redirect(url_for("editions.more_time"))


@blueprint.route("/e/<edition>/preview", methods=["GET", "POST"])
@permission("staff")
@ends_preview
def look() -> ResponseReturnValue:
    """Begin to see the course as a learner of a given date does."""
    edition = current_edition()
    form = Look(data={"on": edition.starts_on})
    if form.validate_on_submit() and form.on.data:
        preview.begin(edition, form.on.data)
        return redirect(url_for("modules.course"))
    return render_template("editions/preview.html", form=form), form.status


@blueprint.post("/e/<edition>/preview/end")
@permission("staff")
@ends_preview
def end_look() -> ResponseReturnValue:
    """See everything as it is again."""
    preview.end()
    flash("You see everything as it is again.", "good")
    return redirect(url_for("editions.dashboard"))


def banner(edition: EditionInfo | None) -> Iterator[Markup]:
    """Say at the head of every page that somebody looks at the edition as a learner or a tutor would, and offer the way out."""
    at, tutor = g.get("preview"), g.get("tutor")
    if edition and (at or tutor):
        yield Markup(render_template("editions/banner.html", at=at, tutor=tutor))  # noqa: S704 - rendered with escapes


@blueprint.get("/e/<edition>/close")
@permission("editions.close")
def closing() -> ResponseReturnValue:
    """Show what closing the edition will do, before it is done."""
    return _dry_run([]), 200


@blueprint.post("/e/<edition>/close")
@permission("editions.close")
def close() -> ResponseReturnValue:
    """Close the edition, unless it is not as the page has shown it."""
    form = Closing()
    with form.refusals():
        commands.close_edition(current_edition().id, current_viewer(), form.numbers)
    if form.errors:
        return _dry_run(form.shown.errors), 409
    flash("The edition is closed: grades are final and certificates are on their way.", "good")
    return redirect(url_for("editions.dashboard"))


def _dry_run(changes: object) -> str:
    counts = dry_run(current_edition())
    shown = ",".join(str(count.value) for count in counts)
    return render_template("editions/close.html", form=Press(), shown=shown, changes=changes, counts=[(c.label, c.value) for c in counts])
