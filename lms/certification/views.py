"""The learner's pages about certificates: what is there or missing, downloads, and a link to show around."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.certification import commands, queries
from lms.certification.answers import download
from lms.core.permissions import permission
from lms.core.urls import absolute_url
from lms.core.viewer import current_edition, current_enrolment_id
from lms.gradebook.api import checklist

blueprint = Blueprint("certification", __name__, template_folder="templates")


@blueprint.get("/e/<edition>/certificate")
@permission("learner")
def mine() -> ResponseReturnValue:
    """Show a learner the certificates, or what is missing for the first one."""
    found = queries.mine(current_enrolment_id())
    there = any(certificate.kind == queries.COURSE for certificate in found)
    todo = [] if there or current_edition().is_closed else checklist(current_enrolment_id(), current_edition())
    links = {certificate.id: absolute_url("certification.shared", share=certificate.share) for certificate in found if certificate.share}
    return render_template("certification/mine.html", certificates=found, there=there, checklist=todo, links=links)


@blueprint.get("/e/<edition>/certificate/<int:certificate>.pdf")
@permission("learner")
def own_document(certificate: int) -> Response:
    """Send learners their own certificate."""
    number, body, _ = queries.own(current_enrolment_id(), certificate)
    return download(body, f"{number}.pdf")


@blueprint.get("/e/<edition>/certificate/<int:certificate>.json")
@permission("learner")
def own_credential(certificate: int) -> Response:
    """Send learners their own credential, which a wallet takes."""
    number, _, credential = queries.own(current_enrolment_id(), certificate)
    return download(credential, f"{number}.json")


@blueprint.post("/e/<edition>/certificate/<int:certificate>/share")
@permission("learner")
def share(certificate: int) -> ResponseReturnValue:
    """Make a link that shows a certificate to everybody who has it."""
    commands.share(current_enrolment_id(), certificate, on=True)
    flash("Everybody who has the link sees your certificate now.", "good")
    return redirect(url_for("certification.mine"))


@blueprint.post("/e/<edition>/certificate/<int:certificate>/unshare")
@permission("learner")
def unshare(certificate: int) -> ResponseReturnValue:
    """Switch that link off."""
    commands.share(current_enrolment_id(), certificate, on=False)
    flash("The link is switched off. Whoever opens it finds nothing.", "good")
    return redirect(url_for("certification.mine"))
