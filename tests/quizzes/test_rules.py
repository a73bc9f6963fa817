"""What a quiz allows and what it is worth, as tables."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes.rules import (
    GRACE,
    Terms,
    Window,
    as_decimal,
    deadline,
    draw,
    is_over,
    is_up,
    kept,
    may_attempt,
    refusal,
    replaces,
    score,
    shows_feedback,
    time_left,
)

NOON = datetime(2019, 9, 10, 12, 0, tzinfo=UTC)
MINUTE, SECOND, DAY = timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)
TERMS = Terms("Quiz", 10, 20, 2, "best", Decimal(50), "submitted")
WINDOW = Window(NOON - DAY, NOON + DAY, edition_open=True)


@pytest.mark.parametrize(
    ("window", "used", "reason"),
    [
        (WINDOW, 0, ""),
        (WINDOW, 1, ""),
        (WINDOW, 2, "You have used all 2 attempts at this quiz."),
        (WINDOW, 3, "You have used all 2 attempts at this quiz."),
        (Window(NOON, None, edition_open=True), 0, ""),
        (Window(NOON + SECOND, None, edition_open=True), 0, "This quiz is not open yet."),
        (Window(NOON - DAY, NOON + SECOND, edition_open=True), 0, ""),
        (Window(NOON - DAY, NOON, edition_open=True), 0, "This quiz is closed: its last day is over."),
        (Window(NOON - DAY, None, edition_open=False), 0, "The edition is over"),
    ],
)
def test_another_attempt(window: Window, used: int, reason: str) -> None:
    assert refusal(TERMS, window, used, NOON).startswith(reason)
    assert may_attempt(TERMS, window, used, NOON) is (reason == "")


def test_one_attempt_only() -> None:
    once = Terms("Quiz", 10, 20, 1, "best", Decimal(50), "submitted")
    assert refusal(once, WINDOW, 1, NOON) == "You have used your only attempt at this quiz."


@pytest.mark.parametrize(
    ("minutes", "closes_at", "ends_at"),
    [
        (20, None, NOON + 20 * MINUTE),
        (20, NOON + DAY, NOON + 20 * MINUTE),
        (20, NOON + 5 * MINUTE, NOON + 5 * MINUTE),
        (None, NOON + DAY, NOON + DAY),
        (None, None, None),
    ],
)
def test_an_attempt_ends_with_its_minutes_or_the_module(
    minutes: int | None, closes_at: datetime | None, ends_at: datetime | None
) -> None:
    assert deadline(NOON, minutes, closes_at) == ends_at


@pytest.mark.parametrize(
    ("ends_at", "left", "up", "over"),
    [
        (None, None, False, False),
        (NOON + MINUTE, MINUTE, False, False),
        (NOON + 5 * SECOND, 5 * SECOND, True, False),
        (NOON, 0 * SECOND, True, False),
        (NOON - GRACE, 0 * SECOND, True, False),
        (NOON - GRACE - SECOND, 0 * SECOND, True, True),
    ],
)
def test_time(ends_at: datetime | None, left: timedelta | None, up: bool, over: bool) -> None:
    """What is on its way when the time is over is accepted for some seconds more."""
    assert (time_left(ends_at, NOON), is_up(ends_at, NOON), is_over(ends_at, NOON)) == (left, up, over)


@pytest.mark.parametrize(
    ("parts", "percentage"),
    [
        ([], "0"),
        ([Fraction(0)] * 4, "0"),
        ([Fraction(1)] * 3, "100"),
        ([Fraction(1), Fraction(0), Fraction(0)], "33.333333"),
        ([Fraction(1, 3)] * 3 + [Fraction(0)], "25"),
        ([Fraction(2, 3), Fraction(1, 3)] + [Fraction(0)] * 0, "50"),
        ([Fraction(1, 6)] * 7, "16.666667"),
    ],
)
def test_score_is_exact(parts: list[Fraction], percentage: str) -> None:
    assert score(parts) == Decimal(percentage)


@given(st.lists(st.fractions(0, 1, max_denominator=15), min_size=1, max_size=20))
def test_the_pass_mark_is_never_reached_by_rounding(parts: list[Fraction]) -> None:
    """Fifty per cent is stored as fifty exactly, and nothing less becomes fifty."""
    assert (score(parts) >= 50) == (sum(parts) / len(parts) >= Fraction(1, 2))


SCORES = [Decimal(40), Decimal(90), Decimal(60)]


@pytest.mark.parametrize(
    ("keep", "scores", "counts"),
    [
        ("best", SCORES, "90"),
        ("last", SCORES, "60"),
        ("first", SCORES, "40"),
        ("average", SCORES, "63.333333"),
        ("average", [Decimal("33.333333"), Decimal("66.666667")], "50"),
        ("best", [Decimal(0)], "0"),
        ("best", [], None),
        ("average", [], None),
    ],
)
def test_which_score_counts(keep: str, scores: list[Decimal], counts: str | None) -> None:
    assert kept(keep, scores) == (None if counts is None else Decimal(counts))


@pytest.mark.parametrize(
    ("policy", "window", "shown"),
    [
        ("submitted", WINDOW, True),
        ("closed", WINDOW, False),
        ("closed", Window(NOON - DAY, NOON, edition_open=True), True),
        ("closed", Window(NOON - DAY, None, edition_open=True), False),
        ("closed", Window(NOON - DAY, None, edition_open=False), True),
        ("never", Window(NOON - DAY, NOON, edition_open=False), False),
    ],
)
def test_when_what_was_right_is_shown(policy: str, window: Window, shown: bool) -> None:
    assert shows_feedback(policy, window, NOON) is shown


BANK = {"a": list(range(10)), "b": [20, 21, 22], "c": [30], "d": []}


def test_a_draw_is_even() -> None:
    """Each objective gives as much as the others while it can; an objective without questions is passed over."""
    for seed in range(50):
        drawn = draw(BANK, 8, str(seed))
        assert len(set(drawn)) == len(drawn) == 8
        assert Counter(number // 10 * 10 for number in drawn) == {0: 4, 20: 3, 30: 1}


def test_a_draw_covers_every_objective() -> None:
    bank = {name: [10 * at, 10 * at + 1] for at, name in enumerate("abcdefghij")}
    for seed in range(50):
        assert {number // 10 for number in draw(bank, 10, str(seed))} == set(range(10))


def test_a_draw_depends_on_the_seed_alone() -> None:
    """The order in which a bank is read doesn't matter, the seed does."""
    other = {name: list(reversed(BANK[name])) for name in reversed(BANK)}
    assert draw(BANK, 8, "7") == draw(other, 8, "7")
    assert len({tuple(draw(BANK, 8, str(seed))) for seed in range(50)}) == 50


