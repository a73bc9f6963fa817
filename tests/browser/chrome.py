"""Debian's Chromium for the tests: pages of any width, axe's findings in words, bytes counted on the wire."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")
SCRIPTS_ON = ("Emulation.setScriptExecutionDisabled", {"value": False})
SCRIPTS_OFF = ("Emulation.setScriptExecutionDisabled", {"value": True})
PHONE_WIDTH = 600
PATIENCE = 60_000  # a busy machine is slow; only what fails takes so long
_without_scripts: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()
expect.set_options(timeout=PATIENCE)


class NoBrowserError(Exception):
    """Chromium is not installed; the message says what to do."""


def find_chromium() -> str:
    """Find the browser: what `CHROMIUM` names, or the first that PATH holds."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        if name and (found := shutil.which(name)):
            return found
    message = f"None of {', '.join(NAMES)} was found. `make test` installs Chromium; see bin/packages."
    raise NoBrowserError(message)


@contextmanager
def chrome() -> Iterator[Browser]:
    """Run Chromium for the length of the block; one for a whole test session is enough."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page(
    browser: Browser, width: int = 1366, *, dark: bool = False, javascript: bool = True, origin: str = ""
) -> Iterator[Page]:
    """Open a page with a profile of its own; `origin` lets `goto` take addresses without a host."""
    context = browser.new_context(
        base_url=origin or None,
        viewport={"width": width, "height": 768 if width > PHONE_WIDTH else 720},
        color_scheme="dark" if dark else "light",
        has_touch=width <= PHONE_WIDTH,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Asia/Singapore",
    )
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    if not javascript:
        # Not by the context's option: it could not be lifted for axe.
        _without_scripts[tab] = context.new_cdp_session(tab)
        _without_scripts[tab].send(*SCRIPTS_OFF)
    try:
        yield tab
    finally:
        context.close()


def axe(page: Page) -> list[str]:
    """Give what axe finds wrong with the page as it stands, a line for each place; scripts may be off."""
    with _scripts_allowed(page):
        page.evaluate(AXE.read_text(encoding="utf-8"))
        return _violations(page, {"type": "tag", "values": list(AXE_TAGS)})


def contrast_in_the_dark(page: Page) -> list[str]:
    """Give what axe finds wrong with the contrast of a page, which `axe` has looked at before, in its dark colours."""
    page.emulate_media(color_scheme="dark")
    with _scripts_allowed(page):
        found = _violations(page, {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return found


def _violations(page: Page, what: dict[str, Any]) -> list[str]:
    run = "what => axe.run(document, {runOnly: what, resultTypes: ['violations']})"
    violations = page.evaluate(run, what)["violations"]
    return [_finding(violation, node) for violation in violations for node in violation["nodes"]]


@contextmanager
def _scripts_allowed(page: Page) -> Iterator[None]:
    """Let axe run on a page that was loaded without scripts; the page's own are not run after all."""
    session = _without_scripts.get(page)
    if session:
        session.send(*SCRIPTS_ON)
    yield
    if session:
        session.send(*SCRIPTS_OFF)


def _finding(violation: dict[str, Any], node: dict[str, Any]) -> str:
    where = " ".join(str(part) for part in node["target"])
    why = " ".join((node.get("failureSummary") or "").split())
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {where}: {why}"


@dataclass(slots=True)
class Wire:
    """What went over the wire: bytes with headers, as compressed, for each address in order."""

    received: dict[str, int] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """All bytes together."""
        return sum(self.received.values())

    @property
    def requests(self) -> int:
        """How many addresses were asked for; those answered from the cache don't count."""
        return len(self.received)

    def __str__(self) -> str:
        """Give a table of it, for a failing test."""
        lines = [f"{size:>9,}  {url}" for url, size in self.received.items()]
        return "\n".join([f"{self.bytes:>9,}  in {self.requests} requests", *lines])


@contextmanager
def transferred(page: Page) -> Iterator[Wire]:
    """Count what the page receives within the block; read the figures after it.

    The block may navigate several times. Leaving it waits until the network has been quiet for half a second.
    """
    wire = Wire()
    addresses: dict[str, str] = {}

    def asked(event: dict[str, Any]) -> None:
        if "redirectResponse" in event:
            note(addresses[event["requestId"]], event["redirectResponse"]["encodedDataLength"])
        addresses[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        note(addresses.get(event["requestId"], ""), event["encodedDataLength"])

    def note(url: str, size: float) -> None:
        if size and not url.startswith("data:"):
            wire.received[url] = wire.received.get(url, 0) + int(size)

    session = page.context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    yield wire
    page.wait_for_load_state("networkidle")
    session.detach()


@contextmanager
def slow_line(page: Page, kilobits: int = 400, delay_ms: int = 400) -> Iterator[None]:
    """Hold the page's connection to a speed and a round trip time within the block."""
    session = page.context.new_cdp_session(page)
    speed = kilobits * 1000 / 8
    session.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": delay_ms,
        "downloadThroughput": speed,
        "uploadThroughput": speed,
    }
    session.send("Network.emulateNetworkConditions", conditions)
    try:
        yield
    finally:
        session.detach()
