"""Writing, changing and taking back, without a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, EditionState
from lms.core.errors import Conflict, DomainError, Forbidden, NotFound
from lms.core.viewer import edition_by_id
from lms.forums import commands, moderation, queries
from lms.forums.models import Post, PostVersion, Topic, TopicRead
from tests.core import factories as core
from tests.forums import factories
from tests.forums.factories import Place

KEY = "0123456789abcdef" * 2


def test_a_topic_and_its_replies_are_counted(place: Place) -> None:
    """The topic knows how many posts it has and which is the newest; who wrote has read up to there."""
    posted = factories.topic(place, place.learner)
    answer = factories.reply(place, place.other, posted.topic_id)
    topic = factories.topic_row(posted.topic_id)
    assert (topic.posts, topic.last_post_id) == (2, answer.post_id)
    reads = {row.enrolment_id: row.post_id for row in db.session.query(TopicRead)}
    assert reads == {place.learner: posted.post_id, place.other: answer.post_id}


def test_the_same_key_makes_one_post(place: Place) -> None:
    """Sending a form twice makes one topic or reply; somebody else's equal key is another post."""
    first = factories.topic(place, place.learner, key=KEY)
    assert factories.topic(place, place.learner, key=KEY) == first
    answer = factories.reply(place, place.other, first.topic_id, key=KEY)
    assert factories.reply(place, place.other, first.topic_id, body="Again.", key=KEY) == answer
    assert db.session.query(Topic).count() == 1
    assert db.session.query(Post).count() == 2
    assert factories.topic_row(first.topic_id).posts == 2
    with unit_of_work():
        moderation.lock(place.edition, first.topic_id, place.viewer("tutor"), "Settled.")
    assert factories.reply(place, place.other, first.topic_id, key=KEY) == answer


def test_a_key_that_comes_twice_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the other sending is committed between looking and writing, the constraint decides."""
    first = factories.reply(place, place.learner, factories.topic(place, place.other).topic_id, key=KEY)
    look = commands._posted  # noqa: SLF001 - the race can't be met otherwise
    answers = iter([None, look])

    def late(author_id: int, key: str) -> Any:
        answer = next(answers)
        return answer and answer(author_id, key)

    monkeypatch.setattr(commands, "_posted", late)
    assert factories.reply(place, place.learner, first.topic_id, key=KEY) == first
    assert factories.topic_row(first.topic_id).posts == 2


def test_the_prompt_becomes_a_topic_once(place: Place) -> None:
    """The first answer makes a pinned topic of the module's prompt, by the course; later answers join it."""
    with unit_of_work():
        first = commands.answer_prompt(place.edition, place.learner, "module1", "In my country …")
        second = commands.answer_prompt(place.edition, place.other, "module1", "In mine …")
    assert first.topic_id == second.topic_id
    topic = factories.topic_row(first.topic_id)
    assert (topic.title, topic.pinned, topic.author_id, topic.posts) == (
        "How is it in your country? (1)",
        True,
        None,
        3,
    )
    opening = db.session.query(Post).filter_by(topic_id=topic.id, opening=True).one()
    assert (opening.body, opening.author_id) == ("Tell *one* example.", None)


@pytest.mark.parametrize("forum", ["none", "", "Module1"])
def test_unknown_forums(place: Place, forum: str) -> None:
    """There is a forum for each module and the announcements, and no other."""
    with pytest.raises(NotFound):
        factories.topic(place, place.learner, forum)
    with pytest.raises(NotFound), unit_of_work():
        commands.answer_prompt(place.edition, place.learner, forum, "Text")


def test_only_staff_announce(place: Place) -> None:
    """A learner can't start a topic in the announcements, but can answer there."""
    with pytest.raises(Forbidden):
        factories.topic(place, place.learner, "announcements")
    posted = factories.topic(place, place.tutor, "announcements")
    assert factories.reply(place, place.learner, posted.topic_id).topic_id == posted.topic_id


def _start(place: Place, other: Place) -> None:
    factories.topic(Place(place.edition, "", *[other.learner] * 4), other.learner)


def _reply(place: Place, other: Place) -> None:
    factories.reply(place, other.learner, factories.topic(place, place.learner).topic_id)


def _reply_across(place: Place, other: Place) -> None:
    factories.reply(place, place.learner, factories.topic(other, other.learner).topic_id)


def _edit(place: Place, other: Place) -> None:
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        commands.edit_post(other.edition, other.learner, posted.post_id, 1, "Mine now")


def _withdraw_others(place: Place, other: Place) -> None:
    del other
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        commands.withdraw(place.edition, place.other, posted.post_id)


def _flag_across(place: Place, other: Place) -> None:
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        moderation.flag(place.edition, other.learner, posted.post_id, "rude")


def _hide_across(place: Place, other: Place) -> None:
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        moderation.hide(other.edition, posted.post_id, other.viewer("tutor"), "No")


def _lock_across(place: Place, other: Place) -> None:
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        moderation.lock(other.edition, posted.topic_id, other.viewer("tutor"), "No")


@pytest.mark.parametrize("act", [_start, _reply, _reply_across, _edit, _withdraw_others, _flag_across, _hide_across, _lock_across])
def test_other_editions_and_other_people(place: Place, course: Course, act: Callable[[Place, Place], None]) -> None:
    """Nobody reaches into another edition or changes what others wrote: it is not found."""
    with pytest.raises(NotFound):
        act(place, factories.place(course))


