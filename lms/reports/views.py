"""Pages about the report of an edition: its snapshots, what a snapshot says, and the documents made of it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.errors import Invalid
from lms.core.figures import pair, shown
from lms.core.limits import limited
from lms.core.listing import number
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.gradebook.api import ensure_settled
from lms.reports import commands, composing, layout, queries, register, rules, writing

blueprint = Blueprint("reports", __name__, template_folder="templates")
blueprint.add_app_template_global(shown, "figure_shown")
blueprint.add_app_template_global(pair, "figure_pair")
TYPES = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/e/<edition>/report/")
@permission("reports.manage")
def index() -> ResponseReturnValue:
    """List the chapters of the report and the snapshots of the edition."""
    edition = current_edition()
    ensure_settled(edition)
    found, more = queries.snapshots(edition.id, number("before"))
    texts = writing.texts(edition.id)
    return render_template("reports/index.html", snapshots=found, more=more, chapters=layout.CHAPTERS, texts=texts)


@blueprint.post("/e/<edition>/report/snapshots")
@permission("reports.manage")
@limited(30, 600)
def take() -> ResponseReturnValue:
    """Take a snapshot of everything that the report tells."""
    found = commands.take_snapshot(current_edition().id, current_viewer())
    flash("The snapshot is taken.", "good")
    return redirect(url_for("reports.look", snapshot=found))


@blueprint.get("/e/<edition>/report/snapshots/<int:snapshot>")
@permission("reports.manage")
def look(snapshot: int) -> ResponseReturnValue:
    """Show what a snapshot says, what has moved since, where the texts contradict it, and the documents made of it."""
    edition = current_edition()
    found = queries.snapshot(edition.id, snapshot)
    texts = {key: text.text for key, text in writing.texts(edition.id).items()}
    return render_template(
        "reports/snapshot.html",
        snapshot=found,
        moved=list(rules.moved(found.contents, register.contents(edition.id))),
        findings=composing.findings(found.contents, texts),
        chapters=layout.CHAPTERS,
        documents=queries.documents(snapshot),
    )


@blueprint.get("/e/<edition>/report/snapshots/<int:snapshot>/report")
@permission("reports.manage")
def read(snapshot: int) -> ResponseReturnValue:
    """Show the report as it is now: this snapshot with the newest texts."""
    edition = current_edition()
    found = queries.snapshot(edition.id, snapshot)
    texts = {key: text.text for key, text in writing.texts(edition.id).items()}
    report = composing.compose(found.contents, found.taken_at, found.digest, texts)
    return render_template("reports/read.html", report=report, snapshot=found)


@blueprint.post("/e/<edition>/report/snapshots/<int:snapshot>/documents")
@permission("reports.manage")
@limited(60, 600)
def ask(snapshot: int) -> ResponseReturnValue:
    """Have a document made."""
    found, form = queries.snapshot(current_edition().id, snapshot), request.form.get("form", "")
    if form not in commands.FORMS:
        message = "Please choose HTML, PDF or DOCX."
        raise Invalid(message)
    commands.ask_for(found.edition_id, current_viewer(), found.id, form)
    return redirect(url_for("reports.look", snapshot=snapshot, _anchor="documents"))


@blueprint.get("/e/<edition>/report/documents/<int:document>")
@permission("reports.manage")
def file(document: int) -> ResponseReturnValue:
    """Send a document, and note that it was taken."""
    edition = current_edition()
    form, body = queries.document(edition.id, document)
    commands.note_taken(edition.id, current_viewer(), document)
    response = Response(body, mimetype=TYPES[form])
    response.headers.set("Content-Disposition", "attachment", filename=f"report-{edition.slug}.{form}")
    return response
