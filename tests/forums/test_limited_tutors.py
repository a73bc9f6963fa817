"""A tutor who looks after some modules only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment
from lms.forums.models import Topic
from tests.forums import factories
from tests.forums.factories import Place

Browse = Callable[[str], FlaskClient]


@pytest.fixture
def limited(place: Place, browse: Browse) -> FlaskClient:
    """Let the tutor look after the second module alone."""
    with unit_of_work():
        db.session.get_one(Enrolment, place.tutor).modules = ["module2"]
    return browse("tutor")


def test_reports_are_those_of_the_own_modules(place: Place, limited: FlaskClient, browse: Browse) -> None:
    """Counts and cards, too; an administrator has them all."""
    for forum in ("module1", "module2"):
        posted = factories.topic(place, place.learner, forum, title=f"About {forum}")
        browse("other").post(f"{place.base}/posts/{posted.post_id}/flag", data={"category": "wrong", "note": ""})
    page = limited.get(f"{place.base}/flags").text
    assert ("About module1" in page, "About module2" in page, 'class="count">1<' in page) == (False, True, True)
    assert 'class="count">2<' in browse("admin").get(f"{place.base}/flags").text
    dashboard = place.base.removesuffix("/forums") + "/dashboard"
    waiting = '<dt>Reported posts</dt><dd class="big">{}</dd>'
    assert waiting.format(1) in limited.get(dashboard).text
    assert waiting.format(2) in browse("admin").get(dashboard).text


@pytest.mark.parametrize("forum", ["module1", "announcements"])
def test_other_forums_are_read_and_not_moderated(place: Place, limited: FlaskClient, browse: Browse, forum: str) -> None:
    """Every act is refused with 403 and changes nothing; the page offers none."""
    topic = factories.topic(place, place.admin, forum)
    posted = factories.reply(place, place.learner, topic.topic_id)
    url, act = f"{place.base}/{forum}/{topic.topic_id}", f"{place.base}/posts/{posted.post_id}"
    page = limited.get(url)
    assert (page.status_code, "For tutors" in page.text, f"{act}/hide" in page.text) == (200, False, False)
    sent = {"reason": "R", "note": "", "forum": "module2"}
    acts = [f"{url}/{verb}" for verb in ("pin", "unpin", "lock", "unlock", "move")]
    acts += [f"{act}/hide", f"{act}/restore", f"{place.base}/flags/{posted.post_id}/dismiss"]
    assert {address: limited.post(address, data=sent).status_code for address in acts} == dict.fromkeys(acts, 403)
    assert [limited.get(address).status_code for address in (f"{url}/lock", f"{url}/move", f"{act}/hide")] == [403] * 3
    row = db.session.scalars(select(Topic).where(Topic.id == topic.topic_id)).one()
    assert (row.pinned, row.locked, row.forum) == (False, False, forum)
    assert "For tutors" in browse("admin").get(url).text


def test_the_own_module_is_moderated(place: Place, limited: FlaskClient) -> None:
    """A topic can be pinned, and moved nowhere else."""
    topic = factories.topic(place, place.learner, "module2")
    url = f"{place.base}/module2/{topic.topic_id}"
    assert "For tutors" in limited.get(url).text
    assert limited.post(f"{url}/pin").status_code == 302
    assert limited.post(f"{url}/move", data={"forum": "module1"}).status_code == 422
