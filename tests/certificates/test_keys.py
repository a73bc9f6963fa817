"""Keys: made into a folder for the owner alone, rotated without losing the old ones, and refused with a reason when unfit."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from certificates import KeysError
from certificates.keymaking import Issuer, make_key
from certificates.keys import KeyRing, PublicKey, described_keys, load_keys, load_public_keys, public_keys_from_json
from certificates.published import did_document, key_set
from tests.certificates.factories import ADDRESS, MOMENT, key_ring
from tests.certificates.tools import python

LATER = MOMENT + timedelta(days=300)


def test_a_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Files are 0600 and the folder 0700, whatever the umask."""
    ring = key_ring(tmp_path / "keys")
    folder = tmp_path / "keys" / ring.current.public.id
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert files == dict.fromkeys(("certificate.pem", "credential.pem", "key.json", "request.csr", "signing.pem"), 0o600)


def test_a_certificate_says_who_signs_and_what_for(tmp_path: Path) -> None:
    """P-256, for signatures that can't be denied, no authority, for the days asked for."""
    certificate = key_ring(tmp_path / "keys").current.public.certificate
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=400)
    assert certificate.subject.rfc4514_string() == "CN=Regional Centre,O=Regional Centre"


def test_a_development_key_says_so(tmp_path: Path) -> None:
    """Its certificate is named so, and it is its own issuer."""
    key = key_ring(tmp_path / "keys", development=True).current.public
    assert key.certificate.subject.rfc4514_string() == "CN=Development key: not valid,O=Regional Centre"
    assert key.issuer.startswith("did:key:z6Mk")
    assert key.method == f"{key.issuer}#{key.issuer.removeprefix('did:key:')}"


@pytest.mark.parametrize(
    ("address", "issuer"),
    [
        ("https://learn.example.org/", "did:web:learn.example.org"),
        ("https://Learn.Example.org:8443", "did:web:learn.example.org%3A8443"),
    ],
)
def test_an_address_becomes_an_issuer(tmp_path: Path, address: str, issuer: str) -> None:
    assert make_key(tmp_path / "keys", Issuer("Centre", address), MOMENT).current.public.issuer == issuer


@pytest.mark.parametrize("issuer", [Issuer("Centre", "learn.example.org"), Issuer("Centre", f"{ADDRESS}/path"), Issuer(" ", ADDRESS)])
def test_an_issuer_without_name_or_address_is_refused(tmp_path: Path, issuer: Issuer) -> None:
    with pytest.raises(KeysError):
        make_key(tmp_path / "keys", issuer, MOMENT)
    assert not (tmp_path / "keys").exists()


def test_a_new_key_signs_and_old_ones_go_on_verifying(tmp_path: Path) -> None:
    """The newest is current; the others are published still."""
    old = key_ring(tmp_path / "keys").current.public
    ring = key_ring(tmp_path / "keys", moment=LATER)
    assert ring.current.public.id != old.id
    assert [key.id for key in ring.keys] == [ring.current.public.id, old.id]
    methods = [method["id"] for method in did_document(old.issuer, ring.keys)["verificationMethod"]]
    assert methods == [f"did:web:learn.example.org#{key.id}" for key in ring.keys]


def test_a_retired_key_needs_no_private_half(tmp_path: Path) -> None:
    """What can no longer be stolen can no longer sign."""
    old = key_ring(tmp_path / "keys").current.public
    key_ring(tmp_path / "keys", moment=LATER)
    for name in ("signing.pem", "credential.pem"):
        (tmp_path / "keys" / old.id / name).unlink()
    assert old.id in {key.id for key in load_keys(tmp_path / "keys").keys}


def test_public_keys_survive_the_way_to_whoever_verifies(ring: KeyRing) -> None:
    """Written and read again they are the same, and hold nothing private."""
    text = described_keys(ring.keys)
    assert [key.described() for key in public_keys_from_json(text)] == [key.described() for key in ring.keys]
    assert "PRIVATE" not in text


def test_the_key_set_has_both_halves_and_the_certificate(ring: KeyRing) -> None:
    credential, document = key_set(ring.keys)["keys"]
    assert (credential["kty"], credential["crv"], document["kty"], document["crv"]) == ("OKP", "Ed25519", "EC", "P-256")
    assert "d" not in credential | document
    assert len(document["x"]) == len(document["y"]) == 43
    assert document["x5c"][0] in ring.current.public.certificate.public_bytes(Encoding.PEM).decode().replace("\n", "")