def test_a_withdrawn_participant_writes_nothing(place: Place) -> None:
    """Only confirmed participants write."""
    gone = core.enrolment(place.edition, state="withdrawn")
    with pytest.raises(NotFound):
        factories.topic(place, gone)


def test_a_closed_edition_takes_nothing_new(course: Course) -> None:
    """Nothing is started, answered or changed in an edition that is over."""
    place = factories.place(course)
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        db.session.execute(db.text("update editions set state = :state"), {"state": EditionState.CLOSED})
    acts: list[Callable[[], object]] = [
        lambda: factories.topic(place, place.learner),
        lambda: factories.reply(place, place.other, posted.topic_id),
        lambda: commands.answer_prompt(place.edition, place.learner, "module1", "Text"),
        lambda: commands.edit_post(place.edition, place.learner, posted.post_id, 1, "Text"),
        lambda: commands.withdraw(place.edition, place.learner, posted.post_id),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="edition is over"), unit_of_work():
            act()


def test_every_version_is_kept(place: Place) -> None:
    """Changing a post keeps what it was, with the time it was written; the same text again is no version."""
    posted = factories.topic(place, place.learner, title="Frist", body="one")
    with clock.at(factories.minutes(10)), unit_of_work():
        commands.edit_post(place.edition, place.learner, posted.post_id, 1, "two", "First")
    with clock.at(factories.minutes(20)), unit_of_work():
        commands.edit_post(place.edition, place.learner, posted.post_id, 2, "three")
        commands.edit_post(place.edition, place.learner, posted.post_id, 3, "three")
    viewer = place.viewer("other")
    edition = edition_by_id(place.edition)
    row, head = queries.post(edition, posted.post_id, viewer)
    versions = queries.versions(row, head)
    assert [(v.number, v.title, v.body) for v in versions] == [
        (3, "First", "three"),
        (2, "First", "two"),
        (1, "Frist", "one"),
    ]
    assert [v.written_at for v in versions] == sorted((v.written_at for v in versions), reverse=True)
    assert db.session.query(PostVersion).count() == 2


def test_a_change_made_elsewhere_is_not_lost(place: Place) -> None:
    """Two windows with the same post: the second is told, and the first change stands."""
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        commands.edit_post(place.edition, place.learner, posted.post_id, 1, "from the phone")
    with pytest.raises(Conflict, match="elsewhere") as refusal, unit_of_work():
        commands.edit_post(place.edition, place.learner, posted.post_id, 1, "from the desk")
    assert refusal.value.field == "body"
    assert factories.post_row(posted.post_id).body == "from the phone"


def test_the_window_closes(place: Place) -> None:
    """After thirty minutes a post is neither changed nor withdrawn."""
    posted = factories.topic(place, place.learner)
    acts: list[Callable[[], object]] = [
        lambda: commands.edit_post(place.edition, place.learner, posted.post_id, 1, "late"),
        lambda: commands.withdraw(place.edition, place.learner, posted.post_id),
    ]
    for act in acts:
        with (
            clock.at(factories.minutes(31)),
            pytest.raises(Conflict, match="first 30 minutes"),
            unit_of_work(),
        ):
            act()


def test_withdrawing_and_putting_back(place: Place) -> None:
    """A reply that is withdrawn counts no more, and again when it is put back."""
    posted = factories.topic(place, place.learner)
    answer = factories.reply(place, place.other, posted.topic_id)
    with pytest.raises(Conflict, match="written after"), unit_of_work():
        commands.withdraw(place.edition, place.learner, posted.post_id)
    with unit_of_work():
        commands.withdraw(place.edition, place.other, answer.post_id)
    topic = factories.topic_row(posted.topic_id)
    assert (topic.posts, topic.last_post_id, topic.hidden) == (1, posted.post_id, False)
    with unit_of_work():
        commands.put_back(place.edition, place.other, answer.post_id)
    topic = factories.topic_row(posted.topic_id)
    assert (topic.posts, topic.last_post_id) == (2, answer.post_id)
    with pytest.raises(Conflict), unit_of_work():
        commands.put_back(place.edition, place.other, answer.post_id)


def test_withdrawing_the_first_post_takes_the_topic_along(place: Place) -> None:
    """A topic goes with its first post, and comes back with it."""
    posted = factories.topic(place, place.learner)
    with unit_of_work():
        commands.withdraw(place.edition, place.learner, posted.post_id)
    assert factories.topic_row(posted.topic_id).hidden
    with pytest.raises(Conflict, match="hidden"):
        factories.reply(place, place.other, posted.topic_id)
    with unit_of_work():
        commands.put_back(place.edition, place.learner, posted.post_id)
    assert not factories.topic_row(posted.topic_id).hidden


def test_writing_in_bulk_is_cheap(place: Place, statements: Callable[[], Any]) -> None:
    """A reply without a key costs five statements, a topic seven, and four to be found, however much there is already."""
    topic = factories.topic(place, place.learner)
    for _ in range(10):
        factories.reply(place, place.other, topic.topic_id)
    with statements() as seen:
        factories.reply(place, place.other, topic.topic_id)
    seen.at_most(5 + 4)
    with statements() as seen:
        factories.topic(place, place.learner)
    seen.at_most(7 + 4)


def test_refusals_say_something(place: Place) -> None:
    """Each refusal is a sentence for a person."""
    with pytest.raises(DomainError) as refusal:
        factories.reply(place, place.learner, 999_999)
    assert refusal.value.message.endswith(".")
