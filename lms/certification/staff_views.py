"""The staff's pages about certificates: the list with states and progress, one with what was done with it, all as an archive."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from lms.certification import commands, public_views, queries, signing
from lms.certification.answers import download, zipped
from lms.certification.forms import Revocation
from lms.certification.queries import Choice
from lms.certification.rules import Act, Status
from lms.core import audit, clock
from lms.core.forms import Press
from lms.core.listing import number as whole
from lms.core.listing import text
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer

blueprint = public_views.blueprint


@blueprint.get("/e/<edition>/certificates/")
@permission("certification.manage")
def listing() -> ResponseReturnValue:
    """List the certificates of the edition with their states, and how far issuing is."""
    edition, status = current_edition(), request.args.get("status", "")
    choice = Choice(status if status in set(Status) else "", text("q"), whole("after") or 0)
    lines = queries.listing(edition.id, choice)
    shown, more = lines[: queries.PAGE], lines[queries.PAGE - 1].certificate.id if len(lines) > queries.PAGE else None
    whose = queries.people([line.certificate.id for line in shown])
    subject, what = (f"certificates after {choice.after}", edition.id), "the list of certificates with names and numbers"
    audit.seen(current_viewer(), "certificate.list", subject, whose, what=what, edition_id=edition.id)
    facts = {"tally": queries.tally(edition.id), "troubles": queries.troubles(edition.id), "key": signing.current(), "now": clock.now()}
    return render_template("certification/listing.html", lines=shown, more=more, choice=choice, statuses=list(Status), **facts)


@blueprint.get("/e/<edition>/certificates/<int:certificate>")
@permission("certification.manage")
def one(certificate: int) -> ResponseReturnValue:
    """Show a certificate, its versions, and what can be done with it."""
    return _page(certificate, Revocation(), 200)


def _page(certificate: int, form: Revocation, status: int) -> ResponseReturnValue:
    story = queries.story(current_edition().id, certificate)
    subject, whose = ("certificate", certificate), queries.people([certificate])
    audit.seen(current_viewer(), "certificate.look", subject, whose, what="the certificate", edition_id=current_edition().id)
    return render_template("certification/one.html", story=story, certificate=story.certificate, form=form, act=Act), status


@blueprint.get("/e/<edition>/certificates/<int:certificate>.pdf")
@permission("certification.manage")
def document(certificate: int) -> Response:
    """Send the staff a learner's certificate, and note that they took it."""
    edition = current_edition()
    number, body = queries.document(edition.id, certificate)
    subject, whose = ("certificate", certificate), queries.people([certificate])
    audit.seen(current_viewer(), "certificate.download", subject, whose, what="the certificate", edition_id=edition.id)
    return download(body, f"{number}.pdf")


@blueprint.get("/e/<edition>/certificates/all.zip")
@permission("certification.manage")
def archive() -> Response:
    """Send all valid certificates of the edition in one archive, and note that they were taken."""
    edition = current_edition()
    subject, whose, what = ("edition", edition.id), queries.owners(edition.id), "the certificate"
    audit.seen(current_viewer(), "certificate.archive", subject, whose, what=what, edition_id=edition.id, filter="valid")
    files = ((f"{number}.pdf", body) for number, body in queries.valid_documents(edition.id))
    return download(stream_with_context(zipped(files)), f"certificates-{edition.slug}.zip")


@blueprint.post("/e/<edition>/certificates/<int:certificate>/revoke")
@permission("certification.manage")
def revoke(certificate: int) -> ResponseReturnValue:
    """Revoke a certificate with a reason that everybody can read."""
    form = Revocation()
    if not form.validate_on_submit():
        return _page(certificate, form, form.status)
    commands.revoke(current_edition(), certificate, current_viewer(), form.reason.data or "")
    flash("The certificate is revoked: whoever verifies it reads the reason.", "good")
    return redirect(url_for("certification.one", certificate=certificate))


@blueprint.post("/e/<edition>/certificates/<int:certificate>/restore")
@permission("certification.manage")
def restore(certificate: int) -> ResponseReturnValue:
    """Let a revoked certificate be valid again."""
    if Press().validate_on_submit():
        commands.restore(current_edition(), certificate, current_viewer())
        flash("The certificate is valid again.", "good")
    return redirect(url_for("certification.one", certificate=certificate))


@blueprint.post("/e/<edition>/certificates/<int:certificate>/reissue")
@permission("certification.manage")
def reissue(certificate: int) -> ResponseReturnValue:
    """Have a new version made, with the name as it is now."""
    new = certificate
    if Press().validate_on_submit():
        new = commands.reissue(current_edition(), certificate, current_viewer())
        flash("The new version is being made. Once it is issued, the one before is superseded.", "good")
    return redirect(url_for("certification.one", certificate=new))
