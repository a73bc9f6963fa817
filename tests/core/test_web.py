"""What surrounds every view: headers, compression, forged requests, refusals as pages, and one transaction."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import func, select

from lms.app import create_app
from lms.core import clock
from lms.core.assets import FOLDER, asset_url, known
from lms.core.db import db
from lms.core.domain import Course, Person
from lms.core.packing import SMALLEST_PACKED
from lms.core.plugins import discover
from lms.core.web import HEADERS, LARGEST_TEXT
from tests.conftest import sign_in
from tests.core import factories, odd

Make = Callable[..., FlaskClient]
SAFE = {name: value for name, value in HEADERS.items() if name != "Cache-Control"}


@pytest.fixture(scope="module")
def make(app: Flask) -> Iterator[Make]:
    """Build applications on the test's database that have the odd plugin too, and give a browser of each."""

    @cache
    def build(*, csrf: bool = False, base_url: str = "http://localhost") -> Flask:
        made = create_app(replace(app.extensions["settings"], base_url=base_url), [*discover(), odd.plugin])
        made.test_client_class = app.test_client_class
        made.config["WTF_CSRF_ENABLED"] = csrf
        built.append(made)
        return made

    built: list[Flask] = []
    yield lambda **how: build(**how).test_client()
    for made in built:
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def site(ctx: Flask, make: Make) -> FlaskClient:
    """Give a browser of an application that behaves as in production, but accepts forms without a token."""
    del ctx
    odd.ran.clear()
    return make()


# Headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("OPTIONS", "/account/sign-in", 200),
        ("GET", "/odd/away", 302),
        ("GET", "/account/profile", 302),
        ("GET", "/odd/text/10", 200),
        ("GET", "/odd/picture", 200),
        ("GET", asset_url("style.css"), 200),
        ("GET", "/nowhere", 404),
        ("GET", "/assets/nothing.0123456789.css", 404),
        ("PUT", "/account/sign-in", 405),
        ("POST", "/account/sign-in", 422),
        ("GET", "/odd/refuse/forbidden", 403),
        ("GET", "/odd/refuse/conflict", 409),
        ("GET", "/odd/refuse/too-many", 429),
        ("GET", "/odd/abort/413", 413),
        ("POST", "/odd/write/crash", 500),
    ],
)
def test_every_kind_of_answer_has_the_safe_headers(site: FlaskClient, method: str, path: str, status: int) -> None:
    """Pages, redirects, files, refusals and crashes alike."""
    answer = site.open(path, method=method)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in SAFE} == SAFE
    assert answer.headers["Cache-Control"]
    assert "Server" not in answer.headers


def test_the_policy_lets_nothing_in_from_elsewhere_or_from_inside_the_page() -> None:
    """No inline script or style, no frame around the product, forms only to itself."""
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert not re.search(r"unsafe|\*|https?:", HEADERS["Content-Security-Policy"])


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize(("base_url", "secure"), [("https://lms.example", True), ("http://localhost", False)])
def test_https_is_remembered_and_its_cookie_never_leaves_it(make: Make, base_url: str, secure: bool) -> None:
    """Strict transport and the cookie's Secure mark come with an https address, and only then."""
    answer = make(base_url=base_url).get("/account/sign-in", base_url=base_url)
    cookie = answer.headers["Set-Cookie"]
    assert ("Strict-Transport-Security" in answer.headers, "Secure" in cookie) == (secure, secure)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


# Compression


