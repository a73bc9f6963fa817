"""What an issuer publishes of its keys: the did:web document and the JSON Web Key Set."""

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.keys import PublicKey
from certificates.multibase import base64url, multikey

_COORDINATE = 32


def did_document(issuer: str, keys: Sequence[PublicKey]) -> dict[str, Any]:
    """Return the document that did:web finds at `/.well-known/did.json`; every key of this issuer verifies, old ones too."""
    own = [key for key in keys if key.issuer == issuer]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer,
        "verificationMethod": [
            {"id": key.method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": multikey(key.credential)} for key in own
        ],
        "assertionMethod": [key.method for key in own],
    }


def key_set(keys: Sequence[PublicKey]) -> dict[str, Any]:
    """Return all public keys as a JSON Web Key Set, those of documents with their certificates."""
    return {"keys": [described for key in keys for described in (_credential_key(key), _document_key(key))]}


def _credential_key(key: PublicKey) -> dict[str, Any]:
    x = base64url(key.credential.public_bytes_raw())
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.id, "x": x}


def _document_key(key: PublicKey) -> dict[str, Any]:
    public = key.certificate.public_key()
    if not isinstance(public, EllipticCurvePublicKey):
        message = f"the certificate of key {key.id} holds no ECDSA key"
        raise TypeError(message)
    x, y = (base64url(number.to_bytes(_COORDINATE)) for number in (public.public_numbers().x, public.public_numbers().y))
    chain = [_base64(certificate.public_bytes(Encoding.DER)) for certificate in key.chain]
    return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": f"{key.id}-pdf", "x": x, "y": y, "x5c": chain}


def _base64(data: bytes) -> str:
    text = base64url(data).replace("-", "+").replace("_", "/")
    return text + "=" * (-len(text) % 4)
