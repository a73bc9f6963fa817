"""Questions: read from an author's table, asked in an order of their own, answered by whatever a form sends."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from lms.core.asking import LONGEST, NOT_OFFERED, Asked, ask, boxes, read, rows, shuffled
from lms.core.questions import Matching, Numeric, Ordering, Question, Single, TrueFalse, parse

Table = dict[str, Any]
JUDGED = {"feedback_right": "Yes.", "feedback_wrong": "No."}
TABLES: dict[str, Table] = {
    "single": {
        "type": "single",
        "stem": "Which?",
        "options": [{"text": text, "correct": text == "B", "feedback": f"About {text}."} for text in "ABCD"],
    },
    "multiple": {
        "type": "multiple",
        "stem": "Which two?",
        "situation": "A case.",
        "options": [
            {"text": text, "correct": text in "BD", "feedback": f"About {text}."} for text in "ABCDE"
        ],
    },
    "true-false": {
        "type": "true-false",
        "stem": "So?",
        "answer": False,
        "feedback_true": "Think again.",
        "feedback_false": "Right.",
    },
    "numeric": {
        "type": "numeric",
        "stem": "How many?",
        "answer": 12.5,
        "tolerance": 0.1,
        "unit": "%",
        **JUDGED,
    },
    "short": {"type": "short", "stem": "Name it.", "answers": ["relying party"], **JUDGED},
    "matching": {
        "type": "matching",
        "stem": "Match.",
        "pairs": [{"left": f"L{n}", "right": f"R{n}", "feedback": f"F{n}."} for n in range(3)],
        "extra": ["R9"],
    },
    "ordering": {"type": "ordering", "stem": "Order.", "items": ["one", "two", "three", "four"], **JUDGED},
}


def question(kind: str, **changes: Any) -> Question:
    """Read a good question of a kind."""
    parsed = parse({**copy.deepcopy(TABLES[kind]), **changes})
    assert parsed.question, parsed.faults
    return parsed.question


def fields(*pairs: tuple[str, str]) -> Callable[[str], list[str]]:
    """Make form fields."""
    return MultiDict(pairs).getlist


@pytest.mark.parametrize("kind", TABLES)
def test_every_type_is_read(kind: str) -> None:
    parsed = parse({**TABLES[kind], "id": "q1"}, frozenset({"id"}))
    assert parsed.faults == ()
    assert parsed.question is not None
    assert parsed.question.kind == kind


def test_values_are_exact() -> None:
    number = question("numeric", answer=23.67, tolerance=0.01)
    assert isinstance(number, Numeric)
    assert (number.answer, number.tolerance) == (Decimal("23.67"), Decimal("0.01"))
    statement = question("true-false")
    assert isinstance(statement, TrueFalse)
    assert [option.correct for option in statement.options] == [False, True]


def without(kind: str, key: str) -> Table:
    """Give a table that lacks a key."""
    return {name: value for name, value in TABLES[kind].items() if name != key}


def with_option(**changes: Any) -> Table:
    """Give a single choice whose first option is changed."""
    table = copy.deepcopy(TABLES["single"])
    table["options"][0] |= changes
    return table


BAD: list[tuple[Table, str, str]] = [
    ({}, "'type' must be one of", "type"),
    ({"type": ["single"]}, "'type' must be one of", "type"),
    ({**TABLES["single"], "colour": 1}, "unknown key 'colour'", "colour"),
    (without("single", "stem"), "'stem' is missing", ""),
    ({**TABLES["single"], "stem": "a\0b"}, "invisible character U+0000", "stem"),
    ({**TABLES["single"], "stem": "a\u202eb"}, "invisible character U+202E", "stem"),
    (without("single", "options"), "'options' needs 3 to 6 entries, not 0", "options"),
    ({**TABLES["single"], "options": "ABC"}, "'options' must be a list of tables", "options"),
    (with_option(feedback=""), "'feedback' is missing", "A"),
    (with_option(correct=True), "exactly one option", "options"),
    (with_option(correct="yes"), "'correct' must be true or false", "A"),
    (with_option(text="B"), "'B' is there twice", "B"),
    (with_option(note="x"), "unknown key 'note'", "A"),
    (with_option(text=5), "'text' is missing or not a text", "5"),
    (
        {**TABLES["multiple"], "options": [{"text": t, "feedback": "F"} for t in "ABC"]},
        "at least one option",
        "options",
    ),
    (without("true-false", "answer"), "'answer' must be true or false", ""),
    (without("true-false", "feedback_true"), "'feedback_true' is missing", ""),
    ({**TABLES["numeric"], "answer": True}, "'answer' is missing or not a number", "answer"),
    ({**TABLES["numeric"], "answer": float("nan")}, "not a number", "answer"),
    ({**TABLES["numeric"], "tolerance": -1}, "can't be below 0", "tolerance"),
    (without("numeric", "feedback_wrong"), "'feedback_wrong' is missing", ""),
    ({**TABLES["short"], "answers": []}, "'answers' needs 1 to 30", "answers"),
    ({**TABLES["short"], "answers": ["…"]}, "at least one letter or digit", "answers"),
    ({**TABLES["short"], "answers": "biometric"}, "must be a list of texts", "answers"),
    ({**TABLES["matching"], "extra": ["R1"]}, "'R1' is in 'extra' but fits a pair", "R1"),
    ({**TABLES["matching"], "pairs": TABLES["matching"]["pairs"][:2]}, "'pairs' needs 3 to 6", "pairs"),
    (
        {
            **TABLES["matching"],
            "extra": [],
            "pairs": [{"left": x, "right": "R", "feedback": "F"} for x in "abc"],
        },
        "all right sides are the same",
        "pairs",
    ),
    ({**TABLES["ordering"], "items": ["one", "two"]}, "'items' needs 3 to 6", "items"),
    ({**TABLES["ordering"], "items": ["one", "one", "two"]}, "'one' is there twice", "one"),
]


@pytest.mark.parametrize(("table", "message", "near"), BAD)
def test_faults_are_named(table: Table, message: str, near: str) -> None:
    parsed = parse(table)
    assert parsed.question is None
    assert [fault.near for fault in parsed.faults if message in fault.message] == [near], parsed.faults


def test_a_huge_number_is_a_number() -> None:
    assert parse({**TABLES["numeric"], "answer": 10**400}).faults == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(kind=st.sampled_from(list(TABLES)), changes=st.data())
def test_no_table_breaks_the_reader(kind: str, changes: st.DataObject) -> None:
    table = TABLES[kind]
    key = changes.draw(st.sampled_from(list(table)))
    parsed = parse({**table, key: changes.draw(JSON)})
    assert (parsed.question is None) == bool(parsed.faults)


def test_an_order_depends_on_the_seed_alone() -> None:
    """The order is fixed for good: attempts under way must look the same after any update."""
    assert shuffled(6, "1/1") == shuffled(6, "1/1") == (0, 5, 3, 2, 1, 4)
    orders = {shuffled(4, str(seed)) for seed in range(400)}
    assert len(orders) == 24
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)


def test_what_is_shuffled() -> None:
    assert ask(question("true-false"), "x").order == (0, 1)
    assert ask(question("numeric"), "x").order == ()
    assert sorted(ask(question("matching"), "x").order) == [0, 1, 2, 3]
    orders = {ask(question("ordering"), str(seed)).order for seed in range(300)}
    assert len(orders) == 23
    assert (0, 1, 2, 3) not in orders


def sent(asked: Asked, answer: Any) -> list[tuple[str, str]]:
    """Give what a browser sends for an answer, by the controls that the page shows."""
    if found := boxes(asked, answer):
        return [("a1", box.value) for box in found if box.chosen]
    if found_rows := rows(asked, "a1", answer):
        return [(row.name, row.value) for row in found_rows]
    return [("a1", answer or "")]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("single", [2]),
        ("single", None),
        ("multiple", [0, 3]),
        ("multiple", None),
        ("true-false", [1]),
        ("numeric", "12,5 %"),
        ("numeric", None),
        ("short", "relying party"),
        ("matching", [3, None, 0]),
        ("matching", [0, 0, 0]),
        ("matching", None),
        ("ordering", [3, 2, 1, 0]),
        ("ordering", [None, 0, 0, None]),
    ],
)
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_what_is_shown_comes_back(kind: str, answer: Any, seed: str) -> None:
    """An answer goes through the controls of a page and comes back the same, in the author's numbers."""
    asked = ask(question(kind), seed)
    reply = read(asked, "a1", fields(*sent(asked, answer)))
    assert (reply.answer, reply.fault) == (answer, "")


