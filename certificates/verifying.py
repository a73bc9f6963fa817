"""Verifying: what holds of a certificate, what doesn't, and what can't be told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.contents import check_is_document, credential_from_json, credential_in, title_of
from certificates.document import Signature, signature_on
from certificates.errors import DocumentError
from certificates.facts import name_of
from certificates.keys import PublicKey
from certificates.multibase import from_multikey
from certificates.proof import proof_of, proves
from certificates.statuslist import Status, status_in

_DID_KEY: Final = "did:key:"


class Outcome(StrEnum):
    """What came out of one check."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, what came out, and a sentence about it."""

    about: str
    outcome: Outcome
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found out about a file; `credential` is empty if none could be read."""

    checks: tuple[Check, ...]
    credential: Mapping[str, Any]

    @property
    def outcome(self) -> Outcome:
        """Fails if one check fails, else unknown if something that matters can't be told, else holds."""
        outcomes = {check.outcome for check in self.checks}
        return next((worst for worst in (Outcome.FAILS, Outcome.UNKNOWN) if worst in outcomes), Outcome.HOLDS)


def verify_document(document: bytes, keys: Sequence[PublicKey], status_list: Mapping[str, Any] | None = None) -> Report:
    """Check a certificate as PDF: signature, credential, whether both say the same, who issued it, whether it was revoked.

    Raises `DocumentError` for a file that is no PDF.
    """
    check_is_document(document)
    checks = [_attempt("document", lambda: _signature(document, keys))]
    try:
        credential = credential_in(document)
    except DocumentError as error:
        return Report((*checks, Check("credential", Outcome.FAILS, str(error))), {})
    checks.append(_attempt("agreement", lambda: _agreement(document, credential, keys)))
    return Report((*checks, *_credential(credential, keys, status_list)), credential)


def verify_credential(credential: Mapping[str, Any], keys: Sequence[PublicKey], status_list: Mapping[str, Any] | None = None) -> Report:
    """Check a credential by itself: its proof, who issued it, whether it was revoked."""
    return Report(tuple(_credential(credential, keys, status_list)), credential)


def verify(file: bytes, keys: Sequence[PublicKey], status_list: Mapping[str, Any] | None = None) -> Report:
    """Check a file that is either a certificate as PDF or a credential as JSON; raise `DocumentError` for any other."""
    if file.lstrip()[:1] == b"{":
        return verify_credential(credential_from_json(file), keys, status_list)
    return verify_document(file, keys, status_list)


def _attempt(about: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except DocumentError as error:
        return Check(about, Outcome.FAILS, str(error))


def _signature(document: bytes, keys: Sequence[PublicKey]) -> Check:
    found = signature_on(document)
    if not found.intact:
        return Check("document", Outcome.FAILS, "the document was changed after it was signed: its signature doesn't fit")
    if not found.whole:
        return Check("document", Outcome.FAILS, "something was added to the document after it was signed")
    signer = found.certificate.subject.rfc4514_string()
    said = f"signed by {signer} on {found.moment:%d %B %Y, %H:%M} UTC{', with a time-stamp' * found.stamped}, unchanged since"
    if _signer(found, keys) is None:
        return Check("document", Outcome.UNKNOWN, f"{said}; but that signer is not known here")
    if not found.certificate.not_valid_before_utc <= found.moment <= found.certificate.not_valid_after_utc:
        return Check("document", Outcome.FAILS, f"{said}; but the signer's certificate was not valid then")
    return Check("document", Outcome.HOLDS, said)


def _signer(signature: Signature, keys: Sequence[PublicKey]) -> PublicKey | None:
    return next((key for key in keys if key.certificate == signature.certificate), None)


def _agreement(document: bytes, credential: Mapping[str, Any], keys: Sequence[PublicKey]) -> Check:
    name, title = name_of(credential), title_of(document)
    if not name or not title.endswith(f": {name}"):
        return Check("agreement", Outcome.FAILS, f"the document's title is {title!r}, but the credential is about {name!r}")
    signer, issuer = _signer(signature_on(document), keys), _issuer_of(credential)
    if signer is not None and signer.issuer != issuer:
        return Check("agreement", Outcome.FAILS, f"the document was signed by {signer.issuer}, but the credential is from {issuer}")
    return Check("agreement", Outcome.HOLDS, f"document and credential are both about {name}")


def _credential(credential: Mapping[str, Any], keys: Sequence[PublicKey], status_list: Mapping[str, Any] | None) -> Iterator[Check]:
    yield _attempt("credential", lambda: _proof(credential, keys))
    if str(_issuer_of(credential)).startswith(_DID_KEY):
        yield Check("key", Outcome.WARNING, "made with a development key: not a valid certificate")
    if status_list is not None:
        yield _attempt("status", lambda: _status(credential, status_list, keys))
    elif "credentialStatus" in credential:
        yield Check("status", Outcome.WARNING, "whether it was revoked wasn't looked at, for no status list was given")


def _proof(credential: Mapping[str, Any], keys: Sequence[PublicKey]) -> Check:
    issuer, known = _issuer_of(credential), _known(credential, keys)
    key = _key(credential, keys)
    if key is None:
        return Check("credential", Outcome.UNKNOWN, f"can't be checked: no key of {issuer} that fits is known here")
    if not proves(credential, key):
        return Check("credential", Outcome.FAILS, "the credential was changed after it was issued: its proof doesn't fit")
    if known is None:
        return Check("credential", Outcome.UNKNOWN, f"unchanged since it was issued; but its issuer {issuer} is not known here")
    return Check("credential", Outcome.HOLDS, f"issued by {known.name} ({issuer}), unchanged since")


def _status(credential: Mapping[str, Any], status_list: Mapping[str, Any], keys: Sequence[PublicKey]) -> Check:
    key = _key(status_list, keys)
    if key is None:
        return Check("status", Outcome.UNKNOWN, "the status list can't be checked: its issuer's key is not known here")
    if not proves(status_list, key):
        return Check("status", Outcome.FAILS, "the status list was changed after it was issued: its proof doesn't fit")
    match status_in(credential, status_list):
        case Status.REVOKED:
            return Check("status", Outcome.FAILS, "it was revoked")
        case Status.SUSPENDED:
            return Check("status", Outcome.FAILS, "it is suspended")
        case Status.UNKNOWN:
            return Check("status", Outcome.UNKNOWN, "this status list says nothing about it")
        case Status.VALID:
            return Check("status", Outcome.HOLDS, f"not revoked, as of {status_list.get('validFrom')}")


def _known(document: Mapping[str, Any], keys: Sequence[PublicKey]) -> PublicKey | None:
    method = proof_of(document)["verificationMethod"]
    return next((key for key in keys if key.method == method), None)


def _key(document: Mapping[str, Any], keys: Sequence[PublicKey]) -> Ed25519PublicKey | None:
    """Find the key that a document's proof names: a known one, or the one that a did:key is; refuse a proof by somebody else."""
    issuer, method = _issuer_of(document), proof_of(document)["verificationMethod"]
    if not isinstance(issuer, str) or method.partition("#")[0] != issuer:
        message = f"the proof was made by {method}, but the issuer is said to be {issuer}"
        raise DocumentError(message)
    known = _known(document, keys)
    if known is not None:
        return known.credential
    return from_multikey(issuer.removeprefix(_DID_KEY)) if issuer.startswith(_DID_KEY) else None


def _issuer_of(document: Mapping[str, Any]) -> object:
    issuer = document.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer
