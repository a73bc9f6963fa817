"""What is new, page by page, at a constant number of statements."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core.db import unit_of_work
from lms.core.domain import Course
from lms.core.progress import activities
from lms.core.viewer import edition_by_id
from lms.forums import commands, moderation, queries, rules
from tests.core import factories as core
from tests.forums import factories
from tests.forums.factories import Place

Browser = Callable[[int], FlaskClient]


def _new(place: Place, who: str, forum: str = "module1") -> dict[int, tuple[int, int | None]]:
    rows = queries.topics(place.edition, forum, place.viewer(who)).topics
    return {row.id: (row.unread, row.first_unread) for row in rows}


def test_what_is_new_to_whom(place: Place) -> None:
    """New is what was written by others after one's mark; hidden and withdrawn posts are not."""
    topic = factories.topic(place, place.learner)
    first = factories.reply(place, place.other, topic.topic_id)
    second = factories.reply(place, place.tutor, topic.topic_id)
    assert _new(place, "learner") == {topic.topic_id: (2, first.post_id)}
    assert _new(place, "other") == {topic.topic_id: (1, second.post_id)}
    assert _new(place, "tutor") == {topic.topic_id: (0, None)}
    assert _new(place, "admin") == {topic.topic_id: (3, topic.post_id)}
    with unit_of_work():
        moderation.hide(place.edition, second.post_id, place.viewer("admin"), "No")
    assert _new(place, "learner") == {topic.topic_id: (1, first.post_id)}
    assert _new(place, "other") == {topic.topic_id: (0, None)}


def test_opening_a_topic_marks_it_read(place: Place, signed_in: Browser, statements: Callable[[], Any]) -> None:
    """It is written down once, and not again while nothing new is there."""
    topic = factories.topic(place, place.learner)
    other = signed_in(place.person("other"))
    url = f"{place.base}/module1/{topic.topic_id}"
    assert "1 new" in other.get(f"{place.base}/module1/").text
    assert other.get(url).status_code == 200
    assert _new(place, "other") == {topic.topic_id: (0, None)}
    with statements() as seen:
        other.get(url)
    assert not [statement for statement in seen if statement.startswith(("INSERT", "UPDATE"))]


def test_a_mark_never_goes_back(place: Place) -> None:
    """Looking at an early page again makes nothing new."""
    topic = factories.topic(place, place.learner)
    last = factories.reply(place, place.learner, topic.topic_id)
    for post_id in (last.post_id, topic.post_id):
        with unit_of_work():
            commands.mark_read(place.other, topic.topic_id, post_id)
    assert _new(place, "other") == {topic.topic_id: (0, None)}


def test_marking_all_as_read(place: Place, signed_in: Browser) -> None:
    """In all forums, or in one; other people's marks stay as they are."""
    one, two = (factories.topic(place, place.learner, forum) for forum in ("module1", "module2"))
    factories.reply(place, place.learner, one.topic_id)
    other = signed_in(place.person("other"))
    assert other.get(f"{place.base}/").text.count("1 unread") == 2
    assert other.post(f"{place.base}/read", data={"forum": "module1"}).location == f"{place.base}/module1/"
    assert _new(place, "other") == {one.topic_id: (0, None)}
    assert _new(place, "other", "module2") == {two.topic_id: (1, two.post_id)}
    assert other.post(f"{place.base}/read", data={"forum": "none"}).status_code == 404
    for _ in range(2):
        assert other.post(f"{place.base}/read").location == f"{place.base}/"
    assert _new(place, "other", "module2") == {two.topic_id: (0, None)}
    assert _new(place, "tutor") == {one.topic_id: (2, one.post_id)}


def test_going_from_one_new_topic_to_the_next(place: Place, signed_in: Browser) -> None:
    """The one that waits longest comes first, at its first new post; in the end there is nothing left."""
    posted = [factories.topic(place, place.learner, forum) for forum in ("module2", "module1", "module1")]
    other = signed_in(place.person("other"))
    for topic, forum in zip(posted, ("module2", "module1", "module1"), strict=True):
        answer = other.get(f"{place.base}/unread")
        assert answer.location == f"{place.base}/{forum}/{topic.topic_id}#p{topic.post_id}"
        page = other.get(answer.location.partition("#")[0]).text
        assert ("Next unread topic" in page) is (topic != posted[-1])
    assert other.get(f"{place.base}/unread").location == f"{place.base}/"
    assert "You have read everything." in other.get(f"{place.base}/").text


def test_a_long_topic_in_pages(place: Place, signed_in: Browser) -> None:
    """Thirty posts a page, forwards and back; the first new post begins a page; what was shown is read."""
    topic = factories.topic(place, place.learner).topic_id
    with unit_of_work():
        posts = [commands.reply(place.edition, place.learner, topic, f"Post {number}.").post_id for number in range(70)]
    url = f"{place.base}/module1/{topic}"
    other = signed_in(place.person("other"))
    seen, at, page = [], url, ""
    for _ in range(3):
        page = other.get(at).text
        shown = [int(number) for number in re.findall(r'<article class="post[^"]*" id="p(\d+)"', page)]
        assert len(shown) <= rules.POSTS_A_PAGE
        seen += shown
        later = re.search(r'rel="next" href="([^"]+)"', page)
        at = later[1] if later else ""
    assert seen[1:] == posts
    assert not at
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back
    shown = [int(number) for number in re.findall(r'<article class="post[^"]*" id="p(\d+)"', other.get(back[1]).text)]
    assert shown == seen[30:60]
    tutor = signed_in(place.person("tutor"))
    tutor.get(url)
    assert _new(place, "tutor") == {topic: (41, seen[30])}
    assert tutor.get(f"{place.base}/unread").location == f"{url}?from={seen[30]}#p{seen[30]}"
    answer = tutor.post(url, data={"body": "The last word."})
    assert f"?until={seen[-1] + 1}#p{seen[-1] + 1}" in answer.location
    assert "The last word." in tutor.get(answer.location.partition("#")[0]).text
    assert tutor.get(f"{place.base}/posts/{seen[5]}").location == f"{url}?until={seen[5]}#p{seen[5]}"


