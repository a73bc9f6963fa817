"""Pages on which the texts of a report are written."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core.errors import NotFound
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.reports import composing, layout, queries, register, views, writing
from lms.reports.forms import ChapterForm, SampleForm
from lms.reports.rules import Contents

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint


@blueprint.route("/e/<edition>/report/chapters/<chapter>", methods=["GET", "POST"])
@permission("reports.manage")
@limited(120, 600)
def write(chapter: str) -> ResponseReturnValue:
    """Write the text of a chapter, beside what is computed there."""
    edition, title = current_edition(), _title(chapter)
    held = writing.texts(edition.id).get(chapter)
    contents = _contents()
    suggested = composing.suggested(contents, chapter)
    form = ChapterForm(data={"text": held.text if held else suggested, "version": str(held.version if held else 0)})
    if form.validate_on_submit():
        with form.refusals():
            writing.write(edition.id, current_viewer(), chapter, form.text.data or "", form.version.data or "", suggested)
            flash("The text is saved.", "good")
            return redirect(url_for("reports.write", chapter=chapter))
    stale, typed = bool(form.version.errors), form.text.data or ""
    form.version.data = str(held.version if held else 0)  # who has read what changed may send the same again
    drawn = composing.chapter(contents, chapter, typed)
    return render_template("reports/write.html", form=form, key=chapter, title=title, held=held, stale=stale, drawn=drawn), form.status


@blueprint.post("/e/<edition>/report/chapters/<chapter>/preview")
@permission("reports.manage")
@limited(120, 60)
def preview(chapter: str) -> ResponseReturnValue:
    """Give a text as it will look, with what the records contradict, as a piece of a page."""
    _title(chapter)
    form = SampleForm()
    if not form.validate_on_submit():
        return Markup("<p>{}</p>").format(" ".join(form.text.errors or ["Please load the page again."]))
    return render_template("reports/sample.html", drawn=composing.chapter(_contents(), chapter, form.text.data or ""))


@blueprint.get("/e/<edition>/report/chapters/<chapter>/history")
@permission("reports.manage")
def history(chapter: str) -> ResponseReturnValue:
    """List the versions of a chapter's text."""
    found = writing.history(current_edition().id, _title(chapter) and chapter)
    return render_template("reports/history.html", key=chapter, title=_title(chapter), versions=found)


def _title(chapter: str) -> str:
    if chapter not in layout.CHAPTERS:
        message = "The report has no such chapter."
        raise NotFound(message)
    return layout.CHAPTERS[chapter]


def _contents() -> Contents:
    """Give what the newest snapshot holds, or what one taken now would."""
    edition = current_edition()
    newest = queries.newest(edition.id)
    return register.contents(edition.id) if newest is None else queries.snapshot(edition.id, newest).contents
