"""Somebody in front of a browser, whose every page is looked at: console, accessibility in light and dark, weight, width."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Route, expect

from tests.browser import chrome
from tests.core.factories import PASSWORD

HEAVIEST = 60_000
MOST_TABS = 120
PATIENCE = 60.0
# Which kinds of elements a page is made of: where axe has seen them all together, it finds nothing new.
KINDS = """() => [document.title ? 'titled' : 'untitled', innerWidth < 600 ? 'phone' : 'desktop', ...new Set([...document.querySelectorAll(
    'body *:not(svg *):not(option)')].map(e => [e.tagName, e.className, e.parentElement.className, e.getAttributeNames().sort()].join(' ')))
    ].sort().join('\\n')"""
SIDEWAYS = "() => document.documentElement.scrollWidth > innerWidth + 1"
FOCUS_SHOWS = "e => e.matches(':focus-visible') && getComputedStyle(e).outlineStyle !== 'none'"
REFUSED = re.compile(r"status of 4\d\d")
NO_LINE = "net::ERR_INTERNET_DISCONNECTED"
Name = str | re.Pattern[str]


@dataclass
class Visitor:
    """A person with a browser tab; whatever is wrong with a page they come to fails the test."""

    tab: Page
    seen: set[str]
    complaints: list[str] = field(default_factory=list)
    weight: int = 0
    requests: int = 0
    asked: set[str] = field(default_factory=set)
    without_line: bool = False

    def __post_init__(self) -> None:
        """Listen to the console and weigh what comes over the wire."""
        self.tab.on("console", self._hear)
        self.tab.on("pageerror", self._note_error)
        session = self.tab.context.new_cdp_session(self.tab)
        session.on("Network.requestWillBeSent", self._note_request)
        session.on("Network.loadingFinished", self._weigh)
        session.send("Network.enable")

    def _hear(self, message: ConsoleMessage) -> None:
        lost = self.without_line and NO_LINE in message.text
        refused = REFUSED.search(message.text) and message.location["url"] in self.asked
        if message.type in {"error", "warning"} and not lost and not refused:
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _note_error(self, error: Error) -> None:
        self.complaints.append(f"script: {error}")

    def _note_request(self, event: dict[str, Any]) -> None:
        if event.get("type") == "Document":
            self.asked.add(event["request"]["url"])
            self.weight = self.requests = 0

    def _weigh(self, event: dict[str, Any]) -> None:
        self.weight += int(event["encodedDataLength"])
        self.requests += event["encodedDataLength"] > 0

    def goto(self, address: str) -> None:
        """Type an address."""
        self.tab.goto(address)
        self.look()

    def follow(self, name: Name, within: Locator | None = None) -> None:
        """Click the first link of this name."""
        self.click((within or self.tab).get_by_role("link", name=name).first)

    def press(self, name: Name, within: Locator | None = None) -> None:
        """Click the button of this name, which leads to a page."""
        self.click((within or self.tab).get_by_role("button", name=name, exact=isinstance(name, str)))

    def unfold(self, name: str) -> None:
        """Open a group of places in the menu."""
        self.tab.get_by_text(name, exact=True).first.click()

    def click(self, target: Locator) -> None:
        """Click what leads to a page, and look at that."""
        with self.tab.expect_navigation():
            target.click()
        self.look()

    def fill(self, label: str, text: str) -> None:
        """Type into a field."""
        self.tab.get_by_label(label).fill(text)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in by the page."""
        self.goto("/account/sign-in")
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Sign in")
        expect(self.tab.locator("summary .avatar")).to_be_visible()

    def sees(self, *texts: Name) -> None:
        """Expect each of the texts somewhere on the page."""
        for text in texts:
            expect(self.tab.locator("main")).to_contain_text(text)

    def sees_at_last(self, words: str) -> None:
        """Open the page again until a worker has done its part."""
        deadline = time.monotonic() + PATIENCE
        while words not in (self.tab.locator("main").text_content() or "") and time.monotonic() < deadline:
            self.tab.wait_for_timeout(100)
            self.tab.reload()
        self.look()
        self.sees(words)

    def at(self, heading: Name) -> None:
        """Expect a page by its heading."""
        expect(self.tab.locator("h1")).to_have_text(heading)

    def tab_to(self, target: Locator) -> None:
        """Press Tab until something has the focus, and expect to see that it has."""
        for _ in range(MOST_TABS):
            if target.evaluate("e => e === document.activeElement"):
                assert target.evaluate(FOCUS_SHOWS), f"the focus can't be seen on {target}"
                return
            self.tab.keyboard.press("Tab")
        message = f"{target} can't be reached by the keyboard"
        raise AssertionError(message)

    def enter(self, target: Locator) -> None:
        """Go to a link or button by the keyboard, press Enter there, and look at the page that comes."""
        self.tab_to(target)
        with self.tab.expect_navigation():
            self.tab.keyboard.press("Enter")
        self.look()

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Cut the line for the length of the block."""
        self.without_line = True
        self.tab.context.set_offline(True)
        yield
        self.tab.context.set_offline(False)
        self.tab.evaluate("() => 1")  # what the console said of the lost line has arrived after this
        self.without_line = False

    @contextmanager
    def offline_after_sending(self, address: re.Pattern[str]) -> Iterator[None]:
        """Let what is sent to an address arrive, and cut the line before the answer comes, for the length of the block."""

        def cut(route: Route) -> None:
            if route.request.method == "POST":
                route.fetch(max_redirects=0)
                route.abort("internetdisconnected")
            else:
                route.fallback()

        self.without_line = True
        self.tab.route(address, cut)
        yield
        self.tab.unroute(address, cut)
        self.without_line = False

    def another_tab(self) -> Visitor:
        """Open a second tab of the same browser at the same address."""
        other = Visitor(self.tab.context.new_page(), self.seen)
        other.goto(self.tab.url)
        return other

    def look(self) -> None:
        """Fail if anything is wrong with the page as it stands."""
        self.tab.wait_for_load_state()
        faults = [*self.complaints, *self._looks_wrong()]
        if self.weight > HEAVIEST:
            faults.append(f"{self.weight:,} bytes came over the wire, at most {HEAVIEST:,} may")
        self.complaints.clear()
        assert not faults, "\n".join([self.tab.url, *faults])

    def _looks_wrong(self) -> Iterator[str]:
        if self.tab.evaluate(SIDEWAYS):
            yield "the page scrolls sideways"
        kinds = self.tab.evaluate(KINDS)
        if kinds not in self.seen:
            self.seen.add(kinds)
            yield from chrome.axe(self.tab)
            yield from (f"dark: {finding}" for finding in chrome.contrast_in_the_dark(self.tab))


@contextmanager
def visitor(browser: Browser, origin: str, seen: set[str], width: int = 1366, *, javascript: bool = True) -> Iterator[Visitor]:
    """Let somebody sit down at a browser with a profile of its own; kinds of pages in `seen` are not looked at by axe again."""
    with chrome.page(browser, width, javascript=javascript, origin=origin) as tab:
        if width <= chrome.PHONE_WIDTH:
            tab.set_viewport_size({"width": width, "height": 640})
        somebody = Visitor(tab, seen)
        yield somebody
        somebody.look()
