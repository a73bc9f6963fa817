"""How long, for whom and until when: tables of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lms.core.errors import Invalid
from lms.outages import rules
from lms.outages.values import Part
from lms.quizzes import rules as quiz_rules
from lms.quizzes.rules import Gap

NOON = datetime(2027, 9, 1, 12, tzinfo=UTC)
GAP = Gap(NOON, NOON + timedelta(minutes=40))


def at(hours: float) -> datetime:
    """Give the moment so many hours after noon."""
    return NOON + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (-2, -1, None),
        (-24 * 14, 0, None),
        (-1, -1, "until"),
        (-1, -2, "until"),
        (-1, 0.1, "until"),
        (-24 * 14 - 1, 0, "since"),
        (-24 * 91, -24 * 90.5, "since"),
    ],
)
def test_what_can_be_entered(since: float, until: float, field: str | None) -> None:
    found = None
    try:
        rules.require_possible(at(since), at(until), NOON)
    except Invalid as refused:
        found = refused.field
    assert found == field


@pytest.mark.parametrize(
    ("minutes", "over", "hours"),
    [(5, False, 1), (40, False, 1), (60, False, 1), (61, False, 2), (40, True, 24), (60 * 30, True, 30), (60 * 24 * 60, False, 336)],
)
def test_hours_that_are_proposed(minutes: int, over: bool, hours: int) -> None:
    assert rules.proposed_hours(timedelta(minutes=minutes), over=over) == hours


@pytest.mark.parametrize(("closes", "now", "later"), [(5, 1, 7), (1, 5, 7), (5, 5, 7)])
def test_it_closes_later_counted_from_its_end_or_from_now(closes: float, now: float, later: float) -> None:
    assert rules.closes_later(at(closes), 2, at(now)) == at(later)


@pytest.mark.parametrize(
    ("closes", "closing", "cut", "needs"),
    [
        (1, True, False, True),
        (100, False, True, False),
        (23, False, True, True),
        (-5, False, True, True),
        (1, False, False, False),
        (None, True, True, False),
    ],
)
def test_when_a_quiz_must_close_later(closes: float | None, closing: bool, cut: bool, needs: bool) -> None:
    assert rules.needs_time(None if closes is None else at(closes), closing=closing, cut=cut, now=NOON) is needs


@pytest.mark.parametrize(
    ("minutes", "words"), [(5, "5 min"), (60, "1 h"), (61, "1 h 1 min"), (47 * 60, "47 h"), (48 * 60, "2 days"), (49 * 60, "2 days 1 h")]
)
def test_a_length_in_words(minutes: int, words: str) -> None:
    assert rules.in_words(timedelta(minutes=minutes)) == words


def test_a_part_is_stored_and_read_again() -> None:
    for closes_at, attempt in ((NOON, 7), (None, None)):
        part = Part("module1", "Quiz", 3, closes_at, attempt, going_on=False)
        assert Part.of(part.stored()) == part


@pytest.mark.parametrize(
    ("starts", "ends", "minutes"), [(-0.1, 2, 40), (0.5, 2, 10), (-1, 0.5, 30), (-2, -1, 0), (1, 2, 0)]
)
def test_what_an_attempt_lost(starts: float, ends: float, minutes: int) -> None:
    assert quiz_rules.lost(at(starts), at(ends), GAP) == timedelta(minutes=minutes)


@pytest.mark.parametrize(("closes", "spoilt"), [(-0.1, False), (0, False), (0.3, True), (12.6, True), (12.7, False), (None, False)])
def test_last_hours_that_were_lost(closes: float | None, spoilt: bool) -> None:
    assert quiz_rules.spoils(None if closes is None else at(closes), GAP) is spoilt


@pytest.mark.parametrize(
    ("keep", "tries", "score"),
    [
        ("best", [(40, True), (60, False)], 60),
        ("best", [(80, True), (60, False)], 80),
        ("first", [(10, True), (60, False)], 60),
        ("first", [(70, True), (60, False)], 70),
        ("last", [(60, False), (10, True)], 60),
        ("average", [(0, True), (60, False)], 60),
        ("average", [(20, True)], 20),
        ("average", [], None),
    ],
)
def test_what_was_cut_short_counts_only_to_the_learners_good(keep: str, tries: list[tuple[int, bool]], score: int | None) -> None:
    found = quiz_rules.counting(keep, [(Decimal(value), cut) for value, cut in tries])
    assert found == (None if score is None else Decimal(score))
