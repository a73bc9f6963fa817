"""Certificates that count: signed by the issuer's own key, revoked and restored, replaced by new versions, shared, taken away."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from certificates.contents import credential_from_json
from certificates.keys import public_keys_from_json
from certificates.statuslist import LENGTH, Status, status_in
from certificates.verifying import Outcome, verify
from lms.certification import checking, commands, issuing, queries, rules, signing
from lms.certification.answers import zipped
from lms.certification.models import Certificate, StatusList
from lms.certification.rules import Act
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Person
from lms.core.mail import OutgoingMail
from lms.core.viewer import edition_by_id
from tests.certification import factories as made
from tests.core import factories

LIGHT = """
import sys
from pathlib import Path
from lms.app import create_app
from lms.settings import Settings
create_app(Settings(data=Path(sys.argv[1]), database_url="sqlite:////" + sys.argv[1] + "/x", secret_key="s" * 40))
print(*sys.modules)
"""


@pytest.fixture
def certificate(course: Course, own_key: str) -> queries.CertificateInfo:
    """Issue a certificate that counts."""
    assert own_key
    edition_id = made.edition(course)
    enrolment_id = made.learner(edition_id, {"module1": 7}, name="Ana Lim", printed_name="Ana Lim")
    made.close(edition_id)
    found = queries.of_enrolment(enrolment_id)
    assert found is not None
    return found


def edition_of(certificate: queries.CertificateInfo) -> tuple[str, int]:
    """Give the address of a certificate's edition, and its id."""
    edition_id = db.session.get_one(Certificate, certificate.id).edition_id
    return f"/e/{factories.slug_of(edition_id)}", edition_id


def test_the_web_process_stays_small(tmp_path: object) -> None:
    """Nothing that signs is imported before there is something to sign."""
    done = subprocess.run([sys.executable, "-c", LIGHT, str(tmp_path)], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"lms.certification.public_views", "certificates.contents"} <= loaded
    heavy = {"certificates.keys", "certificates.credential", "certificates.signing", "lms.certification.press", "pyhanko", "pyld"}
    assert not heavy & loaded


def test_what_is_issued_holds_for_whoever_verifies(certificate: queries.CertificateInfo, client: FlaskClient) -> None:
    """PDF and credential verify with the published keys and the status list, which is where the credential says it is."""
    _, pdf, credential = queries.own(certificate.enrolment_id, certificate.id)
    keys = public_keys_from_json(client.get("/.well-known/issuer.json").text)
    entry = json.loads(credential)["credentialStatus"]
    path = entry["statusListCredential"].removeprefix("http://localhost")
    listed = json.loads(client.get(path).text)
    for file in (pdf, credential.encode()):
        report = verify(file, keys, listed)
        assert {check.outcome for check in report.checks} == {Outcome.HOLDS}, report.checks
    did = json.loads(client.get("/.well-known/did.json").text)
    assert did["id"] == "did:web:localhost"
    assert json.loads(credential)["proof"]["verificationMethod"] in did["assertionMethod"]
    assert {key["crv"] for key in json.loads(client.get("/.well-known/jwks.json").text)["keys"]} == {"Ed25519", "P-256"}
    row = db.session.get_one(Certificate, certificate.id)
    assert (int(entry["statusListIndex"]), rules.PLACES) == (row.place, LENGTH)
    assert not certificate.award["development"]
    assert len(pdf) < 110_000
    assert "did:web:localhost" in client.get("/verify/offline.html").text


def test_what_programs_read_may_be_kept_a_while(certificate: queries.CertificateInfo, client: FlaskClient) -> None:
    """It is public, readable from other sites, and not sent twice."""
    assert certificate.issued_at
    number = db.session.scalars(select(StatusList.id)).one()
    for path in ("/.well-known/did.json", "/.well-known/jwks.json", f"/status/{number}"):
        first = client.get(path)
        assert first.headers["Cache-Control"] == "public, max-age=300"
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"/status/{number + 9}").status_code == 404


