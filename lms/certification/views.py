"""Pages about certificates: the learner's, the staff's, and the public one that verifies a number."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.certification import queries, rules
from lms.core import audit
from lms.core.errors import NotFound
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.gradebook.api import checklist

blueprint = Blueprint("certification", __name__, template_folder="templates")
LONGEST = 60


@blueprint.get("/e/<edition>/certificate")
@permission("learner")
def mine() -> ResponseReturnValue:
    """Show a learner the certificate, or what is missing for it."""
    found = queries.of_enrolment(current_enrolment_id())
    todo = [] if found else checklist(current_enrolment_id(), current_edition())
    return render_template("certification/mine.html", certificate=found, checklist=todo)


@blueprint.get("/e/<edition>/certificate.pdf")
@permission("learner")
def download() -> ResponseReturnValue:
    """Send learners their own certificate."""
    found = queries.of_enrolment(current_enrolment_id())
    if found is None:
        message = "You have no certificate in this edition."
        raise NotFound(message)
    return _pdf(*queries.document(current_edition().id, found.id))


def _pdf(number: str, body: bytes) -> Response:
    response = Response(body, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return response


@blueprint.get("/e/<edition>/certificates/")
@permission("certification.manage")
def listing() -> ResponseReturnValue:
    """List the certificates of the edition with their states."""
    text = request.args.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST // 4 else 0
    lines = queries.listing(current_edition().id, after)
    more = lines[queries.PAGE - 1].id if len(lines) > queries.PAGE else None
    edition, shown = current_edition(), queries.people([line.id for line in lines[: queries.PAGE]])
    what = "the list of certificates with names and numbers"
    audit.seen(current_viewer(), "certificate.list", (f"certificates after {after}", edition.id), shown, what=what, edition_id=edition.id)
    counts = queries.counts(edition.id)
    return render_template("certification/listing.html", lines=lines[: queries.PAGE], more=more, counts=counts)


@blueprint.get("/e/<edition>/certificates/<int:certificate>.pdf")
@permission("certification.manage")
def document(certificate: int) -> ResponseReturnValue:
    """Send the staff a learner's certificate, and note that they took it."""
    edition = current_edition()
    number, body = queries.document(edition.id, certificate)
    subject, whose = ("certificate", certificate), queries.people([certificate])
    audit.seen(current_viewer(), "certificate.download", subject, whose, what="the certificate", edition_id=edition.id)
    return _pdf(number, body)


@blueprint.get("/verify/")
@permission("public")
def ask() -> ResponseReturnValue:
    """Ask for a certificate's number."""
    typed = request.args.get("number", "")[:LONGEST]
    if typed.strip():
        return redirect(url_for("certification.verify", number=rules.normal(typed)))
    return render_template("certification/ask.html", typed="", wrong=False, sound=True)


@blueprint.get("/verify/<number>")
@permission("public")
@limited(60, 60, methods=("GET",))
def verify(number: str) -> ResponseReturnValue:
    """Tell anybody whether a certificate with this number was issued, and what it prints."""
    meant = rules.normal(number[:LONGEST])
    found = queries.by_number(meant)
    if found is None:
        return render_template("certification/ask.html", typed=number[:LONGEST], wrong=True, sound=rules.sound(meant)), 404
    return render_template("certification/verify.html", certificate=found)
