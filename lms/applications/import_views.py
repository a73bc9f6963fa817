"""Pages on which nominees are imported: a file is taken in, looked at, and imported as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.applications import importing, nominees, sheets, staff_views
from lms.applications.forms import Reading, Upload
from lms.applications.sheets import MOST_BYTES
from lms.core.forms import whole
from lms.core.limits import limited
from lms.core.listing import file as sent
from lms.core.permissions import permission
from lms.core.spreadsheet import Value
from lms.core.viewer import current_edition, current_viewer

# The feature's blueprint, with these pages on it.
blueprint = staff_views.blueprint
SHOWN = 200  # more faults stand in the file of errors


@blueprint.route("/e/<edition>/applications/import", methods=["GET", "POST"])
@permission("applications.decide")
@limited(30, 600)
def imports() -> ResponseReturnValue:
    """Take a file of nominees in, and list those that were."""
    edition, form = current_edition(), Upload()
    if form.validate_on_submit():
        with form.refusals():
            name, body = form.uploaded("file", MOST_BYTES, "Please split it.")
            found = importing.upload(edition, current_viewer(), name, body)
            return redirect(url_for("applications.import_file", file=found))
    files = importing.recent(edition.id)
    return render_template("applications/imports.html", form=form, files=files, columns=nominees.COLUMNS), form.status


@blueprint.get("/e/<edition>/applications/import/<int:file>")
@permission("applications.decide")
def import_file(file: int) -> ResponseReturnValue:
    """Show what is in a file, what is wrong with it, or how far its import is."""
    found = importing.one(current_edition().id, file)
    return _page(found, Reading(data={"encoding": found.encoding, "separator": found.separator}))


def _page(found: importing.Seen, form: Reading) -> ResponseReturnValue:
    labels = {"encoding": sheets.ENCODINGS[found.encoding], "separator": sheets.SEPARATORS[found.separator]}
    first = importing.sample(found.id)
    return render_template("applications/import.html", found=found, form=form, first=first, shown=SHOWN, **labels), form.status


@blueprint.post("/e/<edition>/applications/import/<int:file>/read")
@permission("applications.decide")
@limited(60, 600)
def reread(file: int) -> ResponseReturnValue:
    """Read a file in another encoding, or with another separator."""
    form = Reading()
    if form.validate_on_submit():
        with form.refusals():
            importing.look_again(current_edition(), file, form.encoding.data, form.separator.data)
            return redirect(url_for("applications.import_file", file=file))
    return _page(importing.one(current_edition().id, file), form)


@blueprint.post("/e/<edition>/applications/import/<int:file>/start")
@permission("applications.decide")
def start_import(file: int) -> ResponseReturnValue:
    """Let the worker import a file without faults."""
    importing.start(current_edition(), current_viewer(), file, whole(request.form.get("people")))
    flash("The import has begun.", "good")
    return redirect(url_for("applications.import_file", file=file))


@blueprint.get("/e/<edition>/applications/import/<int:file>/errors.csv")
@permission("applications.decide")
def import_errors(file: int) -> ResponseReturnValue:
    """Send what is wrong with a file, row by row."""
    return sent(_errors(importing.one(current_edition().id, file)), "Errors", "csv")


def _errors(found: importing.Seen) -> Iterator[Sequence[Value]]:
    yield ("Row", "Column", "Value", "Error")
    yield from ((fault.row, fault.column, fault.value, fault.why) for fault in found.faults)


@blueprint.get("/e/<edition>/applications/import/template.csv")
@permission("applications.decide")
def import_template() -> ResponseReturnValue:
    """Send a file to begin with."""
    return sent(nominees.template(), "Nominees", "csv")
