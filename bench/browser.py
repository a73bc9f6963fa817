"""What a browser receives: requests and bytes on the wire in Chromium, and how soon there is text on a slow line."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from tests.browser.chrome import chrome, page, slow_line, transferred

KILOBYTE = 1000
FIRST_TEXT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


@dataclass(frozen=True, slots=True)
class Weights:
    """A page in a browser that has never been here, and in one that has."""

    cold_requests: int
    cold_kb: float
    warm_requests: int
    warm_kb: float
    first_text_ms: float
    loaded_ms: float


def weigh(origin: str, path: str, other: str, cookie: str) -> Weights:
    """Open a page for the first time, then `other` pages and this one again, and once more on a slow line."""
    with chrome() as browser:
        with page(browser, origin=origin) as tab:
            _enter(tab, origin, cookie)
            with transferred(tab) as cold:
                tab.goto(path)
            tab.goto(other)
            with transferred(tab) as warm:
                tab.goto(path)
        first_text, loaded = _slowly(browser, origin, path, cookie)
    return Weights(
        cold.requests, cold.bytes / KILOBYTE, warm.requests, warm.bytes / KILOBYTE, first_text, loaded
    )


def _slowly(browser: Browser, origin: str, path: str, cookie: str) -> tuple[float, float]:
    with page(browser, origin=origin) as tab:
        _enter(tab, origin, cookie)
        with slow_line(tab):
            tab.goto(path)
            return tab.evaluate(FIRST_TEXT), tab.evaluate(LOADED)


def _enter(tab: Page, origin: str, cookie: str) -> None:
    name, _, value = cookie.partition("=")
    tab.context.add_cookies([{"name": name, "value": value, "url": origin}])