def test_revoked_and_restored(certificate: queries.CertificateInfo, client: FlaskClient, signed_in: Callable[[int], FlaskClient]) -> None:
    """The reason stands on the public page, the list of today says so, its owner gets a mail; all of it is undone again."""
    base, edition_id = edition_of(certificate)
    staff, here = signed_in(factories.person(administrator=True)), f"{base}/certificates/{certificate.id}"
    assert staff.post(f"{here}/revoke", data={"reason": ""}).status_code == 422
    assert "U+202E" in staff.post(f"{here}/revoke", data={"reason": "a\u202eb"}).text
    assert staff.post(f"{here}/revoke", data={"reason": "Somebody else took the quiz."}).status_code == 302
    assert staff.post(f"{here}/revoke", data={"reason": "Again."}).status_code == 409
    assert staff.post(f"{here}/reissue").status_code == 409
    page = client.get(f"/verify/{certificate.number}").text
    assert ("revoked" in page, "Somebody else took the quiz." in page, "is valid" in page) == (True, True, False)
    assert listed(certificate) == Status.REVOKED
    assert queries.counts(edition_id).issued == 0
    assert db.session.scalars(queries.certified(edition_id)).all() == []
    assert queries.revoked(edition_id, queries.COURSE) == {certificate.enrolment_id}
    person = staff.get(f"{base}/people/{certificate.enrolment_id}").text
    assert f"{certificate.number}: Somebody else took the quiz." in person
    assert "Your certificate was revoked" in signed_in(factories.person_of(certificate.enrolment_id)).get(f"{base}/dashboard").text
    assert staff.post(f"{here}/restore").status_code == 302
    assert staff.post(f"{here}/restore").status_code == 409
    assert "This certificate is valid" in client.get(f"/verify/{certificate.number}").text
    assert (listed(certificate), queries.revoked(edition_id, queries.COURSE)) == (Status.VALID, frozenset())
    assert db.session.scalars(queries.certified(edition_id)).all() == [certificate.enrolment_id]
    mails = select(OutgoingMail.kind).where(OutgoingMail.kind.startswith("certification.")).order_by(OutgoingMail.id)
    assert db.session.scalars(mails).all() == ["certification.issued", "certification.revoked", "certification.restored"]
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.about_id == factories.person_of(certificate.enrolment_id))).all()
    assert {"certificate.revoke", "certificate.restore"} <= set(acts)


def listed(certificate: queries.CertificateInfo) -> Status:
    """Tell what the status list says of a certificate."""
    (body,) = queries.status_lists().values()
    return status_in(json.loads(queries.credential_of(certificate.id)), json.loads(body))