@pytest.mark.parametrize(
    ("kind", "pairs", "fault"),
    [
        ("single", [("a1", "7")], NOT_OFFERED),
        ("single", [("a1", "x")], NOT_OFFERED),
        ("single", [("a1", "٢")], NOT_OFFERED),
        ("single", [("a1", "-1")], NOT_OFFERED),
        ("single", [("a1", "0"), ("a1", "1")], NOT_OFFERED),
        ("single", [("a1", "\ud800")], NOT_OFFERED),
        ("true-false", [("a1", "true")], NOT_OFFERED),
        ("multiple", [("a1", "1"), ("a1", "9")], NOT_OFFERED),
        ("matching", [("a1-0", "4")], NOT_OFFERED),
        ("matching", [("a1-0", "1"), ("a1-0", "2")], NOT_OFFERED),
        ("ordering", [("a1-0", "0")], NOT_OFFERED),
        ("ordering", [("a1-0", "5")], NOT_OFFERED),
        ("numeric", [("a1", "1\0")], "Please remove the invisible character U+0000."),
        ("short", [("a1", "\ud83d")], "Please remove the invisible character U+D83D."),
        ("short", [("a1", "a\u202eb")], "Please remove the invisible character U+202E."),
        ("short", [("a1", "a"), ("a1", "b")], NOT_OFFERED),
        ("short", [("a1", "x" * (LONGEST + 1))], f"Please use at most {LONGEST} characters."),
    ],
)
def test_what_was_not_offered_is_refused(kind: str, pairs: list[tuple[str, str]], fault: str) -> None:
    reply = read(ask(question(kind), "1"), "a1", fields(*pairs))
    assert (reply.answer, reply.fault) == (None, fault)


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("pairs", [[], [("a2", "1")], [("a1", ""), ("a1-0", "")], [("a11", "1")]])
def test_nothing_sent_is_no_answer(kind: str, pairs: list[tuple[str, str]]) -> None:
    reply = read(ask(question(kind), "1"), "a1", fields(*pairs))
    assert (reply.answer, reply.fault) == (None, "")


