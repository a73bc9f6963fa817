"""A9, L9 and V1 to V3: a corrected name, a revocation and its undoing, and what strangers find out, with the platform and without."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from certificates.statuslist import Status, status_in
from lms.certification import queries
from lms.certification.models import StatusList
from lms.certification.queries import CertificateInfo
from lms.core.db import db
from lms.core.work import DONE
from tests.browser.cast import Cast, Member, cast
from tests.browser.chrome import transferred
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.visitors import Visitor

MODULES = ("module1", "module2", "module3", "module4", "module5")
WRONG, RIGHT = "Sokha Pow", "Sokha Pov ពៅ សុខា"
REASON = "Somebody else took the quiz <b>&amp;</b>."
LIGHT, PATIENCE = 20_000, 60.0


@pytest.fixture(scope="module")
def edition(site: Site) -> Cast:
    """Open an edition whose modules are all open."""
    return cast(site, days=30)


@pytest.fixture(scope="module")
def sokha(edition: Cast) -> Member:
    """Register a learner whose name is mistyped on the certificate."""
    member = edition.learner("Sokha Pov", printed_name=WRONG)
    edition.scored(member, **dict.fromkeys(MODULES, 8))
    return member


@pytest.fixture(scope="module")
def first(edition: Cast, sokha: Member) -> CertificateInfo:
    """Issue the certificate."""
    return edition.certificate(sokha)


def _told_by_list(visitor: Visitor, edition: Cast, certificate: CertificateInfo) -> Status:
    """Read the status list as any program does, once it is signed anew."""
    with edition.site.app.app_context():
        credential = json.loads(queries.credential_of(certificate.id))
        deadline = time.monotonic() + PATIENCE
        while db.session.scalar(select(StatusList.id).where(StatusList.state != DONE)) and time.monotonic() < deadline:
            db.session.rollback()
            time.sleep(0.05)
    answer = visitor.tab.request.get(credential["credentialStatus"]["statusListCredential"])
    return status_in(credential, answer.json())


def test_revoked_and_restored(edition: Cast, first: CertificateInfo, visit: Visit) -> None:
    """A9: the reason is public, the list of today says so; restoring undoes both."""
    admin = edition.administrator("Mira Adler")
    with visit() as staff, visit(360, javascript=False) as stranger:
        staff.sign_in(admin.email)
        staff.goto(f"{edition.address}certificates/")
        staff.follow("Sokha Pov")
        staff.press("Revoke the certificate")
        staff.sees("Please fill this in.")
        staff.fill("Reason", REASON)
        staff.press("Revoke the certificate")
        staff.sees("The certificate is revoked", REASON)
        stranger.goto(f"/verify/{first.number}")
        stranger.sees("This certificate was revoked", REASON)
        assert _told_by_list(stranger, edition, first) == Status.REVOKED
        staff.press("Make it valid again")
        staff.sees("The certificate is valid again")
        stranger.goto(f"/verify/{first.number}")
        stranger.sees("This certificate is valid")
        assert _told_by_list(stranger, edition, first) == Status.VALID


def test_a_stranger_verifies(edition: Cast, first: CertificateInfo, visit: Visit, tmp_path: Path) -> None:
    """V1 to V3: by the QR code's address, with a file and a changed one, and without the platform."""
    with edition.site.app.app_context():
        _, pdf, credential = queries.own(first.enrolment_id, first.id)
        listed = next(iter(queries.status_lists().values()))
    files = {"genuine.pdf": pdf, "forged.json": credential.replace(WRONG, "Eve Adams").encode(), "list.json": listed.encode()}
    files |= {"touched.pdf": pdf + b"\n% a line more", "genuine.json": credential.encode(), "picture.png": b"\x89PNG\r\n"}
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    with visit(360) as stranger:
        with transferred(stranger.tab) as wire:
            stranger.goto(f"/verify/{first.number}")
            stranger.sees("This certificate is valid", WRONG)
        assert wire.bytes < LIGHT, str(wire)
        for name, *words in (
            ("genuine.pdf", "This file is genuine", "This certificate is valid"),
            ("touched.pdf", "This file is not the certificate that was issued", WRONG),
            ("forged.json", "It says otherwise than what was issued", "Eve Adams", WRONG),
            ("picture.png", "no certificate of this platform", "PDF"),
        ):
            stranger.goto("/verify/")
            stranger.tab.set_input_files("input[type=file]", tmp_path / name)
            stranger.press("Check the file")
            stranger.sees(*words)
        with stranger.tab.expect_download() as saved:
            stranger.tab.get_by_role("link", name="download the page that verifies").click()
        page = tmp_path / "verify.html"
        saved.value.save_as(page)
        stranger.tab.context.set_offline(True)
        stranger.tab.goto(page.as_uri())
        for chosen, verdict in ((("genuine.pdf", "list.json"), "Valid"), (("forged.json", "list.json"), "Not valid")):
            stranger.tab.set_input_files("#files", [tmp_path / name for name in chosen])
            expect(stranger.tab.locator("#verdict")).to_have_text(verdict)
        stranger.tab.context.set_offline(False)
        stranger.goto("/verify/")


def test_a_corrected_name(edition: Cast, sokha: Member, first: CertificateInfo, visit: Visit) -> None:
    """L9: the learner corrects the name, the staff have a new version made, and the old link says that it is superseded."""
    admin = edition.administrator("Noor Adler")
    with visit(360) as learner, visit() as staff, visit(javascript=False) as stranger:
        learner.sign_in(sokha.email)
        learner.goto(f"{edition.address}certificate")
        learner.press("Make a link to share")
        link = learner.tab.get_by_role("link", name="/shared/").inner_text()
        learner.follow("the name on your certificates")
        learner.fill("Name on the certificate", RIGHT)
        learner.press("Show it with the change")
        learner.press("Yes, print it like this")
        staff.sign_in(admin.email)
        staff.goto(f"{edition.address}certificates/")
        staff.sees("name changed")
        staff.follow("Sokha Pov")
        staff.sees(RIGHT)
        staff.press("Issue a new version")
        staff.sees_at_last("Version2")
        stranger.goto(f"/verify/{first.number}")
        stranger.sees("superseded by a newer version", WRONG)
        assert _told_by_list(stranger, edition, first) == Status.REVOKED
        stranger.goto(link)
        stranger.sees("This certificate is valid", RIGHT)
        learner.goto(f"{edition.address}certificate")
        expect(learner.tab.locator(".award .name")).to_have_text(RIGHT)