def test_an_older_status_list_never_takes_the_place_of_a_newer_one(
    certificate: queries.CertificateInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that signs slowly is overtaken by one that knows of a revocation: what it signed is dropped."""
    edition, viewer = edition_by_id(edition_of(certificate)[1]), factories.viewer_of(certificate.enrolment_id)
    sign = signing.press().status_list

    def slowly(*facts: object) -> str:
        monkeypatch.setattr(signing.press(), "status_list", sign)
        body: str = sign(*facts)
        with unit_of_work():
            commands.revoke(edition, certificate.id, viewer, "While the list is being signed.")
        return body

    monkeypatch.setattr(signing.press(), "status_list", slowly)
    with unit_of_work():
        issuing.touch(db.session.get_one(Certificate, certificate.id).status_list_id)
    assert listed(certificate) == Status.REVOKED
    assert db.session.scalars(select(StatusList.state)).all() == ["done"]


def test_a_new_version_takes_the_place_of_the_old_one(
    certificate: queries.CertificateInfo, client: FlaskClient, signed_in: Callable[[int], FlaskClient]
) -> None:
    """A corrected name is printed on a new version; the old link says superseded, its owner's link leads to the new one."""
    base, edition_id = edition_of(certificate)
    owner = factories.person_of(certificate.enrolment_id)
    learner, staff = signed_in(owner), signed_in(factories.person(administrator=True))
    learner.post(f"{base}/certificate/{certificate.id}/share")
    found = queries.of_enrolment(certificate.enrolment_id)
    assert found is not None
    with unit_of_work():
        db.session.get_one(Person, owner).printed_name = "Anna Lim"
    assert "name changed" in staff.get(f"{base}/certificates/?status=valid&q=ana").text
    assert staff.post(f"{base}/certificates/{certificate.id}/reissue").status_code == 302
    new = queries.of_enrolment(certificate.enrolment_id)
    assert new is not None
    assert (new.version, new.award["recipient"], new.number != certificate.number) == (2, "Anna Lim", True)
    assert new.award["final_average"] == certificate.award["final_average"]
    old = client.get(f"/verify/{certificate.number}").text
    assert ("superseded" in old, "Ana Lim" in old, new.number in old) == (True, True, False)
    assert "This certificate is valid" in client.get(f"/verify/{new.number}").text
    assert "Anna Lim" in client.get(f"/shared/{found.share}").text
    assert (listed(certificate), listed(new)) == (Status.REVOKED, Status.VALID)
    assert queries.counts(edition_id) == queries.Counts(requested=1, issued=1, with_error=0)
    for act in ("revoke", "reissue", "restore"):
        assert staff.post(f"{base}/certificates/{certificate.id}/{act}", data={"reason": "Late."}).status_code == 409
    assert new.number in staff.get(f"{base}/certificates/{certificate.id}").text
    assert staff.get(f"{base}/certificates/?status=superseded").text.count(certificate.number) == 1


def test_while_a_new_version_is_made_the_old_one_stays(certificate: queries.CertificateInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full holds the new version up; nothing is superseded, and nothing can be done twice meanwhile."""
    edition = edition_by_id(edition_of(certificate)[1])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(signing.press(), "make", full)
        with unit_of_work():
            new = commands.reissue(edition, certificate.id, factories.viewer_of(certificate.enrolment_id))
    before = queries.story(edition.id, certificate.id)
    assert (before.certificate.status, before.acts) == (rules.Status.VALID, frozenset())
    assert queries.troubles(edition.id) == [("OSError: [Errno 28] No space left on device", 1)]
    assert [found.version for found in queries.mine(certificate.enrolment_id)] == [1, 2]
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert issuing.issue(new)
    assert queries.story(edition.id, certificate.id).certificate.status == rules.Status.SUPERSEDED


def test_a_link_to_share_can_be_switched_off(
    certificate: queries.CertificateInfo, client: FlaskClient, signed_in: Callable[[int], FlaskClient]
) -> None:
    """Only its owner makes it; switched off it leads nowhere, and a new one is another one."""
    base, _ = edition_of(certificate)
    learner, other = signed_in(factories.person_of(certificate.enrolment_id)), signed_in(factories.person())
    here = f"{base}/certificate/{certificate.id}"
    assert other.post(f"{here}/share").status_code == 403
    shares = []
    for _ in range(2):
        assert learner.post(f"{here}/share").status_code == 302
        found = queries.of_enrolment(certificate.enrolment_id)
        assert found is not None
        address = f"/shared/{found.share}"
        shares.append(address)
        assert address in learner.get(f"{base}/certificate").text
        assert "Ana Lim" in client.get(address).text
        assert client.get(f"{address}/certificate.pdf").data.startswith(b"%PDF")
        assert json.loads(client.get(f"{address}/credential.json").text)["type"][1] == "OpenBadgeCredential"
        assert learner.post(f"{here}/unshare").status_code == 302
        assert {client.get(address + rest).status_code for rest in ("", "/certificate.pdf", "/credential.json")} == {404}
    assert len(set(shares)) == 2


def test_files_are_checked(certificate: queries.CertificateInfo, client: FlaskClient) -> None:
    """The very file is genuine; of a changed one it is said what differs; of anything else, that it is none."""
    _, pdf, credential = queries.own(certificate.enrolment_id, certificate.id)
    forged = credential.replace("Ana Lim", r"Eve \ud800 Lim")
    unknown = credential.replace(certificate.number, "SMALL-0000-0000-0000")
    tampered = pdf.replace(b"EmbeddedFile", b"EmbeddedFilf")
    cases: list[tuple[bytes, int, str]] = [
        (pdf, 200, "This file is genuine"),
        (credential.encode(), 200, "This file is genuine"),
        (json.dumps(json.loads(credential)).encode(), 200, "This file is genuine"),
        (pdf + b"\n%", 200, "it is not the same file"),
        (forged.encode(), 200, "Eve"),
        (credential.replace('"proofValue": "z', '"proofValue": "y').encode(), 200, "it is not the same file"),
        (unknown.encode(), 200, "no certificate with it was issued here"),
        (rb'{"credentialSubject": {"licenseNumber": "\ud800\u0000"}}', 200, "It names no number"),
        (tampered, 422, "holds no credential"),
        (b"%PDF-1.7 hello", 422, "holds no credential"),
        (b"PK\x03\x04 a picture", 422, "no PDF document"),
        (b"", 422, "no PDF document"),
        (b"{" * 5000, 422, "no JSON that can be read"),
        (b"%PDF-" + b"x" * checking.MOST_BYTES, 413, "larger than 2 MB"),
    ]
    for file, status, words in cases:
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="c.pdf"\r\n\r\n' + file + b"\r\n--x--\r\n"
        answer = client.post("/verify/file", data=body, content_type="multipart/form-data; boundary=x")
        assert (answer.status_code, words in answer.text) == (status, True), (file[:60], answer.text)
        assert len(answer.data) < 20_000
        assert ("This file is genuine" in answer.text) is (words == "This file is genuine")
    assert client.post("/verify/file", data={"file": "text"}).status_code == 422
    refused = [client.post("/verify/file").status_code for _ in range(8)]
    assert refused[-1] == 429


def test_all_valid_ones_in_an_archive(certificate: queries.CertificateInfo, signed_in: Callable[[int], FlaskClient]) -> None:
    """The archive holds each as it was issued; who took it stands in the log."""
    base, edition_id = edition_of(certificate)
    staff = signed_in(factories.person(administrator=True))
    answer = staff.get(f"{base}/certificates/all.zip")
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{certificate.number}.pdf"]
        assert archive.read(f"{certificate.number}.pdf") == queries.document(edition_id, certificate.id)[1]
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "certificate.archive")) == 1


def test_an_archive_is_never_in_memory_as_a_whole() -> None:
    """However many there are, the web process holds one at a time."""
    body, sent = bytes(50_000), 0
    tracemalloc.start()
    for piece in zipped((f"{number}.pdf", body) for number in range(2000)):
        sent += len(piece)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > 2000 * len(body)
    assert most < 4_000_000


def test_keys_that_are_gone_or_expired_hold_up_and_say_so(
    ctx: Flask, course: Course, own_key: str, signed_in: Callable[[int], FlaskClient]
) -> None:
    """Nothing is signed by another key instead; administrators read why it waits, and a new key mends it at once."""
    edition_id = made.edition(course)
    enrolment_id = made.learner(edition_id, {"module1": 7})
    own, aside = signing.folder(development=False), signing.folder(development=False).with_name("aside")
    own.rename(aside)
    made.close(edition_id)
    ((reason, count),) = queries.troubles(edition_id)
    assert (count, "restore it from the backup" in reason) == (1, True)
    ask = ctx.extensions["lms"].health["certificates"]
    with pytest.raises(Exception, match="1 certificates wait"):
        ask()
    page = signed_in(factories.person(administrator=True)).get(f"/e/{factories.slug_of(edition_id)}/certificates/").text
    assert "restore it from the backup" in page
    aside.rename(own)
    with clock.at(clock.now() + timedelta(days=signing.FIVE_YEARS + 1)):
        assert issuing.issue_waiting() == 0
        assert "expired on" in queries.troubles(edition_id)[0][0]
        new = signing.make_own(90)
        assert (new != own_key, issuing.issue_waiting()) == (True, 1)
        issuing.make_lists()
        assert new in ask()
    found = queries.of_enrolment(enrolment_id)
    assert found is not None
    own.rename(aside)
    with unit_of_work():
        commands.revoke(edition_by_id(edition_id), found.id, factories.viewer_of(enrolment_id), "While the keys are gone.")
    with pytest.raises(Exception, match="1 status lists are not signed"):
        ask()
    aside.rename(own)
    assert {key["id"] for key in signing.published()} >= {new, own_key}


def test_demonstrations_are_specimens_whatever_key_there_is(course: Course, own_key: str) -> None:
    """An invented person never gets a credential of the issuer's own key."""
    days = {"starts_on": factories.someday(-10), "ends_on": factories.someday(3)}
    edition_id = factories.edition(course.id, demo=True, **days)
    enrolment_id = made.learner(edition_id, {"module1": 7})
    made.close(edition_id)
    found = queries.of_enrolment(enrolment_id)
    assert own_key
    assert found is not None
    credential = credential_from_json(queries.credential_of(found.id))
    assert credential["issuer"]["id"].startswith("did:key:")
    assert found.award["development"]


NAMES = [
    ("\u202eAna Lim", "AwardError"),
    ("Ana\u0007Lim", "AwardError"),
    ("A" * 200, ""),
    ("A" * 201, "AwardError"),
    ("\U0001f600", "AwardError"),
    ("\u200fنور الهدى\u200f", ""),
]


def test_odd_names(course: Course, own_key: str) -> None:
    """Each is printed or waits with its reason; none holds up the others. A name nobody can print falls back on the other one."""
    assert own_key
    edition_id = made.edition(course)
    enrolments = [made.learner(edition_id, {"module1": 7}, name="N", printed_name="P") for _ in NAMES]
    for enrolment_id, (name, _) in zip(enrolments, NAMES, strict=True):
        with unit_of_work():
            row = db.session.get_one(Person, factories.person_of(enrolment_id))
            row.name = row.printed_name = name
    made.close(edition_id)
    for enrolment_id, (name, error) in zip(enrolments, NAMES, strict=True):
        found = queries.of_enrolment(enrolment_id)
        assert found is not None
        assert found.last_error.partition(":")[0] == error, (name, found.last_error)
        assert (found.issued_at is None) is bool(error)


@pytest.mark.parametrize(
    ("issued", "revoked", "superseded", "status", "acts"),
    [
        (False, False, False, rules.Status.WAITING, set()),
        (True, False, False, rules.Status.VALID, {Act.REVOKE, Act.REISSUE}),
        (True, True, False, rules.Status.REVOKED, {Act.RESTORE}),
        (True, False, True, rules.Status.SUPERSEDED, set()),
        (True, True, True, rules.Status.SUPERSEDED, set()),
    ],
)
def test_statuses(issued: bool, revoked: bool, superseded: bool, status: rules.Status, acts: set[Act]) -> None:
    """Every status, and what may be done in it; while its next version is being made nothing may."""
    now = clock.now()
    found = rules.status(now if issued else None, now if revoked else None, now if superseded else None)
    assert found == status
    assert rules.acts(found, replaced=False) == acts
    assert rules.acts(found, replaced=True) == set()


def test_the_printed_page_is_the_same_one_that_verifies(certificate: queries.CertificateInfo) -> None:
    """What is stored is signed and says nothing of a development key."""
    _, pdf, _ = queries.own(certificate.enrolment_id, certificate.id)
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Development key" not in text
    assert b"/ETSI.CAdES.detached" in pdf
