"""The browser's helpers see what they claim to see."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.browser import chrome as chrome_module
from tests.browser.chrome import axe, chrome, find_chromium, page, slow_line, transferred

PACKED = gzip.compress(b"/* " + b"word " * 20_000 + b"*/")
GOOD = """<!doctype html>
<html lang="en"><head><title>Good</title><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>Good</h1><p id="said">no script</p><script src="/app.js"></script></main></body></html>"""
BAD = """<!doctype html>
<html><head><title>Bad</title></head><body><main><h1>Bad</h1><img src="/a.png"></main></body></html>"""
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/good": (200, {"Content-Type": "text/html"}, GOOD.encode()),
    "/bad": (
        200,
        {"Content-Type": "text/html", "Content-Security-Policy": "script-src 'self'"},
        BAD.encode(),
    ),
    "/style.css": (
        200,
        {"Content-Type": "text/css", "Content-Encoding": "gzip", "Cache-Control": "max-age=600"},
        PACKED,
    ),
    "/app.js": (
        200,
        {"Content-Type": "text/javascript"},
        b"document.getElementById('said').textContent = 'a script'",
    ),
    "/old": (302, {"Location": "/good"}, b""),
}


class Site(BaseHTTPRequestHandler):
    """A few pages of known weight."""

    def do_GET(self) -> None:
        """Answer from the table."""
        status, headers, body = ANSWERS.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the inherited name
        """Say nothing."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Serve the pages on a free port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run one browser for these tests."""
    with chrome() as running:
        yield running


def test_a_page_has_the_width_and_the_colours_asked_for(browser: Browser, origin: str) -> None:
    for width, dark in ((320, True), (1366, False)):
        with page(browser, width, dark=dark, origin=origin) as tab:
            tab.goto("/good")
            assert tab.evaluate("innerWidth") == width
            assert tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is dark


def test_scripts_run_only_when_wanted(browser: Browser, origin: str) -> None:
    for javascript, said in ((True, "a script"), (False, "no script")):
        with page(browser, javascript=javascript, origin=origin) as tab:
            tab.goto("/good")
            assert tab.inner_text("#said") == said


def test_axe_finds_faults_on_a_page_that_forbids_foreign_scripts(browser: Browser, origin: str) -> None:
    with page(browser, origin=origin) as tab:
        tab.goto("/bad")
        assert [line.split()[0] for line in axe(tab)] == ["html-has-lang", "image-alt"]


@pytest.mark.parametrize("javascript", [True, False])
def test_axe_finds_nothing_on_a_good_page(browser: Browser, origin: str, javascript: bool) -> None:
    with page(browser, javascript=javascript, origin=origin) as tab:
        tab.goto("/good")
        assert axe(tab) == []
        tab.reload()
        assert tab.inner_text("#said") == ("a script" if javascript else "no script")


def test_bytes_are_counted_as_they_cross_the_wire(browser: Browser, origin: str) -> None:
    bodies = len(GOOD) + len(PACKED) + len(ANSWERS["/app.js"][2])
    with page(browser, origin=origin) as tab:
        with transferred(tab) as first:
            tab.goto("/old")
        with transferred(tab) as second:
            tab.goto("/good")
    paths = {url.removeprefix(origin) for url in first.received}
    assert {"/old", "/good", "/style.css", "/app.js"} <= paths
    assert bodies < first.bytes < bodies + 2000, str(first)
    assert len(GOOD) < second.bytes < bodies - len(PACKED) + 1000, str(second)
    assert f"{origin}/style.css" not in second.received
    assert second.requests < first.requests


def test_a_slow_line_is_slow_only_within_its_block(browser: Browser, origin: str) -> None:
    def seconds(visit: Callable[[], object]) -> float:
        started = time.monotonic()
        visit()
        return time.monotonic() - started

    with page(browser, origin=origin) as tab:
        with slow_line(tab, kilobits=400, delay_ms=400):
            assert seconds(lambda: tab.goto("/good")) >= 0.8
        assert min(seconds(lambda: tab.goto("/good")) for _ in range(5)) < 0.8


def test_a_missing_browser_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(chrome_module.NoBrowserError, match="make test"):
        find_chromium()
