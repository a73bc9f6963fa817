"""Forums in a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, update

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Edition, EditionState
from lms.forums import rules
from lms.forums.models import Flag, Post, Topic
from tests.core import factories as core
from tests.forums import factories
from tests.forums.factories import Place

Browser = Callable[[int], FlaskClient]


Browse = Callable[[str], FlaskClient]


def key_of(page: str) -> str:
    """Find the mark in a page's form."""
    match = re.search(r'name="key"[^>]* value="([0-9a-f]{32})"', page)
    assert match
    return match[1]


def test_the_list_of_forums(place: Place, browse: Browse) -> None:
    """Announcements first, then one forum a module with its question."""
    page = browse("learner").get(f"{place.base}/").text
    names = ["Announcements", "1 Module number 1", "How is it in your country? (1)", "2 Module number 2"]
    places = [page.index(name) for name in names]
    assert places == sorted(places)
    assert "You have read everything." in page


def test_a_forum_opens_with_its_module(course: Course, signed_in: Browser) -> None:
    """Before the module's day its forum is closed to learners, with the time, and open to tutors."""
    place = factories.place(course, starts_on=core.someday(-1))
    posted = factories.topic(place, place.tutor, "module2")
    learner, tutor = (signed_in(place.person(who)) for who in ("learner", "tutor"))
    index = learner.get(f"{place.base}/").text
    assert "opens" in index
    assert f'href="{place.base}/module2/"' not in index
    inside = f"{place.base}/module2/{posted.topic_id}"
    post = f"{place.base}/posts/{posted.post_id}"
    for url in (
        f"{place.base}/module2/",
        f"{place.base}/module2/prompt",
        f"{place.base}/module2/new",
        inside,
        post,
        f"{post}/history",
    ):
        answer = learner.get(url)
        assert answer.status_code == 403, url
        assert "Module 2 opens on" in answer.text
    for url in (inside, f"{post}/flag", f"{place.base}/module2/new", f"{place.base}/module2/prompt"):
        assert learner.post(url, data={"body": "Text", "title": "T", "category": "rude"}).status_code == 403, url
    assert tutor.get(inside).status_code == 200
    assert "topic with new posts" not in signed_in(place.person("other")).get(f"/e/{place.base.split('/')[2]}/dashboard").text


def test_a_topic_is_started_and_answered(place: Place, browse: Browse) -> None:
    """Post, redirect, get; what was written is there, and the draft of the browser is let go."""
    learner = browse("learner")
    form = learner.get(f"{place.base}/module1/new").text
    assert 'data-draft="forum:' in form
    answer = learner.post(f"{place.base}/module1/new", data={"title": "Who pays?", "body": "I **ask**.", "key": key_of(form)})
    assert answer.status_code == 302
    page = learner.get(answer.location).text
    assert "<h1>Who pays?</h1>" in page
    assert "I <strong>ask</strong>." in page
    assert 'data-draft-done="forum:' in page
    other = browse("other")
    answer = other.post(answer.location, data={"body": "We do.", "key": key_of(other.get(answer.location).text)})
    assert answer.location.endswith(f"#p{db.session.query(func.max(Post.id)).scalar()}")
    page = other.get(answer.location.partition("#")[0]).text
    assert "We do." in page
    draft = re.search(r'data-draft="([^"]+)"', page)
    assert draft
    assert f'data-draft-done="{draft[1]}"' in page


def test_a_form_that_is_sent_twice(place: Place, browse: Browse) -> None:
    """The second sending of the same form leads to the same post."""
    learner = browse("learner")
    for url in (f"{place.base}/module1/new", f"{place.base}/module1/prompt"):
        data = {"title": "Once", "body": "Only once.", "key": key_of(learner.get(url).text)}
        first, second = (learner.post(url, data=data) for _ in range(2))
        assert first.status_code == second.status_code == 302
        assert first.location == second.location
    assert db.session.query(Post).filter_by(body="Only once.").count() == 2
    topic = db.session.query(Topic).filter_by(title="Once").one()
    url = f"{place.base}/module1/{topic.id}"
    data = {"body": "Just one answer.", "key": key_of(learner.get(url).text)}
    assert learner.post(url, data=data).location == learner.post(url, data=data).location
    assert db.session.query(Post).filter_by(body="Just one answer.").count() == 1


