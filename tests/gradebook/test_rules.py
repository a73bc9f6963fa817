"""How grades follow from scores, as tables."""

from __future__ import annotations

from decimal import Decimal as D  # noqa: N817 - a table of decimals

import pytest

from lms.gradebook import rules
from lms.gradebook.rules import Item


def items(*scores: str | None, weights: tuple[str, ...] = ()) -> list[Item]:
    """Make an item in a group of its own for each score."""
    weights = weights or ("1",) * len(scores)
    return [
        Item(f"work/{n}", f"Test {n}", f"m{n}", f"Module {n}", D(weight), None if score is None else D(score))
        for n, (score, weight) in enumerate(zip(scores, weights, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("scores", "weights", "so_far", "final"),
    [
        (("80", "85", None, None, None), (), "82.5", "33"),
        ((None, None, None, None, None), (), None, "0"),
        (("0", None, None, None, None), (), "0", "0"),
        (("50", "50", "50", "50", "50"), (), "50", "50"),
        (("100", "50", None), ("2", "1", "1"), "83.333333", "62.5"),
        (("49.999999", "50", "50"), (), "49.999999", "49.999999"),
        (("49.999999", "50.000001"), (), "50", "50"),
        (("80", "20"), ("1", "0"), "80", "80"),
        ((), (), None, "0"),
    ],
)
def test_averages(scores: tuple[str | None, ...], weights: tuple[str, ...], so_far: str | None, final: str) -> None:
    """'So far' is over what is graded, 'final' over everything; nothing is rounded up."""
    grades = rules.grade(items(*scores, weights=weights))
    assert grades.so_far == (None if so_far is None else D(so_far))
    assert grades.final == D(final)


def test_a_group_of_several_pieces() -> None:
    """A group's grade is over its graded pieces so far, and over all of them in the end."""
    one, two, three = items("80", None, "60")
    pieces = [one, Item("work/2", two.title, "m1", "Module 1", D(1), None), three]
    grades = rules.grade(pieces)
    assert [(g.group, g.so_far, g.final, g.complete) for g in grades.groups] == [("m1", D(80), D(40), False), ("m3", D(60), D(60), True)]
    assert (grades.graded, grades.counted) == (2, 2)
    assert grades.so_far == D("73.333333")
    assert grades.final == D("46.666666")


@pytest.mark.parametrize(
    ("final", "mark", "passed"),
    [("50", "50", True), ("50.00", "50", True), ("49.99", "50", False), ("49.999999", "50", False), ("0", "0", True), ("66.67", "66.67", True)],  # noqa: E501 - one pattern or list
)
def test_the_mark_itself_passes(final: str, mark: str, passed: bool) -> None:
    """The threshold is inclusive."""
    assert rules.passes(D(final), D(mark)) is passed


@pytest.mark.parametrize(
    ("scores", "weights", "gap", "groups", "points", "average", "out_of_reach"),
    [
        (("80", "85", "65", None, None), (), "4", 2, "20", "10", False),
        (("80", "85", "85", None, None), (), "0", 2, "0", "0", False),
        (("10", "10", "10", None, None), (), "44", 2, "220", "110", True),
        (("40", "50", "50", "50", "50"), (), "2", 0, "10", None, True),
        (("100", None), ("1", "3"), "25", 1, None, "33.3333", False),
        ((), (), "50", 0, None, None, True),
    ],
)
def test_what_is_missing(
    scores: tuple[str | None, ...],
    weights: tuple[str, ...],
    gap: str,
    groups: int,
    points: str | None,
    average: str | None,
    out_of_reach: bool,
) -> None:
    """The distance to the mark, as points of a module where all weigh the same, and as the average that is needed."""
    missing = rules.missing(items(*scores, weights=weights), D(50))
    assert missing.gap == D(gap)
    assert missing.groups == groups
    assert missing.points == (None if points is None else D(points))
    assert (None if missing.average is None else round(missing.average, 4)) == (None if average is None else D(average))
    assert missing.out_of_reach is out_of_reach


@pytest.mark.parametrize(
    ("finals", "ranks"),
    [
        (["90", "80", "80", "70"], [(1, False), (2, True), (2, True), (4, False)]),
        (["50", "50", "50"], [(1, True), (1, True), (1, True)]),
        (["82.5", "82.500000", "82.499999"], [(1, True), (1, True), (3, False)]),
        ([], []),
    ],
)
def test_ranks(finals: list[str], ranks: list[tuple[int, bool]]) -> None:
    """Who is tied shares the rank, and the next one is as many ranks behind."""
    by_final = rules.ranks(rules.counted(D(final) for final in finals))
    assert [by_final[D(final)] for final in finals] == ranks


@pytest.mark.parametrize(
    ("value", "mark", "places"),
    [("49.96", "50", 2), ("49.94", "50", 1), ("50", "50", 1), ("49.999999", "50", 6), ("66.66", "66.67", 2), ("82.55", "50", 1), ("66.67", "66.67", 1)],  # noqa: E501 - one pattern or list
)
def test_places(value: str, mark: str, places: int) -> None:
    """A value that doesn't pass is never shown as one that does."""
    assert rules.places(D(value), D(mark)) == places


def test_changes() -> None:
    """The ledger gets what it doesn't say yet: scores, new items, other weights, items that are gone; and nothing twice."""
    old = items("80", None, "60", "50")
    known = {item.key: item for item in old}
    assert rules.changes(known, old, "No reason.") == []
    new = [*items("90", None, "60", weights=("1", "2", "1")), *items(*[None] * 4, "70")[4:]]
    changes = rules.changes(known, new, "Attempt 2.")
    assert [(c.item.key, c.before, c.item.score, c.item.weight, c.why) for c in changes] == [
        ("work/1", D(80), D(90), D(1), "Attempt 2."),
        ("work/2", None, None, D(2), "The weight in the course was changed."),
        ("work/5", None, D(70), D(1), "Attempt 2."),
        ("work/4", D(50), D(50), D(0), "This counts no longer."),
    ]
    after = known | {change.item.key: change.item for change in changes}
    assert rules.changes(after, new, "Again.") == []


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (["Zoë", "émile", "Ana", "Étienne", "bob"], ["Ana", "bob", "émile", "Étienne", "Zoë"]),
        (["  Ana  Lim", "ana kim"], ["ana kim", "  Ana  Lim"]),
    ],
)
def test_names_are_sorted_without_case_and_accents(names: list[str], ordered: list[str]) -> None:
    """Sorting is as in a directory, and leaves other scripts' marks alone."""
    assert sorted(names, key=rules.name_key) == ordered
    assert rules.name_key("សុខា") == "សុខា"
