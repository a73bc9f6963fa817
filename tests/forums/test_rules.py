"""Pure decisions, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lms.core.viewer import Viewer
from lms.forums import permissions, rules
from lms.forums.values import PostRow

WRITTEN = datetime(2019, 9, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""),
        ({"closed": True}, "edition is over"),
        ({"hidden": True}, "topic is hidden"),
        ({"locked": True, "lock_reason": "settled"}, "locked this topic: settled"),
        ({"closed": True, "locked": True, "lock_reason": "settled"}, "edition is over"),
    ],
)
def test_why_nobody_can_write(facts: dict[str, object], words: str) -> None:
    """The reason is given, the weightiest first; no reason means that people can write."""
    state: dict[str, object] = {"closed": False, "hidden": False, "locked": False, "lock_reason": "", **facts}
    reason = rules.why_no_reply(**state)  # type: ignore[arg-type]
    assert words in reason
    assert bool(words) == bool(reason)


@pytest.mark.parametrize(
    ("state", "minutes", "words"),
    [
        ("visible", 0, ""),
        ("visible", 29.99, ""),
        ("visible", 30, "first 30 minutes"),
        ("hidden", 1, "not visible"),
        ("withdrawn", 1, "not visible"),
    ],
)
def test_how_long_a_post_can_be_changed(state: str, minutes: float, words: str) -> None:
    """A visible post can be changed for less than thirty minutes."""
    reason = rules.why_no_edit(state, WRITTEN, WRITTEN + timedelta(minutes=minutes))
    assert words in reason
    assert bool(words) == bool(reason)


@pytest.mark.parametrize(
    ("state", "minutes", "answered", "words"),
    [
        ("visible", 29, False, ""),
        ("visible", 29, True, "written after"),
        ("visible", 31, False, "first 30 minutes"),
        ("withdrawn", 1, False, "nothing to withdraw"),
        ("hidden", 1, False, "nothing to withdraw"),
    ],
)
def test_when_a_post_can_be_withdrawn(state: str, minutes: int, answered: bool, words: str) -> None:
    """A post that nobody has answered can be taken back in its first minutes."""
    reason = rules.why_no_withdrawal(state, WRITTEN, WRITTEN + timedelta(minutes=minutes), answered=answered)
    assert words in reason
    assert bool(words) == bool(reason)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", None),
        ("Plain English, with accents: café", None),
        ("សុខា ពៅ", "km"),
        ("ນາລິນ ເອກະພົນ", "lo"),
        ("เกษม ศรีสุข", "th"),
        ("သီတာ လှိုင်", "my"),
        ("Nguyễn Thị Hà", None),
        ("林美玲", None),
        ("Thank you for the long and helpful answer, សុខា", None),
        ("123 !?", None),
    ],
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    """Four scripts tell their language, if most letters are theirs."""
    assert rules.language(text) == language


def _post(author_id: int | None) -> PostRow:
    return PostRow(1, 1, author_id, "A", "learner", False, "", WRITTEN, None, 1, "visible", "", False)  # noqa: FBT003 - a row


LEARNER = Viewer(person_id=1, enrolment_id=11, role="learner")
TUTOR = Viewer(person_id=2, enrolment_id=12, role="tutor")
ADMIN = Viewer(person_id=3, role="administrator", administrator=True)


@pytest.mark.parametrize(
    ("viewer", "author", "own", "flag", "decide"),
    [
        (LEARNER, 11, True, False, False),
        (LEARNER, 12, False, True, False),
        (LEARNER, None, False, True, False),
        (TUTOR, 12, True, False, False),
        (TUTOR, 11, False, True, True),
        (ADMIN, 11, False, False, True),
        (ADMIN, None, False, False, True),
    ],
)
def test_who_may_do_what_with_a_post(viewer: Viewer, author: int | None, own: bool, flag: bool, decide: bool) -> None:
    """One's own post is changed, others' are reported, and staff decide about others' only."""
    post = _post(author)
    assert (
        permissions.own(viewer, post),
        permissions.flag(viewer, post),
        permissions.decide(viewer, post),
    ) == (own, flag, decide)


@pytest.mark.parametrize(
    ("viewer", "forum", "allowed"),
    [
        (LEARNER, "module1", True),
        (LEARNER, "announcements", False),
        (TUTOR, "announcements", True),
        (replace(TUTOR, modules=("module1",)), "announcements", False),
        (replace(TUTOR, modules=("module1",)), "module2", True),
        (ADMIN, "announcements", False),
        (ADMIN, "module1", False),
    ],
)
def test_who_starts_topics(viewer: Viewer, forum: str, allowed: bool) -> None:
    """Participants start topics, in the announcements only staff; writing needs an enrolment."""
    assert permissions.start(viewer, forum) is allowed
