"""Flags and what staff do, without a request; each act is on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Enrolment
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.viewer import edition_by_id
from lms.forums import commands, flag_queries, moderation, queries
from lms.forums.models import Flag
from tests.forums import factories
from tests.forums.factories import Place


def _flag(place: Place, who: str, post_id: int, category: str = "rude", note: str = "") -> None:
    with unit_of_work():
        moderation.flag(place.edition, getattr(place, who), post_id, category, note)


def _hide(place: Place, who: str, post_id: int, reason: str = "It names a private person.") -> None:
    with unit_of_work():
        moderation.hide(place.edition, post_id, place.viewer(who), reason)


def _acts() -> list[tuple[str, str | None, int | None]]:
    return [(row.action, row.subject, row.subject_id) for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def _email(enrolment_id: int) -> str:
    return db.session.get_one(Enrolment, enrolment_id).person.email


def test_a_flag_and_its_refusals(place: Place) -> None:
    """Anybody reports others' visible posts, once, for a known reason."""
    posted = factories.topic(place, place.learner)
    _flag(place, "other", posted.post_id, "other", "See line 2.")
    with pytest.raises(Conflict, match="before"):
        _flag(place, "other", posted.post_id, "personal")
    with pytest.raises(Conflict, match="your own"):
        _flag(place, "learner", posted.post_id)
    with pytest.raises(Invalid):
        _flag(place, "tutor", posted.post_id, "ugly")
    with pytest.raises(NotFound):
        _flag(place, "other", posted.post_id + 1)
    _hide(place, "tutor", posted.post_id)
    with pytest.raises(Conflict, match="not visible"):
        _flag(place, "admin", posted.post_id)
    assert db.session.query(Flag).count() == 1


def test_hiding_tells_author_and_reporters(place: Place) -> None:
    """The author gets the reason and not who reported; each reporter gets the outcome; flags are upheld."""
    topic = factories.topic(place, place.tutor)
    posted = factories.reply(place, place.learner, topic.topic_id)
    _flag(place, "other", posted.post_id)
    _flag(place, "admin", posted.post_id, "personal")
    _hide(place, "tutor", posted.post_id)
    (author,) = factories.mails("forums.hidden")
    assert author[0] == _email(place.learner)
    assert "It names a private person." in author[2]
    assert f"/forums/posts/{posted.post_id}" in author[2]
    for enrolment_id in (place.other, place.admin):
        name = db.session.get_one(Enrolment, enrolment_id).person.name
        assert name not in author[2]
    assert {mail[0] for mail in factories.mails("forums.flag_upheld")} == {
        _email(place.other),
        _email(place.admin),
    }
    assert {row.state for row in db.session.query(Flag)} == {"upheld"}
    assert _acts() == [("forums.hide", "post", posted.post_id)]
    topic_row = factories.topic_row(topic.topic_id)
    assert (topic_row.posts, topic_row.last_post_id, topic_row.hidden) == (1, topic.post_id, False)
    with pytest.raises(Conflict, match="already"):
        _hide(place, "admin", posted.post_id)


def test_restoring_gives_everything_back(place: Place) -> None:
    """A restored post counts again; its author is told; restoring twice is refused."""
    topic = factories.topic(place, place.learner)
    _hide(place, "tutor", topic.post_id)
    assert factories.topic_row(topic.topic_id).hidden
    with unit_of_work():
        moderation.restore(place.edition, topic.post_id, place.viewer("admin"))
    row = factories.topic_row(topic.topic_id)
    assert (row.hidden, row.posts, row.last_post_id) == (False, 1, topic.post_id)
    assert factories.post_row(topic.post_id).reason == ""
    assert len(factories.mails("forums.restored")) == 1
    with pytest.raises(Conflict), unit_of_work():
        moderation.restore(place.edition, topic.post_id, place.viewer("admin"))
    assert [act for act, _, _ in _acts()] == ["forums.hide", "forums.restore"]


def test_letting_a_post_stand(place: Place) -> None:
    """Who reported is told, with the tutor's line; the second of two tutors learns that it was decided."""
    posted = factories.topic(place, place.learner)
    _flag(place, "other", posted.post_id, "wrong")
    with unit_of_work():
        moderation.dismiss(place.edition, posted.post_id, place.viewer("tutor"), "It is sharp, but fair.")
    (mail,) = factories.mails("forums.flag_dismissed")
    assert mail[0] == _email(place.other)
    assert "It is sharp, but fair." in mail[2]
    assert not factories.mails("forums.hidden")
    assert factories.post_row(posted.post_id).state == "visible"
    with pytest.raises(Conflict, match="decided already"), unit_of_work():
        moderation.dismiss(place.edition, posted.post_id, place.viewer("admin"))


def _dismiss_own(place: Place, post_id: int) -> None:
    moderation.dismiss(place.edition, post_id, place.viewer("tutor"))


def _hide_own(place: Place, post_id: int) -> None:
    moderation.hide(place.edition, post_id, place.viewer("tutor"), "Mine")