@pytest.mark.parametrize(
    ("path", "accepted", "packed"),
    [
        (f"/odd/text/{SMALLEST_PACKED}", "gzip, deflate, br", True),
        (f"/odd/text/{SMALLEST_PACKED}", "*", True),
        (f"/odd/text/{SMALLEST_PACKED}", "gzip;q=0", False),
        (f"/odd/text/{SMALLEST_PACKED}", "br", False),
        (f"/odd/text/{SMALLEST_PACKED}", "", False),
        (f"/odd/text/{SMALLEST_PACKED - 2}", "gzip", False),
        ("/odd/picture", "gzip", False),
        ("/nowhere", "gzip", True),
        (asset_url("style.css"), "gzip", True),
        (asset_url("style.css"), "gzip;q=0", False),
    ],
)
def test_what_packs_well_is_packed_for_who_can_read_it(site: FlaskClient, path: str, accepted: str, packed: bool) -> None:
    """Unpacked, it is the same answer; caches are told that the header matters."""
    plain, answer = site.get(path), site.get(path, headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding") == "gzip") == packed
    assert (gzip.decompress(answer.data) if packed else answer.data) == plain.data
    assert answer.content_length == len(answer.data)
    if packed:
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert len(answer.data) < len(plain.data)


# Assets


@pytest.mark.parametrize("name", sorted(known()))
def test_assets_never_change_under_their_address(client: FlaskClient, name: str) -> None:
    """They are kept for a year; the address holds a hash of the bytes."""
    answer = client.get(asset_url(name))
    assert answer.status_code == 200
    assert answer.data == (FOLDER / name).read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/assets/style.css",
        "/assets/style.0000000000.css",
        "/assets/style..css",
        "/assets/style.%00.css",
        "/assets/",
        "/assets/.",
        "/assets/../templates/base.html",
        "/assets/%2e%2e/templates/base.html",
        "/assets//etc/passwd",
        "/static/style.css",
    ],
)
def test_no_other_address_gives_an_asset(client: FlaskClient, path: str) -> None:
    """A wrong or missing hash, and paths that lead out of the folder, are not found."""
    assert client.get(path, follow_redirects=True).status_code == 404


# Forged requests


def _addresses(app: Flask, method: str, edition: str) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            path = re.sub(r"<edition>", edition, rule.rule)
            yield re.sub(r"<int(?:\([^)]*\))?:\w+>", "1", re.sub(r"<(?:(?:path|string):)?\w+>", "x", path))


@pytest.mark.usefixtures("ctx")
def test_no_address_takes_a_form_without_its_token(make: Make) -> None:
    """Every POST of every plugin is refused before anything is looked at, also for an administrator."""
    browser = make(csrf=True)
    slug = factories.slug_of(factories.edition())
    person = sign_in(browser.application, factories.person(administrator=True))
    tried = 0
    for path in _addresses(browser.application, "POST", slug):
        for token in ({}, {"csrf_token": "made-up"}):
            answer = person.post(path, data=token)
            assert (answer.status_code, "open for too long" in answer.text) == (400, True), path
            tried += 1
    assert tried > 20


@pytest.mark.usefixtures("ctx")
def test_a_token_is_good_for_its_own_browser_alone(make: Make) -> None:
    """With the token of the page the form is read; with that of another browser it is not."""
    browser = make(csrf=True)
    mine, other = (_token(client) for client in (browser, browser.application.test_client()))
    answers = {"email": "nobody@example.org", "password": "wrong words here"}
    assert browser.post("/account/sign-in", data=answers | {"csrf_token": mine}).status_code == 422
    assert browser.post("/account/sign-in", data=answers | {"csrf_token": other}).status_code == 400
    assert browser.post("/account/sign-in", data=answers, headers={"X-CSRFToken": mine}).status_code == 422


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize(
    ("referrer", "status"), [("https://lms.example/account/sign-in", 422), ("https://elsewhere.example/", 400), ("", 400)]
)
def test_over_https_a_form_comes_from_a_page_of_ours(make: Make, referrer: str, status: int) -> None:
    """A token alone, got by whatever way, is not enough."""
    where: dict[str, Any] = {"base_url": "https://lms.example"}
    browser = make(csrf=True, base_url=where["base_url"])
    sent = {"email": "nobody@example.org", "password": "wrong words here", "csrf_token": _token(browser, **where)}
    headers = {"Referer": referrer} if referrer else {}
    assert browser.post("/account/sign-in", data=sent, headers=headers, **where).status_code == status


