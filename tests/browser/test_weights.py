"""What pages weigh over the wire, with the real lessons: light enough for a phone on a slow line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from lms.modules.api import modules_of
from tests.browser.cast import Cast, Member, cast
from tests.browser.chrome import transferred
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.visitors import Visitor

FIRST_REQUESTS, FIRST_BYTES = 6, 60_000
NEXT_REQUESTS, NEXT_BYTES = 1, 12_000
VERIFICATION_BYTES = 20_000
MODULES = ("module1", "module2", "module3", "module4", "module5")
WHOLE_CLASS = 188
POSTS = 40
PARAGRAPH = "Most banks here look a company up in the register of the ministry, and ask for the card of its director. " * 8
# Files to keep; their size stands beside the link where it matters.
FILES = (".csv", ".xlsx", ".pdf", ".epub", "/book.html")
EVERYBODY = {"editions.dashboard", "modules.course", "modules.lesson", "forums.index", "forums.topic", "accounts.profile"}
EXPECTED = {
    "learner": EVERYBODY | {"quizzes.quiz", "gradebook.grades", "certification.mine", "forums.flag"},
    "tutor": EVERYBODY | {"quizzes.preview", "quizzes.keys", "forums.flags", "forums.hide", "forums.lock"},
    "administrator": EVERYBODY | {"gradebook.ranking_page", "gradebook.learner_grades", "editions.closing", "desk.audit", "desk.mail"},
}
PATHS = "links => links.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"
FIGURES = "() => [...document.images].every(image => image.complete)"


@pytest.fixture(scope="module")
def edition(site: Site) -> Cast:
    """Open an edition whose modules are all open."""
    return cast(site, days=30)


@pytest.fixture(scope="module")
def sokha(edition: Cast) -> Member:
    """Register a learner."""
    return edition.learner("Sokha Pov")


@pytest.fixture(scope="module")
def full_edition(site: Site) -> Cast:
    """Open an edition with a whole class, a lively topic, and something of each kind to look at."""
    edition = cast(site, days=30)
    edition.fill(WHOLE_CLASS)
    sokha, mai = edition.learner("Sokha Pov"), edition.learner("Mai Nguyen")
    topic = edition.topic(sokha, "Which register do your banks use?", PARAGRAPH)
    for _ in range(POSTS):
        edition.reply(mai, topic, PARAGRAPH)
    edition.report(mai, topic, "other")
    return edition


def _lessons(edition: Cast) -> Iterator[str]:
    with edition.site.app.app_context():
        for module in modules_of(edition.edition):
            yield from (f"{edition.address}modules/{module.slug}/{lesson.slug}" for lesson in module.lessons)


def _read_through(tab: Page, address: str) -> None:
    """Open a page and go through it to its end, so that its figures load."""
    tab.goto(address)
    for image in tab.locator("main img").all():
        image.scroll_into_view_if_needed()
    tab.wait_for_function(FIGURES)


def test_every_lesson_is_light(edition: Cast, sokha: Member, visit: Visit) -> None:
    lessons, faults = list(_lessons(edition)), []
    assert len(lessons) >= 2 * len(MODULES)
    with visit(360) as learner:
        learner.sign_in(sokha.email)
        cache = learner.tab.context.new_cdp_session(learner.tab)
        for address in lessons:
            cache.send("Network.clearBrowserCache")
            with transferred(learner.tab) as first:
                _read_through(learner.tab, address)
            if first.requests > FIRST_REQUESTS or first.bytes > FIRST_BYTES:
                faults.append(f"first visit: {first}")
            _read_through(learner.tab, address)
            if learner.requests != NEXT_REQUESTS or learner.weight > NEXT_BYTES:
                faults.append(f"next visit of {address}: {learner.weight:,} bytes in {learner.requests} requests")
            learner.look()
    assert not faults, "\n".join(faults)


def test_the_page_that_verifies_a_certificate_is_light(site: Site, visit: Visit) -> None:
    edition = cast(site, days=30)
    sokha = edition.learner("Sokha Pov", printed_name="ពៅ សុខា")
    edition.scored(sokha, **dict.fromkeys(MODULES, 8))
    number = edition.certificate(sokha).number
    with visit(360) as verifier, transferred(verifier.tab) as wire:
        verifier.goto(f"/verify/{number}")
        verifier.sees("This certificate is valid")
    assert wire.bytes < VERIFICATION_BYTES, str(wire)


@pytest.mark.parametrize("role", ["learner", "tutor", "administrator"])
def test_every_page_is_light_with_a_whole_class(full_edition: Cast, role: str, visit: Visit) -> None:
    somebody = getattr(full_edition, role)("Somebody Else")
    with visit() as person:
        person.sign_in(somebody.email)
        person.tab.context.new_cdp_session(person.tab).send("Network.setCacheDisabled", {"cacheDisabled": True})
        seen = set(_visit_each_kind(person, full_edition))
    assert EXPECTED[role] <= seen, EXPECTED[role] - seen


def _visit_each_kind(person: Visitor, edition: Cast) -> Iterator[str]:
    """Follow links from the dashboard until a page of each kind was visited (and weighed, on coming there)."""
    addresses, kinds = [f"{edition.address}dashboard"], set[str]()
    routes = edition.site.app.url_map.bind("")
    for address in addresses:
        path = address.partition("?")[0]
        endpoint, _ = routes.match(path)
        if endpoint in kinds or path.endswith(FILES):
            continue
        kinds.add(endpoint)
        person.goto(address)
        addresses += person.tab.locator("a").evaluate_all(PATHS)
        yield endpoint
