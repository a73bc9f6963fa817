"""The issuer's keys: a folder with one folder a key, of which one signs and all verify.

Each key is a pair: ECDSA on P-256 with an X.509 certificate signs documents (PAdES), Ed25519 signs credentials. A retired key
needs only its public files, `key.json` and `certificate.pem`; its private ones may be destroyed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from certificates.errors import DocumentError, KeysError
from certificates.multibase import from_multikey, multikey

CURRENT: Final = "current"
ABOUT, CERTIFICATE, SIGNING, CREDENTIAL = "key.json", "certificate.pem", "signing.pem", "credential.pem"
_FIELDS: Final = {"id", "issuer", "name", "address", "development", "publicKeyMultibase", "certificates"}


@dataclass(frozen=True, slots=True, eq=False)
class PublicKey:
    """What anybody may know of a key, and what verifying needs."""

    id: str
    issuer: str
    name: str
    address: str
    development: bool
    credential: Ed25519PublicKey
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The issuer's own certificate; those of authorities follow it in the chain."""
        return self.chain[0]

    @property
    def method(self) -> str:
        """The address of the key that checks credentials, as their proofs name it."""
        return f"{self.issuer}#{self.issuer.removeprefix('did:key:') if self.development else self.id}"

    def described(self) -> dict[str, Any]:
        """Return the key as JSON, to hand to whoever verifies."""
        return {
            "id": self.id,
            "issuer": self.issuer,
            "name": self.name,
            "address": self.address,
            "development": self.development,
            "publicKeyMultibase": multikey(self.credential),
            "certificates": [certificate.public_bytes(Encoding.PEM).decode() for certificate in self.chain],
        }


@dataclass(frozen=True, slots=True, eq=False)
class SigningKey:
    """The key that signs now, both halves parsed once."""

    public: PublicKey
    signing: EllipticCurvePrivateKey
    credential: Ed25519PrivateKey

    def check(self, moment: datetime) -> None:
        """Raise `KeysError` unless the certificate is valid at a moment."""
        certificate = self.public.certificate
        if moment < certificate.not_valid_before_utc:
            message = f"key {self.public.id} is not valid before {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
            raise KeysError(message)
        if moment > certificate.not_valid_after_utc:
            message = f"key {self.public.id} expired on {certificate.not_valid_after_utc:%Y-%m-%d}; make a new one"
            raise KeysError(message)


@dataclass(frozen=True, slots=True, eq=False)
class KeyRing:
    """The current key and all public ones, the newest first."""

    current: SigningKey
    keys: tuple[PublicKey, ...]


def load_keys(folder: Path) -> KeyRing:
    """Read a folder of keys; raise `KeysError` with what is wrong and what would help."""
    keys = {key.id: key for key in load_public_keys(folder)}
    current = _text(folder / CURRENT).strip()
    if current not in keys:
        message = f"{folder / CURRENT} names the key {current!r}, which isn't there"
        raise KeysError(message)
    return KeyRing(_signing_key(folder / current, keys[current]), tuple(sorted(keys.values(), key=lambda key: key.id, reverse=True)))


def load_public_keys(folder: Path) -> tuple[PublicKey, ...]:
    """Read the public half of every key in a folder, or of a file that `described_keys` wrote."""
    if folder.is_file():
        return public_keys_from_json(_text(folder))
    if not folder.is_dir():
        message = f"{folder} isn't there; make keys with: python -m certificates keys {folder} --help"
        raise KeysError(message)
    found = sorted(path.parent for path in folder.glob(f"*/{ABOUT}"))
    if not found:
        message = f"{folder} holds no key; make one with: python -m certificates keys {folder} --help"
        raise KeysError(message)
    return tuple(_public_key(path) for path in found)


def described_keys(keys: Sequence[PublicKey]) -> str:
    """Write public keys as JSON, for those who verify elsewhere."""
    return json.dumps({"keys": [key.described() for key in keys]}, ensure_ascii=False, indent=2) + "\n"


def public_keys_from_json(text: str) -> tuple[PublicKey, ...]:
    """Read what `described_keys` wrote; raise `KeysError` for anything else."""
    try:
        given = json.loads(text)
        return tuple(_described(key) for key in given["keys"])
    except (ValueError, KeyError, TypeError) as error:
        message = f"that is no file of public keys: {error}"
        raise KeysError(message) from error


def _public_key(folder: Path) -> PublicKey:
    try:
        about = json.loads(_text(folder / ABOUT))
        return _described({**about, "certificates": [_text(folder / CERTIFICATE)]})
    except (ValueError, KeyError, TypeError) as error:
        message = f"{folder} is no key: {error}"
        raise KeysError(message) from error


def _described(about: Mapping[str, Any]) -> PublicKey:
    if set(about) != _FIELDS:
        message = f"its fields must be {', '.join(sorted(_FIELDS))}"
        raise ValueError(message)
    chain = x509.load_pem_x509_certificates("".join(about["certificates"]).encode())
    if not isinstance(chain[0].public_key(), EllipticCurvePublicKey):
        message = "its certificate holds no ECDSA key"
        raise DocumentError(message)
    return PublicKey(
        id=str(about["id"]),
        issuer=str(about["issuer"]),
        name=str(about["name"]),
        address=str(about["address"]),
        development=about["development"] is True,
        credential=from_multikey(about["publicKeyMultibase"]),
        chain=tuple(chain),
    )


def _signing_key(folder: Path, public: PublicKey) -> SigningKey:
    signing, credential = _private(folder / SIGNING), _private(folder / CREDENTIAL)
    if not isinstance(signing, EllipticCurvePrivateKey) or signing.public_key() != public.certificate.public_key():
        message = f"{folder / SIGNING} doesn't belong to {folder / CERTIFICATE}"
        raise KeysError(message)
    if not isinstance(credential, Ed25519PrivateKey) or credential.public_key() != public.credential:
        message = f"{folder / CREDENTIAL} doesn't belong to {folder / ABOUT}"
        raise KeysError(message)
    return SigningKey(public, signing, credential)


def _private(path: Path) -> object:
    try:
        return load_pem_private_key(_text(path).encode(), password=None)
    except (ValueError, TypeError) as error:
        message = f"{path} holds no private key in PEM without a password"
        raise KeysError(message) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} can't be read: {error.strerror if isinstance(error, OSError) else 'it is no text'}"
        raise KeysError(message) from error