NASTY = st.text(alphabet=st.characters(exclude_categories=()), max_size=12) | st.sampled_from(["0", "1", "2"])


@given(
    kind=st.sampled_from(list(TABLES)),
    pairs=st.lists(st.tuples(st.sampled_from(["a1", "a1-0", "a1-1", "a1-2"]), NASTY), max_size=6),
)
def test_whatever_is_sent_is_an_answer_or_a_fault(kind: str, pairs: list[tuple[str, str]]) -> None:
    reply = read(ask(question(kind), "1"), "a1", fields(*pairs))
    assert not (reply.answer is not None and reply.fault)
    assert "\0" not in str(reply.answer)


def test_words_are_stored_in_one_form() -> None:
    """Decomposed letters, as some keyboards send them, are composed; outer blanks go."""
    asked = ask(question("short"), "1")
    assert read(asked, "a1", fields(("a1", "  cafe\u0301 "))).answer == "café"


def test_the_kinds_know_their_parts() -> None:
    matching, ordering, single = question("matching"), question("ordering"), question("single")
    assert isinstance(matching, Matching)
    assert matching.rights == ("R0", "R1", "R2", "R9")
    assert isinstance(ordering, Ordering)
    assert ordering.items[0] == "one"
    assert isinstance(single, Single)
    assert not single.several