def test_an_authority_may_certify_the_same_key(tmp_path: Path) -> None:
    """The request carries the key; the answer, with the authority's own certificate, takes the place of the self-signed one."""
    folder = tmp_path / "keys" / key_ring(tmp_path / "keys").current.public.id
    request = x509.load_pem_x509_csr((folder / "request.csr").read_bytes())
    authority = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority")])
    made = [
        x509.CertificateBuilder(name, subject, key, x509.random_serial_number(), MOMENT, LATER).sign(authority, hashes.SHA256())
        for subject, key in ((request.subject, request.public_key()), (name, authority.public_key()))
    ]
    (folder / "certificate.pem").write_bytes(b"".join(certificate.public_bytes(Encoding.PEM) for certificate in made))
    assert load_keys(tmp_path / "keys").current.public.chain == tuple(made)


def spoil(name: str, content: str) -> Callable[[Path, PublicKey], None]:
    """Write something else into a file of the key."""

    def write(folder: Path, key: PublicKey) -> None:
        (folder / key.id / name).write_text(content)

    return write


def take(name: str) -> Callable[[Path, PublicKey], None]:
    """Take the place of a file with that of another key."""

    def exchange(folder: Path, key: PublicKey) -> None:
        other = key_ring(folder.with_name("other")).current.public
        (folder / key.id / name).write_bytes((folder.with_name("other") / other.id / name).read_bytes())

    return exchange


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (lambda folder, _: (folder / "current").unlink(), "current can't be read: No such file"),
        (lambda folder, _: (folder / "current").write_text("none"), "names the key 'none', which isn't there"),
        (lambda folder, key: (folder / key.id / "signing.pem").unlink(), "signing.pem can't be read"),
        (lambda folder, key: (folder / key.id / "key.json").unlink(), "holds no key; make one with"),
        (spoil("signing.pem", "none"), "holds no private key in PEM"),
        (spoil("credential.pem", "none"), "holds no private key in PEM"),
        (spoil("key.json", "none"), "is no key"),
        (spoil("key.json", "{}"), "its fields must be"),
        (spoil("certificate.pem", "none"), "is no key"),
        (take("signing.pem"), "doesn't belong to"),
        (take("credential.pem"), "doesn't belong to"),
        (take("certificate.pem"), "doesn't belong to"),
    ],
)
def test_keys_that_do_not_fit_are_refused(tmp_path: Path, spoiled: Callable[[Path, PublicKey], None], said: str) -> None:
    """The message names the file and what is wrong with it."""
    key = key_ring(tmp_path / "keys").current.public
    spoiled(tmp_path / "keys", key)
    with pytest.raises(KeysError, match=said):
        load_keys(tmp_path / "keys")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="isn't there; make keys with"):
        load_keys(tmp_path / "none")
    (tmp_path / "file").write_text(json.dumps({"keys": [{}]}))
    with pytest.raises(KeysError, match="no file of public keys"):
        load_public_keys(tmp_path / "file")


def test_a_key_signs_only_while_it_is_valid(ring: KeyRing) -> None:
    """Neither before nor after; the message says what to do."""
    ring.current.check(MOMENT)
    with pytest.raises(KeysError, match="is not valid before 2026-10-05 12:00 UTC"):
        ring.current.check(MOMENT - timedelta(seconds=1))
    with pytest.raises(KeysError, match="expired on 2027-11-09; make a new one"):
        ring.current.check(MOMENT + timedelta(days=401))


def test_a_full_disk_leaves_no_half_a_key(tmp_path: Path) -> None:
    """The old key stays the current one."""
    old = key_ring(tmp_path / "keys").current.public
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)); from certificates.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    ended = python(
        "-c", limited, "keys", str(tmp_path / "keys"), "--name", "Centre", "--address", ADDRESS, "--from", "2026-10-06"
    )
    assert (ended.returncode, "File too large" in ended.stderr) == (2, True)
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == sorted([old.id, "current"])
    assert load_keys(tmp_path / "keys").current.public.id == old.id
