"""The search page and its box, in a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core.db import unit_of_work
from lms.core.domain import Course
from lms.forums import commands as forums
from lms.search import rules
from tests.core import factories as core
from tests.forums import factories
from tests.forums.factories import Place

Browse = Callable[[str], FlaskClient]
NAUGHTY = [
    '"',
    '""""',
    "'; DROP TABLE people; --",
    "<script>alert(1)</script>",
    "a:b AND (c OR",
    "NEAR(a b, 1) ^x* -y +z",
    "{title_terms}: x",
    "%%%_\\",
    "\u0000nul",
    "\u202eright to left",
    "😀 🇰🇭",
    "́̈",
    "x" * 5000,
    "สระแอ ្ ျ",
    "&amp;&lt;",
    "{{ 7*7 }}",
    "../../etc/passwd",
    "ﷺ",
    "Ⅷ ½ ①",
]


def _address(place: Place) -> str:
    return place.base.removesuffix("forums") + "search"


@pytest.mark.parametrize("asked", NAUGHTY)
def test_whatever_is_typed_is_text(place: Place, browse: Browse, asked: str) -> None:
    """It is looked for, shown again as it was typed, and never an error."""
    factories.topic(place, place.learner, title="T", body=f"Before {asked} after".replace("\0", ""))
    answer = browse("other").get(_address(place), query_string={"q": asked})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    shown = re.search(r'id="q" name="q" type="search" value="([^"]*)"', answer.text)
    assert shown
    assert unescape(shown[1]) == asked[: rules.LONGEST_QUESTION].strip()


def test_a_result_says_what_it_is_and_leads_to_the_words(place: Place, browse: Browse) -> None:
    """Kind, module, title and text with the words marked; the link names the place in the page and the words there."""
    topic = factories.topic(place, place.learner, title="Đà Nẵng & <others>", body="We met in Da-Nang <i>once</i>.")
    page = browse("other").get(_address(place), query_string={"q": "da nang"}).text
    link = f"{place.base}/module1/{topic.topic_id}?at={topic.post_id}#p{topic.post_id}:~:text=Da%2DNang%20"
    assert f'href="{link}' in page
    assert "<mark>Đà</mark> <mark>Nẵng</mark> &amp; &lt;others&gt;" in page
    assert "We met in <mark>Da</mark>-<mark>Nang</mark> " in page
    assert "<i>once" not in page
    assert re.search(r'Forums . <a href="[^"]*/modules/module1/">1 ', page)
    reached = browse("other").get(link.partition("#")[0])
    assert f'id="p{topic.post_id}"' in reached.text


def test_a_lesson_is_opened_at_its_heading(place: Place, browse: Browse) -> None:
    """And a term in its glossary."""
    browser = browse("other")
    page = browser.get(_address(place), query_string={"q": "land title", "kind": "lesson"}).text
    found = re.search(r'<h2><a href="([^"#]+/modules/[^"#]+)#([^":]*):~:text=', page)
    assert found
    assert f'id="{found[2]}"' in browser.get(found[1]).text
    page = browser.get(_address(place), query_string={"q": "identifier", "kind": "term"}).text
    found = re.search(r'<h2><a href="([^"#]+/glossary)#([^":]+)', page)
    assert found
    assert f'id="{found[2]}"' in browser.get(found[1]).text


def test_a_post_deep_in_a_topic_is_on_the_page(place: Place, browse: Browse) -> None:
    topic = factories.topic(place, place.learner).topic_id
    with unit_of_work():
        for number in range(70):
            forums.reply(place.edition, place.learner, topic, "Zenithal." if number == 40 else f"Post {number}.")
    browser = browse("other")
    found = re.search(r'<h2><a href="([^"#]+)#(p\d+):', browser.get(_address(place), query_string={"q": "zenithal"}).text)
    assert found
    assert f'id="{found[2]}"' in browser.get(unescape(found[1])).text


