"""The page that verifies offline, in a real browser, from a file and without a network."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from certificates.credential import StatusEntry, credential_text
from certificates.issuing import Issued, issue
from certificates.keys import KeyRing
from certificates.samples import sample_awards
from certificates.statuslist import make_status_list
from certificates.verifier import PAGE, verifier_page
from tests.browser.chrome import axe, chrome
from tests.certificates.factories import MOMENT, STATUS_LIST

VALID = "Valid"
NOT_VALID = "Not valid"
UNKNOWN = "Unchanged, but its issuer or status can't be told"
DEVELOPMENT = "Unchanged, but made with a development key: not a valid certificate"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run Chromium."""
    with chrome() as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, ring: KeyRing, issued: Issued) -> Path:
    """Give a folder with the page, a certificate, and two status lists."""
    made = tmp_path_factory.mktemp("offline")
    (made / "verify.html").write_bytes(verifier_page(ring.keys))
    (made / "certificate.pdf").write_bytes(issued.document)
    (made / "credential.json").write_text(credential_text(issued.credential), encoding="utf-8")
    for name, revoked in (("good", {7}), ("revoked", {5})):
        listed = make_status_list(STATUS_LIST, revoked, ring.current, MOMENT)
        (made / f"{name}.json").write_text(json.dumps(listed), encoding="utf-8")
    return made


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """Open the page; it may ask for nothing but itself, and no script may fail."""
    context = browser.new_context(offline=True)
    opened, asked, failed = context.new_page(), [], []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: failed.append(str(error)))
    opened.goto((folder / "verify.html").as_uri())
    yield opened
    assert {url for url in asked if not url.startswith("blob:")} == {(folder / "verify.html").as_uri()}
    assert failed == []
    context.close()


def chosen(page: Page, *files: Path) -> str:
    """Choose files and return what the page shows."""
    page.set_input_files("#files", list(files))
    expect(page.locator("#verdict")).not_to_be_empty()
    return page.locator("#checks").inner_text()


def test_a_valid_certificate_is_valid(page: Page, folder: Path) -> None:
    """Signature, proof, agreement and status hold; the facts are shown."""
    shown = chosen(page, folder / "certificate.pdf", folder / "good.json")
    expect(page.locator("#verdict")).to_have_text(VALID)
    assert "document: signed by Regional Centre on 5 October 2026 at 12:00 UTC, unchanged since" in shown
    assert "status: not revoked, as of 2026-10-05T12:00:00Z" in shown
    expect(page.locator("#facts")).to_contain_text("Renée Kõrbíčková-Ångström")
    expect(page.locator("#facts")).to_contain_text("86.50")
    expect(page.locator("#verdict")).to_be_focused()


def test_a_revoked_certificate_is_revoked(page: Page, folder: Path) -> None:
    shown = chosen(page, folder / "certificate.pdf", folder / "revoked.json")
    expect(page.locator("#verdict")).to_have_text(NOT_VALID)
    assert "status: it was revoked" in shown


@pytest.mark.parametrize("place", [100, 20_000, -2_000])
def test_one_changed_byte_is_seen(page: Page, issued: Issued, tmp_path: Path, place: int) -> None:
    """At the beginning, in a font, in the signature."""
    changed = bytearray(issued.document)
    changed[place] ^= 1
    (tmp_path / "changed.pdf").write_bytes(changed)
    chosen(page, tmp_path / "changed.pdf")
    expect(page.locator("#verdict")).to_have_text(NOT_VALID)


def test_an_addition_is_seen(page: Page, issued: Issued, tmp_path: Path) -> None:
    (tmp_path / "longer.pdf").write_bytes(issued.document + b"%")
    assert "something was added to the document after it was signed" in chosen(page, tmp_path / "longer.pdf")


def test_a_credential_alone_is_verified_and_a_changed_one_refused(page: Page, folder: Path, tmp_path: Path) -> None:
    """A credential needs no document."""
    chosen(page, folder / "credential.json", folder / "good.json")
    expect(page.locator("#verdict")).to_have_text(VALID)
    text = (folder / "credential.json").read_text(encoding="utf-8")
    for before, after in (("86.50", "96.50"), ('"term":', '"remark": "x", "term":')):
        (tmp_path / "changed.json").write_text(text.replace(before, after), encoding="utf-8")
        page.reload()
        chosen(page, tmp_path / "changed.json")
        expect(page.locator("#verdict")).to_have_text(NOT_VALID)


@pytest.mark.parametrize("name", ["arabic", "khmer", "mixed"])
def test_names_in_every_script_hold(page: Page, ring: KeyRing, tmp_path: Path, name: str) -> None:
    award = sample_awards()[name]
    (tmp_path / "made.pdf").write_bytes(issue(award, ring.current, MOMENT).document)
    assert award.recipient in chosen(page, tmp_path / "made.pdf")
    expect(page.locator("#verdict")).to_have_text(VALID)


def test_an_unknown_issuer_and_a_development_key_are_named(
    page: Page, browser: Browser, development_ring: KeyRing, tmp_path: Path
) -> None:
    """A stranger's certificate is never called valid, and one of a development key neither."""
    award = sample_awards()["latin"]
    made = issue(award, development_ring.current, MOMENT, status=StatusEntry(STATUS_LIST, 5))
    (tmp_path / "made.pdf").write_bytes(made.document)
    assert "but that signer is not known here" in chosen(page, tmp_path / "made.pdf")
    expect(page.locator("#verdict")).to_have_text(UNKNOWN)
    (tmp_path / "verify.html").write_bytes(verifier_page(development_ring.keys))
    own = browser.new_page()
    own.goto((tmp_path / "verify.html").as_uri())
    chosen(own, tmp_path / "made.pdf")
    expect(own.locator("#verdict")).to_have_text(DEVELOPMENT)
    own.close()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "is neither a PDF document nor a credential"),
        (b"%PDF-1.7", "the document is not signed"),
        (b"{}", "is neither a certificate"),
    ],
)
def test_what_is_no_certificate_is_named(page: Page, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "other.bin").write_bytes(content)
    assert said in chosen(page, tmp_path / "other.bin")
    expect(page.locator("#verdict")).to_have_text(NOT_VALID)


def test_a_list_alone_asks_for_the_certificate(page: Page, folder: Path) -> None:
    assert "choose the certificate or credential together with its status list" in chosen(page, folder / "good.json")


def test_everybody_can_use_the_page(page: Page, folder: Path) -> None:
    """Axe finds nothing, before and after."""
    assert axe(page) == []
    chosen(page, folder / "certificate.pdf", folder / "good.json")
    assert axe(page) == []


def test_the_policy_allows_the_page_and_nothing_else() -> None:
    """The script and style are named by their hashes; a name in the keys can't break out of its place."""
    text = PAGE.read_text(encoding="utf-8")
    for kind in ("script", "style"):
        body = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        assert len(body) == 1
        assert f"{kind}-src 'sha256-{b64encode(sha256(body[0].encode()).digest()).decode()}'" in text
    assert "default-src 'none'" in text
    assert len(text) < 300_000