@pytest.mark.usefixtures("ctx")
def test_a_token_is_good_for_half_a_day(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the page must be loaded again."""
    browser = make(csrf=True)
    with monkeypatch.context() as before:
        before.setattr(TimestampSigner, "get_timestamp", lambda _: int((clock.now() - timedelta(hours=14)).timestamp()))
        old = _token(browser)
    assert browser.post("/account/sign-in", data={"csrf_token": old}).status_code == 400


def _token(client: FlaskClient, **where: Any) -> str:
    match = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account/sign-in", **where).text)
    assert match
    return match[1]


# Refusals


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("invalid", 422, ["The date is in the past.", "Choose a later one."]),
        ("forbidden", 403, ["Not for you", "Tutors only."]),
        ("missing", 404, ["There is no such page", "No such topic."]),
        ("conflict", 409, ["That was done already", "It was closed meanwhile."]),
        ("too-many", 429, ["Too many tries", "90 seconds"]),
    ],
)
def test_a_refusal_is_a_page_in_plain_words(site: FlaskClient, kind: str, status: int, words: list[str]) -> None:
    """With its status, what is wrong, and what to do; a limit says when to come back."""
    answer = site.get(f"/odd/refuse/{kind}")
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert [word for word in words if word not in answer.text] == []
    assert answer.headers.get("Retry-After") == ("90" if kind == "too-many" else None)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 415, 418, 500, 503])
def test_http_errors_are_pages_too(site: FlaskClient, status: int) -> None:
    """In the product's frame, never the library's bare page."""
    answer = site.get(f"/odd/abort/{status}")
    assert answer.status_code == status
    assert 'id="main"' in answer.text


@pytest.mark.usefixtures("ctx")
def test_a_refused_page_knows_who_is_signed_in(make: Make) -> None:
    """A mistyped address doesn't look as if one had been signed out."""
    browser = sign_in(make(csrf=True).application, factories.person(name="Sokha Pov"))
    for answer in (browser.get("/nowhere"), browser.put("/account/profile"), browser.post("/account/profile")):
        assert answer.status_code >= 400
        assert "Sokha Pov" in answer.text


def test_a_wrong_method_is_told_the_right_ones(site: FlaskClient) -> None:
    """405 lists what the address takes."""
    answer = site.delete("/account/sign-in")
    assert (answer.status_code, answer.allow.as_set()) == (405, {"get", "head", "options", "post"})


def test_a_crash_tells_nothing_and_is_logged(site: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """The visitor sees a sentence, the log has the trace."""
    answer = site.post("/odd/write/crash")
    assert answer.status_code == 500
    assert "the view broke" not in answer.text
    assert "the view broke" in caplog.text


def test_a_limit_counts_requests_of_the_methods_it_names(site: FlaskClient) -> None:
    """Two in a minute, the third waits; after the minute it is open again."""
    moment = clock.now()
    with clock.at(moment):
        answers = [site.get("/odd/seldom") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "60"
    with clock.at(moment + timedelta(seconds=61)):
        assert site.get("/odd/seldom").status_code == 200


# Addresses and bodies


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 10**30, 10**400])
def test_numbers_beyond_any_key_are_not_found(ctx: Flask, signed_in: Callable[[int], FlaskClient], number: int) -> None:
    """In every address that takes a number, with every method it takes, also for an administrator."""
    browser = signed_in(factories.person(administrator=True))
    slug = factories.slug_of(factories.edition())
    tried = 0
    for rule in ctx.url_map.iter_rules():
        if "<int:" in rule.rule:
            path = re.sub(r"<\w+>", "x", re.sub(r"<int:\w+>", str(number), rule.rule.replace("<edition>", slug)))
            for method in (rule.methods or set()) & {"GET", "POST"}:
                assert browser.open(path, method=method).status_code in {404, 405}, (method, path)
                tried += 1
    assert tried


@pytest.mark.parametrize("piece", ["%00", "%ED%A0%80", "%FF%FE", "..%2f", "%E2%80%AE", "%F0%9F%90%98", "'%20OR%20'1'='1", "x" * 3000])
def test_odd_words_in_addresses_are_not_found(ctx: Flask, signed_in: Callable[[int], FlaskClient], piece: str) -> None:
    """In every place of every address that takes a word: no such thing (or an address without double slashes), never a crash."""
    browser = signed_in(factories.person(administrator=True))
    slug = factories.slug_of(factories.edition())
    for rule in ctx.url_map.iter_rules():
        for edition in (slug, piece):
            path = re.sub(r"<int:\w+>", "1", rule.rule.replace("<edition>", edition))
            path = re.sub(r"<(?:\w+:)?\w+>", lambda _: piece, path)
            if piece in path:
                for method in (rule.methods or set()) & {"GET", "POST"}:
                    status = browser.open(path, method=method).status_code
                    assert 400 <= status < 500 or status == 308, (method, path)


@pytest.mark.parametrize(
    ("content_type", "size", "status"),
    [
        ("application/x-www-form-urlencoded", LARGEST_TEXT, 422),
        ("application/x-www-form-urlencoded", LARGEST_TEXT + 1, 413),
        ("text/plain", LARGEST_TEXT + 1, 413),
        ("multipart/form-data; boundary=b", 12 * 1024 * 1024 + 1, 413),
    ],
)
def test_a_body_has_a_largest_size(site: FlaskClient, content_type: str, size: int, status: int) -> None:
    """Text may be as long as a long text, a form with files longer."""
    answer = site.post("/account/sign-in", data=b"email=".ljust(size, b"x"), content_type=content_type)
    assert answer.status_code == status


def test_a_field_of_many_parts_has_a_largest_size(site: FlaskClient) -> None:
    """One field of a form with files, or too many of them, is no way around the bound."""
    for fields in ({"email": "x" * (LARGEST_TEXT + 1)}, {f"field{number}": "x" for number in range(501)}):
        assert site.post("/account/sign-in", data=fields, content_type="multipart/form-data").status_code == 413


def test_head_and_options(client: FlaskClient) -> None:
    """HEAD is GET without the body; OPTIONS names the methods and does nothing."""
    got, head, options = client.get("/"), client.head("/"), client.options("/account/sign-in")
    assert (head.status_code, head.data, head.content_type) == (200, b"", got.content_type)
    assert (options.status_code, options.data) == (200, b"")
    assert options.allow.as_set() == {"get", "head", "options", "post"}


# One transaction a request


@pytest.mark.parametrize(
    ("end", "status"),
    [("200", 200), ("303", 303), ("400", 400), ("422", 422), ("500", 500), ("crash", 500), *((kind, e.status) for kind, e in odd.REFUSALS.items())],  # noqa: E501 - one text or table
)
def test_what_ends_badly_has_written_nothing(site: FlaskClient, end: str, status: int) -> None:
    """Only an answer below 400 commits and lets the jobs run that were put aside."""
    assert site.post(f"/odd/write/{end}").status_code == status
    kept = status < 400
    assert db.session.scalars(select(Course.slug)).all() == ([end] if kept else [])
    assert odd.ran == ([end] if kept else [])


def test_a_refused_field_keeps_the_page_and_undoes_the_rest(site: FlaskClient) -> None:
    """The refusal is beside its field; one that names no field of the form is a page of its own."""
    answer = site.post("/odd/refused-field/name")
    assert (answer.status_code, answer.json) == (422, {"errors": {"name": ["Somebody has this name."]}})
    assert site.post("/odd/refused-field/unknown").status_code == 422
    assert db.session.scalar(select(func.count(Course.id))) == 0


def test_reading_pages_can_not_write(site: FlaskClient) -> None:
    """A GET view that writes by mistake fails instead of writing."""
    assert site.get("/odd/stray-write").status_code == 500
    assert db.session.scalar(select(func.count(Course.id))) == 0
    assert db.session.scalar(select(func.count(Person.id))) == 0
