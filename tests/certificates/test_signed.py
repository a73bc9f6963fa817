"""The signed document: accepted by other programs, and any change to it is seen."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates import AwardError, DocumentError, KeysError, StampError
from certificates.contents import title_of
from certificates.credential import credential_text
from certificates.facts import differences
from certificates.issuing import Issued, issue
from certificates.keymaking import Issuer, make_key
from certificates.keys import KeyRing
from certificates.samples import sample_awards
from certificates.signing import sign
from certificates.verifying import Outcome, Report, verify, verify_credential
from tests.certificates.factories import MOMENT, award
from tests.certificates.tools import poppler, program

SAMPLES = sample_awards()
LARGEST = 110_000
OTHER = Issuer("Other Centre", "https://other.example.org")


def outcomes(report: Report) -> dict[str, Outcome]:
    """Return the outcome of each check."""
    return {check.about: check.outcome for check in report.checks}


def said(report: Report) -> str:
    """Return all sentences."""
    return " | ".join(check.said for check in report.checks)


def test_poppler_finds_a_valid_signature_over_the_whole_document(document: Path) -> None:
    """`pdfsig` is written by others."""
    shown = program("pdfsig", "-nocert", str(document))
    assert "Signature is Valid." in shown
    assert "Total document signed" in shown
    assert "Signature Type: ETSI.CAdES.detached" in shown
    assert "Signer Certificate Common Name: Regional Centre" in shown


def test_poppler_gives_the_credential_back(issued: Issued, document: Path, tmp_path: Path) -> None:
    """The file in the document is the credential, byte for byte."""
    program("pdfdetach", "-savefile", "credential.json", "-o", str(tmp_path / "out.json"), str(document))
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == credential_text(issued.credential)


def test_signing_keeps_the_marks_of_archive_and_access(issued: Issued) -> None:
    """The signature is added after the document as it was; its widget takes no room on the page and is printable."""
    assert issued.document.count(b"%%EOF") == 2
    added = issued.document[issued.document.index(b"%%EOF") + 5 :]
    assert b"/Metadata 7" in added
    assert b"<x:xmpmeta" not in added
    assert b"/Rect [ 0 0 0 0 ]" in added
    assert b"/F 132" in added
    assert b"/Tabs /S" in added
    described = issued.document[: issued.document.index(b"%%EOF")]
    for mark in (b"<pdfaid:part>3<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<", b"/AFRelationship/Data", b"/Suspects false"):
        assert mark in described


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_holds_in_every_respect(ring: KeyRing, name: str) -> None:
    """Whatever the script: signed, proved, and of one mind about the name."""
    made = issue(SAMPLES[name], ring.current, MOMENT)
    report = verify(made.document, ring.keys)
    assert outcomes(report) == dict.fromkeys(("document", "agreement", "credential"), Outcome.HOLDS), said(report)
    assert report.outcome == Outcome.HOLDS
    assert title_of(made.document).endswith(f": {SAMPLES[name].recipient}")
    assert differences(report.credential, SAMPLES[name]) == {}
    assert len(made.document) <= LARGEST


def test_only_the_signature_differs_between_two_runs(ring: KeyRing) -> None:
    """Page and credential follow from the award, the key and the moment."""
    one, two = (issue(award(), ring.current, MOMENT) for _ in range(2))
    end = one.document.index(b"%%EOF")
    assert one.credential == two.credential
    assert one.document[:end] == two.document[:end]


def test_a_certificate_outlives_its_key(tmp_path: Path, ring: KeyRing) -> None:
    """A new key signs from now on; what the old one signed still holds."""
    old = make_key(tmp_path / "keys", OTHER, MOMENT, 10)
    made = issue(award(), old.current, MOMENT)
    new = make_key(tmp_path / "keys", OTHER, MOMENT + timedelta(days=20))
    assert verify(made.document, new.keys).outcome == Outcome.HOLDS
    assert verify(made.document, [new.current.public]).outcome == Outcome.UNKNOWN
    assert verify(made.document, ring.keys).outcome == Outcome.UNKNOWN


def test_a_development_key_is_seen_everywhere(development_ring: KeyRing) -> None:
    """On the page, in the credential, in the signature and in the report."""
    made = issue(award(), development_ring.current, MOMENT)
    assert "Development key: not valid" in poppler("pdftotext", "-", "-", document=made.document).decode()
    report = verify(made.document, development_ring.keys)
    assert outcomes(report)["key"] == Outcome.WARNING
    assert "CN=Development key: not valid" in said(report)
    assert verify(made.document, ()).outcome == Outcome.UNKNOWN


def test_no_changed_bit_goes_unseen(issued: Issued, ring: KeyRing) -> None:
    """Wherever a bit changes, also where the signature itself stands, the report fails and nothing breaks."""
    chance = random.Random(5)
    start, end = issued.document.index(b"/Contents <"), issued.document.index(b"/ByteRange")
    places = [chance.randrange(len(issued.document)) for _ in range(120)] + [chance.randrange(start, end) for _ in range(60)]
    for place in places:
        changed = bytearray(issued.document)
        changed[place] ^= 1 << chance.randrange(8)
        try:
            assert verify(bytes(changed), ring.keys).outcome == Outcome.FAILS, place
        except DocumentError:
            assert place < len(b"%PDF-")


def test_what_is_added_or_cut_off_is_seen(issued: Issued, ring: KeyRing) -> None:
    """An update after the signature, however harmless, and a torn file."""
    end, updated = len(issued.document), BytesIO(issued.document)
    writer = IncrementalPdfFileWriter(updated)
    writer.root["/PageMode"] = generic.NameObject("/UseOutlines")
    writer.update_root()  # type: ignore[no-untyped-call] # published half typed
    writer.write_in_place()  # type: ignore[no-untyped-call] # as above
    assert "something was added to the document" in said(verify(updated.getvalue(), ring.keys))
    assert verify(issued.document + b"%", ring.keys).outcome == Outcome.FAILS
    for cut in (end - 10, end - 3_000, end // 2, 1_000, 9):
        assert verify(issued.document[:cut], ring.keys).outcome == Outcome.FAILS


def test_a_document_signed_anew_by_somebody_else_is_not_known(issued: Issued, ring: KeyRing, development_ring: KeyRing) -> None:
    """Neither is one that carries a genuine credential of somebody else."""
    unsigned = issued.document[: issued.document.index(b"%%EOF") + 6]
    forged = sign(unsigned, development_ring.current, MOMENT)
    assert outcomes(verify(forged, ring.keys))["document"] == Outcome.UNKNOWN
    both = verify(forged, (*ring.keys, *development_ring.keys))
    assert outcomes(both)["agreement"] == Outcome.FAILS
    assert "but the credential is from did:web:learn.example.org" in said(both)


def test_what_was_changed_is_told(issued: Issued, ring: KeyRing) -> None:
    """Against the genuine award, each difference by name."""
    changed = json.loads(credential_text(issued.credential).replace("86.50", "96.50").replace("Renée", "Renate"))
    assert verify_credential(changed, ring.keys).outcome == Outcome.FAILS
    assert differences(changed, SAMPLES["latin"]) == {
        "Name": ("Renate Kõrbíčková-Ångström", "Renée Kõrbíčková-Ångström"),
        "Final average": ("96.50", "86.50"),
    }


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        *((b"", "no PDF"), (b"GIF89a", "no PDF"), (b"[]", "no PDF"), (b"{", "no JSON")),
        (b"%PDF-" + b" " * 20_000_000, "no certificate is larger"),
    ],
)
def test_a_file_of_another_kind_is_refused(file: bytes, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        verify(file, ())


def test_a_pdf_that_is_no_certificate_fails(ring: KeyRing) -> None:
    report = verify(b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF", ring.keys)
    assert report.outcome == Outcome.FAILS
    assert "holds no credential" in said(report)


def test_an_unfit_key_or_document_is_refused_before_anything_is_made(ring: KeyRing) -> None:
    with pytest.raises(KeysError, match="expired on"):
        issue(award(), ring.current, MOMENT + timedelta(days=500))
    with pytest.raises(DocumentError, match="can't be signed"):
        sign(b"no document", ring.current, MOMENT)
    with pytest.raises(AwardError, match="can't be drawn"):
        issue(award(recipient="Ana 😀"), ring.current, MOMENT)


class Refusing(TimeStamper):
    """An authority that can't be reached."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:  # noqa: ARG002 - pyHanko's signature
        """Refuse."""
        message = "connection refused"
        raise TimestampRequestError(message)


def test_an_authority_may_stamp_the_time(ring: KeyRing) -> None:
    """With its stamp the signature is PAdES B-T, and still small."""
    key = rsa.generate_private_key(65_537, 2_048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Authority")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, MOMENT, MOMENT + timedelta(days=9))
    certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    parsed = asn1.Certificate.load(certificate), asn1_keys.PrivateKeyInfo.load(private)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call] # as above
    authority = DummyTimeStamper(*parsed, fixed_dt=MOMENT, certs_to_embed=store)
    made = issue(award(), ring.current, MOMENT, authority=authority)
    report = verify(made.document, ring.keys)
    assert outcomes(report)["document"] == Outcome.HOLDS
    assert "with a time-stamp" in said(report)
    assert len(made.document) <= LARGEST


def test_an_authority_that_is_away_stops_the_issue(ring: KeyRing) -> None:
    """Nothing is issued without the stamp that was asked for; the worker tries again."""
    with pytest.raises(StampError, match="connection refused"):
        issue(award(), ring.current, MOMENT, authority=Refusing())  # type: ignore[no-untyped-call] # published half typed
