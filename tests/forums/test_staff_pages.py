"""What staff do in forums, in a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.core import factories as core
from tests.forums import factories
from tests.forums.factories import Place

Browser = Callable[[int], FlaskClient]
Browse = Callable[[str], FlaskClient]


def test_the_queue_of_flags(place: Place, browse: Browse) -> None:
    """Staff see what was reported, with counts, and decide; learners don't; own posts are left to others."""
    posted = factories.topic(place, place.learner)
    own = factories.topic(place, place.tutor)
    other, tutor = browse("other"), browse("tutor")
    for post in (posted, own):
        other.post(f"{place.base}/posts/{post.post_id}/flag", data={"category": "wrong", "note": "See the lesson."})
    assert other.get(f"{place.base}/flags").status_code == 403
    page = tutor.get(f"{place.base}/flags").text
    assert "See the lesson." in page
    assert "False" not in page
    assert 'class="count">2<' in page
    assert "another tutor or an administrator decides" in page
    assert f'action="{place.base}/flags/{own.post_id}/dismiss"' not in page
    assert tutor.post(f"{place.base}/flags/{own.post_id}/dismiss", data={"note": ""}).status_code == 403
    assert tutor.post(f"{place.base}/flags/{posted.post_id}/dismiss", data={"note": "x" * 501}).status_code == 422
    assert tutor.post(f"{place.base}/flags/{posted.post_id}/dismiss", data={"note": "Fair."}).status_code == 302
    assert tutor.post(f"{place.base}/flags/{posted.post_id}/dismiss", data={"note": "Fair."}).status_code == 409
    decided = tutor.get(f"{place.base}/flags?state=decided").text
    assert "Fair." in decided
    assert browse("admin").post(f"{place.base}/posts/{own.post_id}/hide", data={"reason": "Wrong figure"}).status_code == 302
    assert "Nothing waits for you" in tutor.get(f"{place.base}/flags").text


def test_hiding_with_undo(place: Place, browse: Browse) -> None:
    """Learners lose the post; author and staff see it folded, with the reason; undo is offered."""
    topic = factories.topic(place, place.tutor)
    posted = factories.reply(place, place.learner, topic.topic_id, "My secret address.")
    url, act = f"{place.base}/module1/{topic.topic_id}", f"{place.base}/posts/{posted.post_id}"
    tutor = browse("tutor")
    assert browse("learner").post(f"{act}/hide", data={"reason": "R"}).status_code == 403
    assert tutor.post(f"{act}/hide", data={"reason": ""}).status_code == 422
    answer = tutor.post(f"{act}/hide", data={"reason": "A private address"})
    page = tutor.get(answer.location.partition("#")[0]).text
    assert page.count(f'action="{act}/restore"') == 2  # in the message and under the post
    assert "My secret address." not in browse("other").get(url).text
    for who in ("learner", "tutor", "admin"):
        page = browse(who).get(url).text
        assert "Hidden: A private address" in page
        assert re.search(r"<details><summary>[^<]*</summary>\s*<p>My secret address.", page)
    assert tutor.post(f"{act}/hide", data={"reason": "Again"}).status_code == 409
    assert tutor.post(f"{act}/restore").status_code == 302
    assert "My secret address." in browse("other").get(url).text


def test_a_topic_is_hidden_with_its_first_post(place: Place, browse: Browse) -> None:
    """Other learners don't find it any more; its author reads why nothing can be added."""
    posted = factories.topic(place, place.learner)
    url = f"{place.base}/module1/{posted.topic_id}"
    browse("tutor").post(f"{place.base}/posts/{posted.post_id}/hide", data={"reason": "Off topic"})
    assert browse("other").get(url).status_code == 404
    assert browse("other").get(f"{place.base}/posts/{posted.post_id}").status_code == 404
    page = browse("learner").get(url).text
    assert "This topic is hidden" in page
    assert "<textarea" not in page


def test_locking_with_undo(place: Place, browse: Browse) -> None:
    """A locked topic shows the reason and no form; what is sent all the same is refused."""
    posted = factories.topic(place, place.learner)
    url, tutor = f"{place.base}/module1/{posted.topic_id}", browse("tutor")
    assert tutor.get(f"{url}/lock").status_code == 200
    assert tutor.post(f"{url}/lock", data={"reason": " "}).status_code == 422
    page = tutor.post(f"{url}/lock", data={"reason": "Settled in lesson 2."}, follow_redirects=True).text
    assert f'action="{url}/unlock"' in page
    page = browse("other").get(url).text
    assert "Settled in lesson 2." in page
    assert "<textarea" not in page
    refused = browse("other").post(url, data={"body": "But"})
    assert refused.status_code == 409
    assert "Settled in lesson 2." in refused.text
    tutor.post(f"{url}/unlock")
    assert "<textarea" in browse("other").get(url).text


def test_moving_with_undo(place: Place, browse: Browse) -> None:
    """The old address leads to the new one, for reading and for writing; undo is offered."""
    posted = factories.topic(place, place.learner)
    old, new = (f"{place.base}/{forum}/{posted.topic_id}" for forum in ("module1", "module2"))
    tutor = browse("tutor")
    assert tutor.post(f"{old}/move", data={"forum": "none"}).status_code == 422
    assert tutor.post(f"{old}/move", data={"forum": "module1"}).status_code == 422
    answer = tutor.post(f"{old}/move", data={"forum": "module2"})
    assert answer.location == new
    page = tutor.get(new).text
    assert f'action="{new}/move"' in page
    assert 'name="forum" value="module1"' in page
    other = browse("other")
    moved = other.get(f"{old}?from={posted.post_id}")
    assert moved.location == f"{new}?from={posted.post_id}"
    assert other.post(old, data={"body": "Still here."}).location.startswith(new)
    assert "Topic" in other.get(f"{place.base}/module2/").text


def test_pinning(place: Place, browse: Browse) -> None:
    """A pinned topic stays at the head of its forum until it is unpinned."""
    first = factories.topic(place, place.learner, title="The first")
    factories.topic(place, place.learner, title="The second")
    tutor, url = browse("tutor"), f"{place.base}/module1/"
    for act, order in (("pin", ["The first", "The second"]), ("unpin", ["The second", "The first"])):
        tutor.post(f"{url}{first.topic_id}/{act}")
        page = browse("learner").get(url).text
        assert sorted(order, key=page.index) == order


@pytest.mark.parametrize("act", ["pin", "unpin", "lock", "unlock", "move"])
def test_only_staff_look_after_topics(place: Place, browse: Browse, act: str) -> None:
    """Learners may not, not even with their own topics."""
    posted = factories.topic(place, place.learner)
    data = {"reason": "R", "forum": "module2"}
    assert browse("learner").post(f"{place.base}/module1/{posted.topic_id}/{act}", data=data).status_code == 403


def test_an_administrator_of_the_installation(place: Place, signed_in: Browser) -> None:
    """Reads and moderates everywhere; to write, an enrolment is needed."""
    posted = factories.topic(place, place.learner)
    root = signed_in(core.person(administrator=True))
    url = f"{place.base}/module1/{posted.topic_id}"
    for path in (
        f"{place.base}/",
        f"{place.base}/module1/",
        url,
        f"{place.base}/module1/prompt",
        f"{place.base}/flags",
    ):
        page = root.get(path)
        assert page.status_code == 200
        assert "<textarea" not in page.text
    assert root.get(f"{place.base}/unread").location == f"{place.base}/"
    assert root.post(url, data={"body": "B"}).status_code == 403
    assert root.post(f"{place.base}/posts/{posted.post_id}/hide", data={"reason": "R"}).status_code == 302
