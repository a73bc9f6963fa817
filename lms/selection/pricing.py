"""The reasons of a list: what each quota costs and does, and what whoever is not on it would have needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lms.selection.linear import HALF
from lms.selection.lists import Choice, Found
from lms.selection.problem import Outcome, Price, Quota, limits, ranking
from lms.selection.succession import reserves

SMALL = 1e-6


def explain(choice: Choice, found: Found, loose: Sequence[int]) -> Outcome:
    """Give a list with its reasons; `loose` are those who may owe a place to the draw."""
    ids = _ids(choice, found.members)
    return Outcome(
        selected=ids,
        reserves=reserves(choice.problem, ids),
        total=found.total,
        unbound=sum(sorted((c.score for c in choice.problem.candidates), reverse=True)[: choice.problem.seats]),
        prices=tuple(_price(choice, found, quota, ids) for quota in choice.problem.quotas),
        missing=_missing(choice, found, frozenset(ids)),
        drawn=tuple(choice.candidates[place].id for place in loose if place in found.members and _could_be_spared(choice, found, place)),
    )


def _ids(choice: Choice, places: frozenset[int]) -> tuple[int, ...]:
    members = sorted((choice.candidates[place] for place in places), key=ranking)
    return tuple(candidate.id for candidate in members)


def _could_be_spared(choice: Choice, found: Found, place: int) -> bool:
    other = choice.best(without=[place])
    return other is not None and other.total == found.total


def _price(choice: Choice, found: Found, quota: Quota, ids: Sequence[int]) -> Price:
    """Compare the list with the best one without the quota."""
    binding = _is_binding(found, quota)
    if _is_free(choice, found, quota):
        return Price(quota.key, 0, binding)
    if quota.high is None:
        other, without = choice.best(choice.dropped(quota)), choice
    else:
        rest = tuple(other for other in choice.problem.quotas if other.key != quota.key)
        without = Choice(replace(choice.problem, quotas=rest))
        other = without.best()
    if other is None or other.total == found.total:
        return Price(quota.key, 0, binding)
    there = _ids(without, other.members)
    brought, kept_out = (tuple(n for n in some if n not in set(rest)) for some, rest in ((ids, there), (there, ids)))
    return Price(quota.key, other.total - found.total, binding, brought, kept_out)


def _is_free(choice: Choice, found: Found, quota: Quota) -> bool:
    """Tell whether the relaxation proves that the quota costs nothing: it has no gap, and the quota's rows no price in it."""
    duals = (abs(float(found.answer.duals[choice.rows[quota.key, group]])) for group in quota.groups)
    return found.answer.ceiling - found.total < HALF and max(duals, default=0.0) < SMALL


def _is_binding(found: Found, quota: Quota) -> bool:
    low, high = limits(quota)
    return any(found.counts[group] == high or (low > 0 and found.counts[group] == low) for group in quota.groups)


def _missing(choice: Choice, found: Found, ids: frozenset[int]) -> dict[int, int | None]:
    """Say for everybody else how many points more it takes to be on a best list.

    That is the same for all of a class: the worth of the best list, less that of the best one in which somebody of the class without
    any points has a seat. If that list holds the very person who is asked about, it is asked for again without.
    """
    levels: dict[frozenset[str], Found | None] = {}
    missing: dict[int, int | None] = {}
    places = {candidate.id: place for place, candidate in enumerate(choice.candidates)}
    for candidate in choice.problem.candidates:
        if candidate.id in ids:
            continue
        level = _level(choice, choice.class_of(candidate), levels)
        if level is not None and places.get(candidate.id) in level.members:
            level = choice.best(choice.with_one_more(choice.class_of(candidate)), [places[candidate.id]])
        missing[candidate.id] = None if level is None else found.total - level.total - candidate.score
    return missing


def _level(choice: Choice, kind: frozenset[str], levels: dict[frozenset[str], Found | None]) -> Found | None:
    """Find the best list beside one seat for somebody of a class; where a quota of many groups has room left in it, without asking anew."""
    if kind in levels:
        return levels[kind]
    wide = {group for quota in choice.problem.quotas if len(quota.groups) > 1 and not quota.low for group in quota.groups}
    narrow = kind - wide
    if narrow != kind:
        found = _level(choice, narrow, levels)
        if found is not None and _has_room(choice, found, kind & wide):
            levels[kind] = found
            return found
    levels[kind] = choice.best(choice.with_one_more(kind))
    return levels[kind]


def _has_room(choice: Choice, found: Found, groups: frozenset[str]) -> bool:
    return all(found.counts[group] < choice.highs[group] for group in groups)