def test_the_prompt_is_the_first_topic(place: Place, browse: Browse) -> None:
    """It heads its forum before anybody answers; reading writes nothing; its first address leads on."""
    learner = browse("learner")
    assert f'href="{place.base}/module1/prompt"' in learner.get(f"{place.base}/module1/").text
    page = learner.get(f"{place.base}/module1/prompt").text
    assert "Tell <em>one</em> example." in page
    assert not db.session.query(Topic).count()
    answer = learner.post(f"{place.base}/module1/prompt", data={"body": "Here it is the post office."})
    topic = db.session.query(Topic).one()
    assert answer.location.startswith(f"{place.base}/module1/{topic.id}#p")
    assert learner.get(f"{place.base}/module1/prompt").location == f"{place.base}/module1/{topic.id}"
    page = learner.get(f"{place.base}/module1/").text
    assert "/prompt" not in page
    assert "pinned" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": "T", "body": ""}, "Please fill this in."),
        ({"title": "", "body": "Text that must stay"}, "Text that must stay"),
        ({"title": "T" * 151, "body": "Text that must stay"}, "Text that must stay"),
        ({"title": "T", "body": "x" * 10_001}, "at most 10,000 characters"),
        ({"title": "T", "body": "a\u202eb"}, "invisible character U+202E"),
        ({"title": "T\x00", "body": "Text that must stay"}, "Text that must stay"),
        ({"title": "T", "body": "Text that must stay", "key": "'; drop table"}, "Text that must stay"),
    ],
)
def test_what_can_not_be_posted(place: Place, browse: Browse, data: dict[str, str], words: str) -> None:
    """The form comes back with the reason and with what was typed; nothing is written."""
    answer = browse("learner").post(f"{place.base}/module1/new", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert not db.session.query(Topic).count()


def test_preview_without_scripts(place: Place, browse: Browse) -> None:
    """The Preview button shows the text as it will look, keeps it in the form and writes nothing."""
    learner = browse("learner")
    posted = factories.topic(place, place.learner)
    for url, data in (
        (f"{place.base}/module1/new", {"title": "T"}),
        (f"{place.base}/module1/prompt", {}),
        (f"{place.base}/module1/{posted.topic_id}", {}),
        (f"{place.base}/posts/{posted.post_id}/edit", {"title": "T", "version": "1"}),
    ):
        answer = learner.post(url, data={"body": "So *very* new", "preview": "1", **data})
        assert answer.status_code == 200, url
        assert "So <em>very</em> new" in answer.text
        assert "So *very* new</textarea>" in answer.text
    assert db.session.query(Post).count() == 1
    assert factories.post_row(posted.post_id).version == 1


def test_live_preview(place: Place, browse: Browse) -> None:
    """The preview is a piece of HTML; what can't be posted is said in words."""
    learner = browse("learner")
    assert learner.post(f"{place.base}/preview", data={"body": "a *b*"}).text == "<p>a <em>b</em></p>"
    assert "Please fill this in." in learner.post(f"{place.base}/preview", data={"body": ""}).text
    assert "at most" in learner.post(f"{place.base}/preview", data={"body": "x" * 10_001}).text


def test_changing_a_post(place: Place, browse: Browse) -> None:
    """In the first half hour the author changes text and title; everybody sees that, and the history."""
    posted = factories.topic(place, place.learner, title="Frist", body="One")
    learner, other = browse("learner"), browse("other")
    url = f"{place.base}/posts/{posted.post_id}"
    assert f'href="{url}/edit"' in learner.get(f"{place.base}/module1/{posted.topic_id}").text
    answer = learner.post(f"{url}/edit", data={"title": "First", "body": "Two", "version": "1"})
    assert answer.status_code == 302
    page = other.get(f"{place.base}/module1/{posted.topic_id}").text
    assert "<h1>First</h1>" in page
    assert "edited " in page
    assert f'href="{url}/history"' in page
    assert f'href="{url}/edit"' not in page
    history = other.get(f"{url}/history").text
    assert history.index("<p>Two</p>") < history.index("<p>One</p>")
    assert "Frist" in history
    stale = learner.post(f"{url}/edit", data={"title": "First", "body": "Three", "version": "1"})
    assert stale.status_code == 422
    assert "changed elsewhere" in stale.text
    assert "Three</textarea>" in stale.text
    with clock.at(factories.minutes(31)):
        assert learner.get(f"{url}/edit").status_code == 409
        assert f'href="{url}/edit"' not in learner.get(f"{place.base}/module1/{posted.topic_id}").text


def test_withdrawing_with_undo(place: Place, browse: Browse) -> None:
    """Withdrawn at a press, gone for others, back at another press."""
    topic = factories.topic(place, place.tutor)
    posted = factories.reply(place, place.learner, topic.topic_id, "Not what I meant.")
    learner, other = browse("learner"), browse("other")
    url = f"{place.base}/module1/{topic.topic_id}"
    answer = learner.post(f"{place.base}/posts/{posted.post_id}/withdraw")
    page = learner.get(answer.location.partition("#")[0]).text
    assert f'action="{place.base}/posts/{posted.post_id}/put-back"' in page
    assert "Not what I meant." not in other.get(url).text
    assert other.get(f"{place.base}/posts/{posted.post_id}/history").status_code == 404
    assert learner.post(f"{place.base}/posts/{posted.post_id}/put-back").status_code == 302
    assert "Not what I meant." in other.get(url).text


@pytest.mark.parametrize("act", ["edit", "withdraw", "put-back"])
def test_others_posts_are_not_changed(place: Place, browse: Browse, act: str) -> None:
    """Somebody else's post is not found where only its author may act, not even by staff."""
    posted = factories.topic(place, place.learner)
    for who in ("other", "tutor", "admin"):
        answer = browse(who).post(f"{place.base}/posts/{posted.post_id}/{act}", data={"body": "B", "title": "T", "version": "1"})
        assert answer.status_code == 404
    assert factories.post_row(posted.post_id).version == 1


def test_other_editions_are_not_found(place: Place, course: Course, browse: Browse) -> None:
    """Topics and posts of another edition do not exist in this one."""
    elsewhere = factories.place(course)
    posted = factories.topic(elsewhere, elsewhere.learner)
    tutor = browse("tutor")
    gets = [
        f"module1/{posted.topic_id}",
        f"posts/{posted.post_id}",
        f"posts/{posted.post_id}/history",
        "none/",
        "none/new",
    ]
    posts = [f"posts/{posted.post_id}/{act}" for act in ("hide", "restore", "flag", "edit")]
    posts += [f"module1/{posted.topic_id}{act}" for act in ("", "/pin", "/unpin", "/lock", "/unlock", "/move")]
    posts += [f"flags/{posted.post_id}/dismiss"]
    for path in gets:
        assert tutor.get(f"{place.base}/{path}").status_code == 404, path
    data = {"reason": "R", "body": "B", "forum": "module2", "category": "rude"}
    for path in posts:
        assert tutor.post(f"{place.base}/{path}", data=data).status_code == 404, path
    assert tutor.get(f"{elsewhere.base}/").status_code == 403


def test_reporting_a_post(place: Place, browse: Browse) -> None:
    """A reason is needed; then the page says that it is reported; again is refused."""
    posted = factories.topic(place, place.learner, body="Buy *now*")
    other, url = browse("other"), f"{place.base}/posts/{posted.post_id}/flag"
    assert "Buy <em>now</em>" in other.get(url).text
    assert other.post(url, data={"note": "spam"}).status_code == 422
    assert other.post(url, data={"category": "none"}).status_code == 422
    answer = other.post(url, data={"category": "advertising", "note": "spam"})
    page = other.get(answer.location.partition("#")[0]).text
    assert "You get a mail" in page or "you get a mail" in page
    assert "You reported this" in page
    assert other.post(url, data={"category": "rude"}).status_code == 409
    assert browse("learner").get(url).status_code == 403
    assert browse("learner").post(url, data={"category": "rude"}).status_code == 403
    assert db.session.query(Flag).count() == 1


def test_a_closed_edition_is_readable(place: Place, browse: Browse) -> None:
    """Everything can be read and nothing written, and every page says so."""
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        db.session.execute(update(Edition).where(Edition.id == place.edition).values(state=EditionState.CLOSED))
    learner, url = browse("learner"), f"{place.base}/module1/{posted.topic_id}"
    for path in (f"{place.base}/", f"{place.base}/module1/", f"{place.base}/module1/prompt", url):
        page = learner.get(path)
        assert page.status_code == 200
        assert "This edition is over" in page.text
        assert "<textarea" not in page.text
        assert "/new" not in page.text
    refused = learner.get(f"{place.base}/module1/new")
    assert refused.status_code == 409
    for path in (
        f"{place.base}/module1/new",
        f"{place.base}/module1/prompt",
        url,
        f"{place.base}/posts/{posted.post_id}/edit",
    ):
        answer = learner.post(path, data={"title": "T", "body": "B", "version": "1"})
        assert answer.status_code == 409, path
        assert "edition is over" in answer.text
    assert db.session.query(Post).count() == 1


def test_posting_too_often(place: Place, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit a post is refused with the time to wait; previews and other people are free."""
    monkeypatch.setattr(rules, "MOST_POSTS", 2)
    posted = factories.topic(place, place.tutor)
    url, learner = f"{place.base}/module1/{posted.topic_id}", browse("learner")
    for _ in range(4):
        assert learner.post(url, data={"body": "B", "preview": "1"}).status_code == 200
    assert [learner.post(url, data={"body": "B"}).status_code for _ in range(3)] == [302, 302, 429]
    refused = learner.post(f"{place.base}/module1/new", data={"title": "T", "body": "B"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= rules.POSTS_SECONDS
    assert "You can try again in" in refused.text
    assert browse("other").post(url, data={"body": "B"}).status_code == 302
    with clock.at(clock.now() + timedelta(seconds=rules.POSTS_SECONDS + 1)):
        assert learner.post(url, data={"body": "B"}).status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        "from=99999999999999999999",
        "from=-1",
        "from=²",
        "from=x",
        "until=0",
        "from=9007199254740991",
        f"from={'9' * 5000}",
    ],
)
def test_odd_addresses(place: Place, browse: Browse, query: str) -> None:
    """Whatever stands in the address, the topic is shown or led to."""
    posted = factories.topic(place, place.learner)
    answer = browse("learner").get(f"{place.base}/module1/{posted.topic_id}?{query}")
    assert answer.status_code in {200, 302}
    assert browse("learner").get(f"{place.base}/module1/?after={query}").status_code == 200
    assert browse("tutor").get(f"{place.base}/flags?after={query[6:]}").status_code == 200


def test_visitors_are_asked_to_sign_in(place: Place, client: FlaskClient) -> None:
    """Forums are for participants."""
    posted = factories.topic(place, place.learner)
    for path in ("", "module1/", f"module1/{posted.topic_id}", "flags", f"posts/{posted.post_id}/history"):
        assert "/account/sign-in" in client.get(f"{place.base}/{path}").location