def test_every_question_has_its_chance() -> None:
    times = Counter(number for seed in range(2000) for number in draw(BANK, 3, str(seed)) if number < 10)
    assert set(times) == set(range(10))
    assert 150 < min(times.values()) <= max(times.values()) < 260


def test_a_draw_of_more_than_there_is_gives_all() -> None:
    assert sorted(draw(BANK, 99, "1")) == [*range(10), 20, 21, 22, 30]
    assert draw({}, 5, "1") == []


@pytest.mark.parametrize(
    ("sent", "shown", "stored", "own", "pressed", "result"),
    [
        ("A", "A", "A", False, True, False),  # nothing was touched
        ("B", "A", "A", False, True, True),  # changed here
        ("B", "A", "A", False, False, True),  # changed here, the time is over
        ("A", "A", "C", False, True, False),  # answered elsewhere, untouched here
        ("A", "A", "C", False, False, False),  # the same, the time is over
        ("B", "A", "C", False, True, True),  # changed on both: who presses decides
        ("B", "A", "C", False, False, False),  # a page left open elsewhere sends itself
        ("C", "A", "B", True, False, True),  # saved from here, changed again while the line was down
        ("A", "A", "B", True, True, True),  # changed back
        ("B", "A", "B", True, True, False),  # saved already
    ],
)
def test_old_pages_overwrite_nothing_newer(
    sent: str, shown: str, stored: str, own: bool, pressed: bool, result: bool
) -> None:
    assert replaces(sent, shown, stored, own=own, pressed=pressed) is result


def test_credit_is_stored_to_six_places() -> None:
    assert as_decimal(Fraction(2, 3)) == Decimal("0.666667")