def test_counts_by_kind_and_pages(place: Place, browse: Browse) -> None:
    """Twenty a page; each kind with its count; a page or kind that is none leads to the first of all."""
    with unit_of_work():
        for number in range(45):
            forums.start_topic(place.edition, place.learner, "module1", f"Zenithal {number}", "Text")
    browser, address = browse("other"), _address(place)
    page = browser.get(address, query_string={"q": "zenithal"}).text
    assert re.search(r'>Forums <span class="count">45</span>', page)
    assert "1 to 20 of 45" in page
    seen = set()
    for number in (1, 2, 3):
        page = browser.get(address, query_string={"q": "zenithal", "page": number, "kind": "post"}).text
        seen |= set(re.findall(r'<h2><a href="([^"#]+)', page))
        assert ('rel="next"' in page) is (number < 3)
    assert len(seen) == 45
    for query in ({"page": "99"}, {"page": "-1"}, {"page": "x"}, {"kind": "nothing"}, {"page": "²"}):
        assert "1 to 20 of 45" in browser.get(address, query_string={"q": "zenithal", **query}).text
    empty = browser.get(address, query_string={"q": "zenithal", "kind": "term"})
    assert empty.status_code == 200
    assert "Look everywhere" in empty.text


def test_more_than_anybody_reads_is_not_listed(place: Place, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last page says so."""
    monkeypatch.setattr(rules, "MOST_PAGES", 2)
    with unit_of_work():
        for number in range(45):
            forums.start_topic(place.edition, place.learner, "module1", f"Zenithal {number}", "Text")
    page = browse("other").get(_address(place), query_string={"q": "zenithal", "page": 2}).text
    assert "Only the best matches are listed" in page
    assert 'rel="next"' not in page


def test_nothing_found_helps_on(place: Place, browse: Browse) -> None:
    """With what may be wrong, and each word alone; nothing asked says how to ask."""
    browser, address = browse("other"), _address(place)
    page = browser.get(address, query_string={"q": "identifier qqqq"}).text
    assert "Nothing found for “identifier qqqq”" in page
    assert f'<a href="{address}?q=identifier">identifier</a>' in page
    assert "Nothing found" in browser.get(address, query_string={"q": "?!"}).text
    page = browser.get(address).text
    assert "as far as they are open to you" in page
    assert "Nothing found" not in page


def test_the_box_is_on_the_pages_of_who_may_search(course: Course, place: Place, browse: Browse, client: FlaskClient) -> None:
    """On every page of the edition but its own; not for strangers, nor outside of editions."""
    box = f'<form class="search" role="search" action="{_address(place)}">'
    learner = browse("learner")
    for path in ("dashboard", "modules/", "forums/", "no-such-page"):
        assert box in learner.get(place.base.removesuffix("forums") + path).text or path == "no-such-page"
    assert box not in learner.get(_address(place)).text
    assert box not in learner.get("/account/profile").text
    assert box not in client.get(place.base.removesuffix("forums")).text
    other = factories.place(course)
    assert box not in learner.get(other.base.removesuffix("forums")).text


def test_only_participants_search(place: Place, client: FlaskClient, signed_in: Callable[[int], FlaskClient]) -> None:
    assert client.get(_address(place)).location.startswith("/account/sign-in?next=")
    assert signed_in(core.person()).get(_address(place), query_string={"q": "x"}).status_code == 403
    assert client.get("/e/no-such-edition/search").status_code == 404


def test_few_statements(place: Place, browse: Browse, statements: Callable[[], Any]) -> None:
    """Who asks, how much there is, what there is; without a question only who asks."""
    factories.topic(place, place.learner, title="Identifier")
    browser = browse("other")
    browser.get(_address(place), query_string={"q": "identifier"})
    for asked, most in (("identifier", 3), ("nothingofthiskind", 2), ("", 1)):
        with statements() as seen:
            assert browser.get(_address(place), query_string={"q": asked}).status_code == 200
        seen.at_most(most)