def test_a_long_forum_in_pages(place: Place) -> None:
    """Twenty topics a page: the prompt, pinned, new, the rest, each by its last post; every topic once."""
    ids = [factories.topic(place, place.learner).topic_id for _ in range(44)]
    viewer = place.viewer("other")
    with unit_of_work():
        moderation.pin(place.edition, ids[3], place.viewer("tutor"))
        prompt = commands.answer_prompt(place.edition, place.other, "module1", "Here …").topic_id
        for topic_id in ids[20:]:
            commands.mark_read(place.other, topic_id, 10**9)
    order, cursor = [], ""
    for size in (20, 20, 5):
        page = queries.topics(place.edition, "module1", viewer, cursor)
        assert len(page.topics) == size
        order += [row.id for row in page.topics]
        cursor = page.after
    assert not cursor
    fresh = [topic_id for topic_id in ids[:20] if topic_id != ids[3]]
    assert order == [prompt, ids[3], *fresh[::-1], *ids[:19:-1]]


@pytest.mark.parametrize(("path", "most"), [("", 3), ("module1/", 4), ("module1/{topic}", 4), ("unread", 3), ("module1/new", 2)])
def test_few_statements(course: Course, signed_in: Browser, statements: Callable[[], Any], path: str, most: int) -> None:
    """A page costs the same number of statements for one topic as for thirty."""
    place = factories.place(course)
    other = signed_in(place.person("other"))
    topic = factories.topic(place, place.learner).topic_id
    counts, last = [], 0
    for topics in (1, 29):
        with unit_of_work():
            for number in range(topics):
                posted = commands.start_topic(place.edition, place.learner, "module1", f"T {number}", "Text")
                commands.reply(place.edition, place.tutor, posted.topic_id, "Yes.")
                last = commands.reply(place.edition, place.tutor, topic, "More.").post_id
        other.get(f"{place.base}/module1/{topic}?until={last}")
        url = f"{place.base}/{path.format(topic=topic)}"
        other.get(url)
        with statements() as seen:
            assert other.get(url).status_code in {200, 302}
        seen.at_most(most)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_cards_on_dashboards(place: Place, signed_in: Browser, statements: Callable[[], Any]) -> None:
    """A learner sees at most five topics with new posts, by one statement; staff the number of reports."""
    dashboard = place.base.removesuffix("forums") + "dashboard"
    other, tutor = signed_in(place.person("other")), signed_in(place.person("tutor"))
    assert "In the forums" not in other.get(dashboard).text
    topics = [factories.topic(place, place.learner, title=f"Question {number}") for number in range(6)]
    page = other.get(dashboard).text
    assert page.count('class="unread"') == 5
    assert "Question 5" not in page
    with unit_of_work():
        moderation.flag(place.edition, place.other, topics[0].post_id, "rude")
    page = tutor.get(dashboard).text
    assert re.search(r"Reported posts</dt><dd[^>]*>1<", page)
    edition, viewer = edition_by_id(place.edition), place.viewer("other")
    queries.unread_topics(edition, viewer)
    with statements() as seen:
        queries.unread_topics(edition, viewer)
    seen.at_most(1)


def test_taking_part_is_an_activity(place: Place) -> None:
    """Done with a post that others see, never counted; it says what is new."""

    def standing() -> dict[str, tuple[bool, str]]:
        found = [a for a in activities(place.learner) if a.feature == "forums"]
        assert not any(a.counts for a in found)
        return {a.key: (a.done, a.detail) for a in found}

    assert standing() == {"module1": (False, ""), "module2": (False, "")}
    topic = factories.topic(place, place.other)
    assert standing()["module1"] == (False, "1 topic with new posts")
    answer = factories.reply(place, place.learner, topic.topic_id)
    assert standing()["module1"] == (True, "you have written here")
    with unit_of_work():
        moderation.hide(place.edition, answer.post_id, place.viewer("tutor"), "No")
    assert standing()["module1"] == (False, "")


def test_activities_lead_somewhere(place: Place, signed_in: Browser) -> None:
    """Each activity is named after the module's question and leads to its forum."""
    found = [a for a in activities(place.learner) if a.feature == "forums"]
    assert [a.title for a in found] == [f"Take part in the discussion: How is it in your country? ({n})" for n in (1, 2)]
    assert [a.url for a in found] == [f"{place.base}/module1/", f"{place.base}/module2/"]
    assert signed_in(place.person("learner")).get(found[0].url).status_code == 200


def test_activities_in_bulk(place: Place, statements: Callable[[], Any]) -> None:
    """An enrolment's activities cost three statements, whoever has written how much."""
    list(queries.activities(place.learner))
    for _ in range(5):
        factories.topic(place, place.learner)
    learner = core.enrolment(place.edition)
    with statements() as seen:
        list(queries.activities(learner))
    seen.at_most(3)
