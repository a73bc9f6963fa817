"""Making keys: a new pair becomes the current one, those before it go on verifying."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from certificates.errors import KeysError
from certificates.keys import ABOUT, CERTIFICATE, CREDENTIAL, CURRENT, SIGNING, KeyRing, load_keys
from certificates.lettering import printed
from certificates.multibase import multikey

REQUEST: Final = "request.csr"
YEARS_5: Final = 5 * 365 + 1
DEVELOPMENT: Final = "Development key: not valid"
_ADDRESS: Final = re.compile(r"https?://(?P<host>[A-Za-z0-9.-]+)(?::(?P<port>[0-9]+))?/?")
_LONGEST_NAME: Final = 64
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues: a name to read, and the web address that publishes the keys."""

    name: str
    address: str
    development: bool = False


def make_key(folder: Path, issuer: Issuer, moment: datetime, days: int = YEARS_5) -> KeyRing:
    """Make a key and its self-signed certificate, valid from a moment on, and let it be the current one from now on.

    Beside it lies a request with which an authority can certify the same key; put its answer in the place of `certificate.pem`.
    A development key is its own issuer (did:key), and says so in its certificate.
    """
    host = _ADDRESS.fullmatch(issuer.address)
    if host is None:
        message = f"{issuer.address!r} is no web address such as https://learn.example.org"
        raise KeysError(message)
    if not printed(issuer.name):
        message = "the issuer needs a name"
        raise KeysError(message)
    signing, credential = ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()
    public = multikey(credential.public_key())
    about = {
        "id": f"{moment:%Y%m%d-%H%M%S}-{sha256(public.encode()).hexdigest()[:6]}",
        "issuer": f"did:key:{public}" if issuer.development else _did_web(host),
        "name": issuer.name,
        "address": issuer.address.rstrip("/"),
        "development": issuer.development,
        "publicKeyMultibase": public,
    }
    name = _name(issuer)
    _write(
        folder / str(about["id"]),
        {
            ABOUT: json.dumps(about, ensure_ascii=False, indent=2).encode() + b"\n",
            CERTIFICATE: _certificate(name, signing, moment, days).public_bytes(Encoding.PEM),
            REQUEST: x509.CertificateSigningRequestBuilder().subject_name(name).sign(signing, hashes.SHA256()).public_bytes(Encoding.PEM),
            SIGNING: _pem(signing),
            CREDENTIAL: _pem(credential),
        },
    )
    _point_at(folder, str(about["id"]))
    return load_keys(folder)


def _did_web(address: re.Match[str]) -> str:
    port = f"%3A{address['port']}" if address["port"] else ""
    return f"did:web:{address['host'].lower()}{port}"


def _name(issuer: Issuer) -> x509.Name:
    organisation = printed(issuer.name)[:_LONGEST_NAME]
    common = DEVELOPMENT if issuer.development else organisation
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(name: x509.Name, key: ec.EllipticCurvePrivateKey, moment: datetime, days: int) -> x509.Certificate:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment)
        .not_valid_after(moment + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _pem(key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write the whole folder or nothing, for the owner's eyes alone."""
    part = folder.with_name(f".{folder.name}.part")
    part.mkdir(mode=0o700, parents=True)
    try:
        for name, content in files.items():
            _write_private(part / name, content)
        part.replace(folder)
    except OSError:
        shutil.rmtree(part)
        raise


def _write_private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _point_at(folder: Path, key: str) -> None:
    part = folder / f".{CURRENT}.{key}"
    _write_private(part, f"{key}\n".encode())
    part.replace(folder / CURRENT)
