"""Marking: exact credit for every type, what is said, and answers made to be right or wrong."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.marking import (
    credit,
    feedback,
    fold,
    numbers,
    oddity,
    right_answer,
    solution,
    wrong_answer,
)
from lms.core.questions import Question, parse
from tests.core.test_questions import JUDGED, TABLES, question


@pytest.mark.parametrize(
    ("kind", "answer", "part"),
    [
        ("single", [1], Fraction(1)),
        ("single", [0], Fraction(0)),
        ("true-false", [1], Fraction(1)),
        ("true-false", [0], Fraction(0)),
        ("multiple", [1, 3], Fraction(1)),
        ("multiple", [1], Fraction(1, 2)),
        ("multiple", [1, 3, 0], Fraction(1, 2)),
        ("multiple", [1, 0], Fraction(0)),
        ("multiple", [0, 2, 4], Fraction(0)),
        ("multiple", [0, 1, 2, 3, 4], Fraction(0)),
        ("matching", [0, 1, 2], Fraction(1)),
        ("matching", [0, 2, 1], Fraction(1, 3)),
        ("matching", [0, None, 2], Fraction(2, 3)),
        ("matching", [3, 3, 3], Fraction(0)),
        ("matching", [0, 0, 0], Fraction(1, 3)),
        ("ordering", [0, 1, 2, 3], Fraction(1)),
        ("ordering", [1, 0, 2, 3], Fraction(2, 3)),
        ("ordering", [0, 2, 1, 3], Fraction(2, 3)),
        ("ordering", [1, 2, 3, 0], Fraction(0)),
        ("ordering", [3, 2, 1, 0], Fraction(0)),
        ("ordering", [0, 1, None, None], Fraction(1, 6)),
        ("ordering", [0, 0, 0, 0], Fraction(0)),
    ],
)
def test_credit(kind: str, answer: Any, part: Fraction) -> None:
    assert credit(question(kind), answer) == part


@pytest.mark.parametrize("kind", TABLES)
def test_no_answer_earns_nothing(kind: str) -> None:
    assert credit(question(kind), None) == 0


@pytest.mark.parametrize("kind", TABLES)
def test_answers_made_to_be_right_or_wrong(kind: str) -> None:
    asked = question(kind)
    assert credit(asked, right_answer(asked)) == 1
    assert credit(asked, wrong_answer(asked)) == 0


def test_full_credit_only_for_the_right_order() -> None:
    """Of all orders exactly one earns everything, and guessing earns less than a third on average."""
    parts = [credit(question("ordering"), list(order)) for order in permutations(range(4))]
    assert parts.count(Fraction(1)) == 1
    assert sum(parts) / len(parts) < Fraction(1, 3)


@pytest.mark.parametrize("kind", TABLES)
@given(answer=st.lists(st.none() | st.integers(0, 40), max_size=8) | st.text(max_size=8))
def test_credit_is_a_part_of_one(kind: str, answer: Any) -> None:
    assert 0 <= credit(question(kind), answer) <= 1


@pytest.mark.parametrize(
    ("text", "unit", "found"),
    [
        ("12.5", "", {"12.5"}),
        ("12,5", "", {"12.5"}),
        (" 12.5 % ", "%", {"12.5"}),
        ("12.5%", "%", {"12.5"}),
        ("12.5 per cent", "%", {"12.5"}),
        ("12.5 percent", "%", {"12.5"}),
        ("US$ 30,000", "US$", {"30", "30000"}),
        ("$30 000", "US$", {"30000"}),
        ("48 HOURS", "hours", {"48"}),
        ("48 hour", "hours", {"48"}),
        ("60 million", "million", {"60"}),
        ("60 thousand", "million", set()),
        ("1 234", "", {"1234"}),
        ("1\u00a0234", "", {"1234"}),
        ("1\u202f234 567", "", {"1234567"}),
        ("1'234", "", {"1234"}),
        ("1,234", "", {"1.234", "1234"}),
        ("1.234", "", {"1.234", "1234"}),
        ("0,125", "", {"0.125"}),
        ("1,234,567", "", {"1234567"}),
        ("1.234.567,5", "", {"1234567.5"}),
        ("1,234.5", "", {"1234.5"}),
        ("1 234,5", "", {"1234.5"}),
        ("-5", "", {"-5"}),
        ("\u22125", "", {"-5"}),
        ("+5", "", {"5"}),
        (".5", "", {"0.5"}),
        ("5.", "", {"5"}),
        ("๑๒", "", {"12"}),
        ("១២,៥", "", {"12.5"}),
        ("12 34", "", set()),
        ("1,23,456", "", set()),
        ("1,2345,678", "", set()),
        ("", "", set()),
        (".", "", set()),
        ("--5", "", set()),
        ("5-", "", set()),
        ("twelve", "", set()),
        ("NaN", "", set()),
        ("Infinity", "", set()),
        ("1e5", "", set()),
        ("²", "", set()),
        ("½", "", set()),
    ],
)
def test_numbers_as_people_write_them(text: str, unit: str, found: set[str]) -> None:
    assert numbers(text, unit) == {Decimal(number) for number in found}


@given(st.text(max_size=30), st.sampled_from(["", "%", "US$", "hours"]))
def test_no_text_breaks_the_reading_of_numbers(text: str, unit: str) -> None:
    assert all(number.is_finite() for number in numbers(text, unit))


@pytest.mark.parametrize(
    ("text", "part"),
    [("12.4", 1), ("12.6", 1), ("12,6 %", 1), ("12.61", 0), ("12.39999", 0), ("-12.5", 0), ("many", 0)],
)
def test_the_tolerance_is_inclusive_and_exact(text: str, part: int) -> None:
    assert credit(question("numeric"), text) == part


def test_a_number_is_right_in_either_habit() -> None:
    """Both 30,000 and 30.000 are thirty thousand to many; so is 30 000."""
    asked = question("numeric", answer=30000, tolerance=0, unit="dollars")
    assert [credit(asked, text) for text in ("30,000", "30.000", "30 000", "30000 dollars", "30")] == [
        1,
        1,
        1,
        1,
        0,
    ]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Relying Party", True),
        ("  relying   party.", True),
        ("relying-party", True),
        ("“relying party”", True),
        ("RÈLYING PÁRTY", True),
        ("relying", False),
        ("relying parties", False),
        ("", False),
        ("...", False),
    ],
)
def test_short_answers_are_compared_by_what_counts(text: str, same: bool) -> None:
    assert credit(question("short"), text) == int(same)


def test_folding_keeps_what_makes_other_scripts_differ() -> None:
    """Accents go from Latin letters; vowel and tone signs of Thai, Khmer, Lao and Burmese stay."""
    assert fold("Định danh") == fold("dinh danh")
    assert fold("Straße") == fold("STRASSE")
    for one, other in (("ที่", "ที"), ("កា", "ក"), ("ດີ", "ດ"), ("မြန်", "မန")):
        assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("numeric", "a lot", "This can't be read as a number."),
        ("numeric", "5", ""),
        ("matching", [0, None, 1], "Not every row has its match yet."),
        ("matching", [0, 0, 1], ""),
        ("ordering", [0, 1, 2, None], "Not every item has its place yet."),
        ("ordering", [0, 1, 1, 2], "Two items have the same place."),
        ("ordering", [3, 2, 1, 0], ""),
        ("single", None, ""),
    ],
)
def test_doubts(kind: str, answer: Any, said: str) -> None:
    assert oddity(question(kind), answer) == said


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("single", [0], ("About A.",)),
        ("single", None, ()),
        ("true-false", [0], ("Think again.",)),
        ("multiple", [0, 1], ("A: About A.", "B: About B.", "D: About D.")),
        ("numeric", "12.5", ("Yes.",)),
        ("numeric", None, ("No.",)),
        ("short", "nobody", ("No.",)),
        ("ordering", [1, 0, 2, 3], ("No.",)),
        ("matching", [0, 1, 2], ("L0 → R0. F0.", "L1 → R1. F1.", "L2 → R2. F2.")),
    ],
)
def test_feedback(kind: str, answer: Any, said: tuple[str, ...]) -> None:
    assert feedback(question(kind), answer) == said


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("single", ("B",)),
        ("multiple", ("B", "D")),
        ("true-false", ("False",)),
        ("numeric", ("12.5 % (± 0.1)",)),
        ("short", ("relying party",)),
        ("matching", ("L0 → R0", "L1 → R1", "L2 → R2")),
        ("ordering", ("one", "two", "three", "four")),
    ],
)
def test_the_right_answer_in_words(kind: str, shown: tuple[str, ...]) -> None:
    assert solution(question(kind)) == shown


def test_a_choice_that_is_all_right_has_no_wrong_answer() -> None:
    options = [{"text": text, "correct": True, "feedback": "F"} for text in "ABC"]
    asked = parse({"type": "multiple", "stem": "S", "options": options}).question
    assert asked is not None
    assert wrong_answer(asked) is None


def test_what_can_not_be_marked_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        credit(Question(stem="S"), "x")
    with pytest.raises(TypeError):
        right_answer(Question(stem="S"))


def test_equal_right_sides_are_one() -> None:
    """Two left sides may share a right side; either place of it is right."""
    pairs = [
        {"left": left, "right": right, "feedback": "F"}
        for left, right in (("a", "X"), ("b", "X"), ("c", "Y"))
    ]
    asked = parse({"type": "matching", "stem": "S", "pairs": pairs}).question
    assert asked is not None
    assert right_answer(asked) == [0, 0, 1]
    assert credit(asked, [0, 0, 1]) == 1
    assert JUDGED["feedback_right"] not in feedback(asked, None)
