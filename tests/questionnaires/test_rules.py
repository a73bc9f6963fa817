"""What may be answered, what it is worth, and that no view tells what fewer than five said."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.questionnaires import rules
from lms.questionnaires.catalogue import templates
from lms.questionnaires.values import Item, Kind, Option, Sheet

MATRIX = Item("m", Kind.MATRIX, "How?", rows=(Option("a", "A"), Option("b", "B")), scale=("no", "so", "yes"))
CHOICE = Item("c", Kind.CHOICE, "Which?", options=(Option("x", "X"), Option("y", "Y")), required=False)
NUMBER = Item("n", Kind.NUMBER, "How many?", least=0, most=9, required=False)
TEXT = Item("t", Kind.TEXT, "What?", required=False)
ITEMS = (MATRIX, CHOICE, NUMBER, TEXT)
WHOLE = {"m.a": 1, "m.b": 3}


def sheets(*genders: str, points: int = 3) -> list[Sheet]:
    return [Sheet(str(n), {"m.a": points, "m.b": points}, gender, quotable=False, tags={}) for n, gender in enumerate(genders)]


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        (WHOLE, set()),
        (WHOLE | {"c": "x", "n": 9, "t": "Good."}, set()),
        ({"m.a": 1}, {"m.b"}),
        ({}, {"m.a", "m.b"}),
        (WHOLE | {"m.a": 0}, {"m.a"}),
        (WHOLE | {"m.a": 4}, {"m.a"}),
        (WHOLE | {"m.a": "1"}, {"m.a"}),
        (WHOLE | {"m.a": True}, {"m.a"}),
        (WHOLE | {"c": "z"}, {"c"}),
        (WHOLE | {"n": 10}, {"n"}),
        (WHOLE | {"n": -1}, {"n"}),
        (WHOLE | {"t": "x" * 4001}, {"t"}),
        (WHOLE | {"t": 5}, {"t"}),
        (WHOLE | {"m.c": 1}, {"m.c"}),
    ],
)
def test_what_can_be_an_answer(answers: dict[str, Any], wrong: set[str]) -> None:
    assert set(rules.faults(ITEMS, answers)) == wrong


def test_points_are_counted_row_by_row() -> None:
    answers = [*sheets("woman", points=3), Sheet("x", {"m.a": 1}, "man", quotable=False, tags={})]
    assert rules.points(ITEMS, answers) == (3 + 3 + 1, 9)
    assert rules.points(ITEMS, answers, "m.b") == (3, 3)
    assert rules.points((CHOICE, TEXT), answers) == (0, 0)


@pytest.mark.parametrize(
    ("women", "men", "others", "shown"),
    [
        (5, 5, 0, ["woman", "man"]),
        (5, 5, 5, ["woman", "man", ""]),
        (9, 0, 0, ["woman"]),
        (9, 4, 0, []),
        (9, 9, 1, []),
        (4, 0, 0, []),
        (0, 0, 0, []),
    ],
)
def test_groups_are_shown_all_or_none(women: int, men: int, others: int, shown: list[str]) -> None:
    answers = sheets(*["woman"] * women, *["man"] * men, *[""] * others)
    assert [rate.key for rate in rules.by_group(ITEMS, answers)] == shown


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_no_views_together_tell_what_fewer_than_five_said(counts: list[int]) -> None:
    """Whoever adds and subtracts what is published comes to nobody, or to five at least."""
    answers = sheets(*chain.from_iterable([name] * count for name, count in zip(rules.GROUPS, counts, strict=True)))
    published: list[frozenset[str]] = []
    if rules.rate("", "All", ITEMS, answers).given is not None:
        published.append(frozenset(sheet.id for sheet in answers))
    published += [frozenset(s.id for s in answers if s.gender == rate.key) for rate in rules.by_group(ITEMS, answers)]
    for size in range(1, len(published) + 1):
        for taken in combinations(published, size):
            for whole in (frozenset[str](), *published):
                rest = whole.symmetric_difference(frozenset().union(*taken))
                assert not 0 < len(rest) < rules.LEAST


def test_labels_get_keys_and_keep_them() -> None:
    first = rules.options(["The topics", "The speakers", "ชื่อ", "The topics!"])
    assert [option.key for option in first] == ["the_topics", "the_speakers", "row", "the_topics_2"]
    again = rules.options(["The speakers", "The rooms"], first)
    assert [option.key for option in again] == ["the_speakers", "the_rooms"]


def test_every_template_can_be_stored_and_answered() -> None:
    for template in templates().values():
        items = tuple(rules.item_of(item) for item in rules.stored(template.items))
        assert items == template.items
        keys = [key for key, _, _ in rules.questions(items)]
        assert len(set(keys)) == len(keys)
    assert len(templates()["workshop-overall"].items[0].rows) == 9
