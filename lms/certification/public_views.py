"""Pages for everybody: verifying by number, by link, by dropping the file; and what programs read of the keys."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.verifier import page_for
from lms.certification import checking, queries, rules, signing, views
from lms.certification.answers import download, published
from lms.certification.checking import MOST_BYTES
from lms.certification.forms import Upload
from lms.core.errors import NotFound
from lms.core.limits import limited
from lms.core.permissions import permission

blueprint = views.blueprint
LONGEST = 60


def _ask(status: int, form: Upload | None = None, **shown: Any) -> ResponseReturnValue:
    values = {"typed": "", "wrong": False, "sound": True, **shown}
    return render_template("certification/ask.html", form=form or Upload(), most=MOST_BYTES, **values), status


@blueprint.get("/verify/")
@permission("public")
def ask() -> ResponseReturnValue:
    """Ask for a certificate's number, or for its file."""
    typed = request.args.get("number", "")[:LONGEST]
    if typed.strip():
        return redirect(url_for("certification.verify", number=rules.normal(typed)))
    return _ask(200)


@blueprint.get("/verify/<number>")
@permission("public")
@limited(60, 60, methods=("GET",))
def verify(number: str) -> ResponseReturnValue:
    """Tell anybody whether a certificate with this number was issued, what it is worth, and what it prints."""
    meant = rules.normal(number[:LONGEST])
    found = queries.by_number(meant)
    if found is None:
        return _ask(404, typed=number[:LONGEST], wrong=True, sound=rules.sound(meant))
    return render_template("certification/verify.html", certificate=found, checked=None)


@blueprint.post("/verify/file")
@permission("public")
@limited(20, 60)
def verify_file() -> ResponseReturnValue:
    """Tell anybody whether a file is a certificate that was issued here, and what differs if it is not the same."""
    form = Upload()
    if form.validate_on_submit():
        with form.refusals():
            checked = checking.check(form.uploaded("file", MOST_BYTES, "No certificate is.")[1])
            return render_template("certification/verify.html", certificate=checked.certificate, checked=checked)
    return _ask(form.status, form)


@blueprint.get("/verify/offline.html")
@permission("public")
def offline() -> Response:
    """Send the page that verifies without this platform, made out for its keys."""
    return download(page_for(signing.described()), "verify-certificates.html")


@blueprint.get("/shared/<share>")
@permission("public")
@limited(60, 60, methods=("GET",))
def shared(share: str) -> ResponseReturnValue:
    """Show a certificate to everybody who has its owner's link."""
    found = queries.by_share(share)
    if found is None:
        message = "Nothing is shown at this address."
        raise NotFound(message, remedy="The owner of the certificate may have switched the link off: ask for a new one.")
    return render_template("certification/shared.html", certificate=found)


@blueprint.get("/shared/<share>/certificate.pdf")
@permission("public")
@limited(60, 60, methods=("GET",))
def shared_document(share: str) -> Response:
    """Send the certificate that its owner shows around."""
    number, body, _ = queries.shared(share)
    return download(body, f"{number}.pdf")


@blueprint.get("/shared/<share>/credential.json")
@permission("public")
@limited(60, 60, methods=("GET",))
def shared_credential(share: str) -> Response:
    """Send the credential that its owner shows around."""
    number, _, credential = queries.shared(share)
    return download(credential, f"{number}.json")


@blueprint.get("/.well-known/did.json")
@permission("public")
def did() -> Response:
    """Tell programs whose keys sign credentials (did:web)."""
    return _text(signing.DID)


@blueprint.get("/.well-known/jwks.json")
@permission("public")
def jwks() -> Response:
    """Give programs all public keys as a JSON Web Key Set."""
    return _text(signing.JWKS)


@blueprint.get("/.well-known/issuer.json")
@permission("public")
def issuer() -> Response:
    """Give all public keys with their certificates, as `python -m certificates verify --keys` reads them."""
    return published(signing.issuer_text())


@blueprint.get("/status/<int(max=2147483647):number>")
@permission("public")
def status_list(number: int) -> Response:
    """Tell programs which credentials are not valid any more (Bitstring Status List)."""
    return published(queries.status_list(number))


def _text(name: str) -> Response:
    body = signing.text(name)
    if not body:
        message = "There is no key of the issuer's own yet: certificates are specimens."
        raise NotFound(message)
    return published(body)