def _restore_own(place: Place, post_id: int) -> None:
    moderation.restore(place.edition, post_id, place.viewer("tutor"))


@pytest.mark.parametrize("act", [_dismiss_own, _hide_own, _restore_own])
def test_nobody_decides_about_an_own_post(place: Place, act: Callable[[Place, int], None]) -> None:
    """A flag on a tutor's post is decided by somebody else."""
    posted = factories.topic(place, place.tutor)
    _flag(place, "learner", posted.post_id)
    with pytest.raises(Forbidden, match="your own post"), unit_of_work():
        act(place, posted.post_id)
    assert factories.post_row(posted.post_id).state == "visible"
    assert flag_queries.counts(place.edition) == (1, 0)
    _hide(place, "admin", posted.post_id)
    assert flag_queries.counts(place.edition) == (0, 1)


def test_pinning_locking_moving(place: Place) -> None:
    """Each act is undone by its opposite and leaves a row; doing nothing leaves none."""
    topic_id = factories.topic(place, place.learner).topic_id
    tutor = place.viewer("tutor")
    with unit_of_work():
        moderation.pin(place.edition, topic_id, tutor)
        moderation.pin(place.edition, topic_id, tutor)
        moderation.lock(place.edition, topic_id, tutor, "Settled.")
        assert moderation.move(place.edition, topic_id, tutor, "module2") == "module1"
    row = factories.topic_row(topic_id)
    assert (row.pinned, row.locked, row.lock_reason, row.forum) == (True, True, "Settled.", "module2")
    with pytest.raises(Conflict, match="Settled"):
        factories.reply(place, place.learner, topic_id)
    with pytest.raises(Conflict, match="already"), unit_of_work():
        moderation.lock(place.edition, topic_id, tutor, "Again.")
    with unit_of_work():
        moderation.unlock(place.edition, topic_id, tutor)
        moderation.unlock(place.edition, topic_id, tutor)
        moderation.pin(place.edition, topic_id, tutor, pinned=False)
    factories.reply(place, place.learner, topic_id)
    names = ["forums.pin", "forums.lock", "forums.move", "forums.unlock", "forums.unpin"]
    assert [act for act, _, _ in _acts()] == names


def test_where_topics_can_be_moved(place: Place) -> None:
    """Only to another forum that there is; a module's prompt stays."""
    topic_id = factories.topic(place, place.learner).topic_id
    tutor = place.viewer("tutor")
    with pytest.raises(NotFound), unit_of_work():
        moderation.move(place.edition, topic_id, tutor, "none")
    with pytest.raises(Invalid, match="already") as refusal, unit_of_work():
        moderation.move(place.edition, topic_id, tutor, "module1")
    assert refusal.value.field == "forum"
    with unit_of_work():
        prompt = commands.open_prompt(place.edition, "module1")
    with pytest.raises(Conflict, match="stays"), unit_of_work():
        moderation.move(place.edition, prompt, tutor, "module2")


def test_the_queue_is_in_order(course: Course) -> None:
    """What waits longest comes first, decided posts newest first, page by page; other editions' stay out."""
    place, elsewhere = factories.place(course), factories.place(course)
    topic = factories.topic(place, place.tutor).topic_id
    posts = [factories.reply(place, place.learner, topic).post_id for _ in range(flag_queries.CASES_A_PAGE + 3)]
    for post_id in posts:
        _flag(place, "other", post_id)
    _flag(place, "admin", posts[0], "wrong")
    _flag(elsewhere, "other", factories.topic(elsewhere, elsewhere.learner).post_id)
    first, after = flag_queries.cases(place.edition, waiting=True)
    rest, end = flag_queries.cases(place.edition, waiting=True, after=after)
    assert [case.id for case in (*first, *rest)] == posts
    assert end is None
    assert [flag.category for flag in first[0].flags] == ["rude", "wrong"]
    assert flag_queries.counts(place.edition) == (len(posts), 0)
    for post_id in posts:
        _hide(place, "tutor", post_id)
    first, after = flag_queries.cases(place.edition, waiting=False)
    rest, _ = flag_queries.cases(place.edition, waiting=False, after=after)
    assert len(first) + len(rest) == len(posts)
    assert first[0].id == posts[0]
    assert [case.id for case in first[1:]] == posts[:3:-1][: len(first) - 1]


def test_hidden_topics_are_out_of_everybodys_lists(place: Place) -> None:
    """A hidden topic is gone for learners, stays for its author and staff, and is new to nobody."""
    posted = factories.topic(place, place.learner)
    _hide(place, "tutor", posted.post_id)
    seen = {
        who: [row.id for row in queries.topics(place.edition, "module1", place.viewer(who)).topics]
        for who in ("learner", "other", "tutor", "admin")
    }
    assert seen == {
        "learner": [posted.topic_id],
        "other": [],
        "tutor": [posted.topic_id],
        "admin": [posted.topic_id],
    }
    edition = edition_by_id(place.edition)
    assert not any(queries.unread_topics(edition, place.viewer(who)) for who in ("learner", "other", "tutor"))
