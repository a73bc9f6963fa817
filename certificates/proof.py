"""Data Integrity proofs with the suite eddsa-rdfc-2022 (https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from certificates.canonical import digest
from certificates.errors import DocumentError
from certificates.multibase import base58, from_base58

SUITE: Final = "eddsa-rdfc-2022"
PURPOSE: Final = "assertionMethod"


def with_proof(document: Mapping[str, Any], key: Ed25519PrivateKey, method: str, moment: datetime) -> dict[str, Any]:
    """Return the document with a proof made at a moment; `method` is the address at which the public key is found."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": instant(moment),
        "verificationMethod": method,
        "proofPurpose": PURPOSE,
    }
    signature = key.sign(_signed(document, proof))
    return {**document, "proof": {**proof, "proofValue": "z" + base58(signature)}}


def proof_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the only proof of a document; raise `DocumentError` if it isn't one of this suite and purpose."""
    proof = document.get("proof")
    if not isinstance(proof, dict):
        message = "the credential has no proof" if proof is None else "the credential has more than one proof, or none that can be read"
        raise DocumentError(message)
    wanted = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "proofPurpose": PURPOSE}
    for key, value in wanted.items():
        if proof.get(key) != value:
            message = f"the proof's {key} must be {value}"
            raise DocumentError(message)
    if not all(isinstance(proof.get(key), str) for key in ("proofValue", "verificationMethod", "created")):
        message = "the proof lacks its value, its key or its date"
        raise DocumentError(message)
    return proof


def proves(document: Mapping[str, Any], key: Ed25519PublicKey) -> bool:
    """Tell whether the document's proof was made by this key for exactly this document."""
    proof = proof_of(document)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    value = proof["proofValue"]
    if not value.startswith("z"):
        message = "the proof's value is not written in base 58"
        raise DocumentError(message)
    try:
        key.verify(from_base58(value[1:]), _signed(unsecured, options))
    except InvalidSignature:
        return False
    return True


def instant(moment: datetime) -> str:
    """Write a moment as XML Schema does, in UTC and whole seconds."""
    if moment.tzinfo is None:
        message = "a moment needs its time zone"
        raise ValueError(message)
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _signed(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    return digest({"@context": document.get("@context"), **options}) + digest(document)
