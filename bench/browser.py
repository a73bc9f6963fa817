"""What a browser receives: requests and bytes on the wire in Chromium, and how soon there is text on a slow line."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page

from tests.browser.chrome import chrome, page, slow_line, transferred

KILOBYTE = 1000
SLOW_VISITS = 3
FIRST_TEXT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
LOADED = """() => Math.max(performance.getEntriesByType('navigation')[0].loadEventEnd,
    ...performance.getEntriesByType('resource').map(resource => resource.responseEnd))"""


@dataclass(frozen=True, slots=True)
class Weights:
    """A page in a browser that has never been here, and in one that has.

    `loaded_ms` is later than the browser's load event: it counts the figures of the first screen, which that does not wait for.
    """

    cold_requests: int
    cold_kb: float
    warm_requests: int
    warm_kb: float
    first_text_ms: float
    loaded_ms: float


def weigh(origin: str, path: str, other: str, cookie: str) -> Weights:
    """Open a page for the first time, then `other` pages and this one again, and anew on a slow line, the median of some visits."""
    with chrome() as browser:
        with page(browser, origin=origin) as tab:
            _enter(tab, origin, cookie)
            with transferred(tab) as cold:
                tab.goto(path)
            tab.goto(other)
            with transferred(tab) as warm:
                tab.goto(path)
        slow = [_slowly(browser, origin, path, cookie) for _ in range(SLOW_VISITS)]
    first_text, loaded = (median(times) for times in zip(*slow, strict=True))
    return Weights(cold.requests, cold.bytes / KILOBYTE, warm.requests, warm.bytes / KILOBYTE, first_text, loaded)


def _slowly(browser: Browser, origin: str, path: str, cookie: str) -> tuple[float, float]:
    with page(browser, origin=origin) as tab:
        _enter(tab, origin, cookie)
        with slow_line(tab):
            tab.goto(path)
            first_text = tab.wait_for_function(FIRST_TEXT).json_value()
            tab.wait_for_load_state("networkidle")
            return first_text, tab.evaluate(LOADED)


def _enter(tab: Page, origin: str, cookie: str) -> None:
    name, _, value = cookie.partition("=")
    tab.context.add_cookies([{"name": name, "value": value, "url": origin}])
