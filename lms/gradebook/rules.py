"""How grades follow from scores: exact decimals, cut (never rounded up) at the six places that the database keeps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import groupby

ZERO = Decimal(0)
WHOLE = Decimal(100)
KEPT = Decimal("0.000001")
MOST_PLACES = 6
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of work that counts; one of weight 0 counts no longer, one without a score is not graded yet."""

    key: str
    title: str
    group: str
    group_title: str
    weight: Decimal
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry of the ledger says of an item: its score before and now, and why."""

    item: Item
    before: Decimal | None
    why: str


@dataclass(frozen=True, slots=True)
class GroupGrade:
    """The grade of a group, such as a module: `so_far` over its graded items, `final` with what is missing as 0."""

    group: str
    title: str
    weight: Decimal
    items: int
    graded: int
    so_far: Decimal | None
    final: Decimal

    @property
    def complete(self) -> bool:
        """Whether every item of the group has a score."""
        return self.graded == self.items


@dataclass(frozen=True, slots=True)
class Grades:
    """All that follows from a learner's scores; `graded` and `counted` are numbers of groups."""

    groups: tuple[GroupGrade, ...]
    so_far: Decimal | None
    final: Decimal
    graded: int
    counted: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What separates a learner from a mark.

    `points` are points of one group, if all groups weigh the same; `average` is what the `groups` that are not
    complete must reach on average over what is missing in them; `gap` is the distance of the final average.
    """

    gap: Decimal
    groups: int
    points: Decimal | None
    average: Decimal | None

    @property
    def nothing(self) -> bool:
        """Whether the mark is reached."""
        return self.gap <= ZERO

    @property
    def out_of_reach(self) -> bool:
        """Whether full marks in all that is missing would not be enough."""
        return not self.nothing and (self.average is None or self.average > WHOLE)


def kept(value: Decimal) -> Decimal:
    """Cut a value at the places that are kept: what is below a mark stays below it."""
    return value.quantize(KEPT, ROUND_DOWN)


def passes(final: Decimal, mark: Decimal) -> bool:
    """Tell whether a final average is enough; the mark itself is."""
    return final >= mark


def grade(items: Iterable[Item]) -> Grades:
    """Draw every grade from the items that count."""
    by_group: dict[str, list[Item]] = {}
    for item in items:
        if item.weight > ZERO:
            by_group.setdefault(item.group, []).append(item)
    groups = tuple(_group(found) for found in by_group.values())
    graded = [g for g in groups if g.so_far is not None]
    return Grades(
        groups=groups,
        so_far=_mean([(g.so_far or ZERO, g.weight) for g in graded]),
        final=_mean([(i.score or ZERO, i.weight) for found in by_group.values() for i in found]) or kept(ZERO),
        graded=len(graded),
        counted=len(groups),
    )


def _group(items: Sequence[Item]) -> GroupGrade:
    scored = [(item.score, item.weight) for item in items if item.score is not None]
    return GroupGrade(
        group=items[0].group,
        title=items[0].group_title,
        weight=sum((item.weight for item in items), ZERO),
        items=len(items),
        graded=len(scored),
        so_far=_mean(scored),
        final=_mean([(item.score or ZERO, item.weight) for item in items]) or kept(ZERO),
    )


def _mean(values: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    weight = sum((weight for _, weight in values), ZERO)
    return kept(sum((value * weight for value, weight in values), ZERO) / weight) if weight else None


def missing(items: Iterable[Item], mark: Decimal) -> Missing:
    """Tell what a learner lacks for a mark."""
    counting = [item for item in items if item.weight > ZERO]
    grades = grade(counting)
    total = sum((item.weight for item in counting), ZERO)
    lacking = mark * total - sum(((item.score or ZERO) * item.weight for item in counting), ZERO)
    left = sum((item.weight for item in counting if item.score is None), ZERO)
    weights = {group.weight for group in grades.groups}
    return Missing(
        gap=max(ZERO, lacking / total if total else mark),
        groups=sum(not group.complete for group in grades.groups),
        points=max(ZERO, lacking / weights.pop()) if len(weights) == 1 else None,
        average=max(ZERO, lacking / left) if left else None,
    )


def changes(known: Mapping[str, Item], found: Iterable[Item], why: str) -> list[Change]:
    """List what the ledger does not say yet about the items that count now."""
    now = {item.key: item for item in found if item.weight > ZERO}
    result = [_change(known.get(key), item, why) for key, item in now.items()]
    for key, item in known.items():
        if key not in now and item.weight > ZERO:
            result.append(Change(replace(item, weight=ZERO), item.score, "This counts no longer."))
    return [change for change in result if change is not None]


def _change(known: Item | None, item: Item, why: str) -> Change | None:
    before = known.score if known else None
    if item.score != before:
        return Change(item, before, why)
    if known is None or known.weight == ZERO:
        return Change(item, before, "This counts from now on.")
    if (known.weight, known.group) != (item.weight, item.group):
        return Change(item, before, "The weight in the course was changed.")
    return None


def ranks(finals: Iterable[tuple[Decimal, int]]) -> dict[Decimal, tuple[int, bool]]:
    """Give (rank, tied) by final average, from (final average, how many have it), highest first: 1, 2, 2, 4."""
    result, ahead = {}, 0
    for final, count in finals:
        result[final] = (ahead + 1, count > 1)
        ahead += count
    return result


def counted(finals: Iterable[Decimal]) -> list[tuple[Decimal, int]]:
    """Count how many have each final average, highest first."""
    return [(final, len(list(same))) for final, same in groupby(sorted(finals, reverse=True))]


def places(value: Decimal, mark: Decimal) -> int:
    """Tell how many places show a value honestly: one, or more where rounding would put it on the other side of a mark."""
    for number in range(1, MOST_PLACES):
        shown = value.quantize(Decimal(1).scaleb(-number), ROUND_HALF_UP)
        if passes(shown, mark) == passes(value, mark):
            return number
    return MOST_PLACES


def name_key(name: str) -> str:
    """Give what names are sorted by: letters without case, Latin ones without accents."""
    return " ".join(_ACCENTS.sub("", unicodedata.normalize("NFKD", name)).casefold().split())[:80]
