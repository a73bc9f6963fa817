"""Why there is no list: the quotas that contradict each other, and the fewest persons by which some have to give way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from lms.selection.linear import Bound, Column, whole
from lms.selection.problem import LIMITLESS, Conflict, Problem, Quota, Relaxation, limits

SEATS = "seats"
FAR = 10**6


class Counts:
    """The question of how many of each class are selected, without who: small, however many candidates there are."""

    def __init__(self, problem: Problem) -> None:
        """Count the classes."""
        self.quotas = (Quota(SEATS, (SEATS,), problem.seats, problem.seats), *problem.quotas)
        groups = frozenset(group for quota in self.quotas for group in quota.groups)
        self.classes = Counter(tuple(g for g in (SEATS, *candidate.groups) if g in groups) for candidate in problem.candidates)

    def give_way(self, keys: Collection[str], soft: Collection[str]) -> tuple[Relaxation, ...] | None:
        """Say by how few persons the `soft` among some quotas must give way so that all of these hold; `None` if that is no help."""
        counted = [quota for quota in self.quotas if quota.key in keys]
        bounds: list[Bound] = []
        of_group: dict[str, list[int]] = {}
        slack: list[tuple[str, int, Column]] = []
        for quota in counted:
            rows = range(len(bounds), len(bounds) + len(quota.groups))
            bounds += [limits(quota)] * len(quota.groups)
            for group, row in zip(quota.groups, rows, strict=True):
                of_group.setdefault(group, []).append(row)
            if quota.key in soft:
                slack += [(quota.key, sign, Column(-1, tuple((row, sign) for row in rows), FAR)) for sign in _ways(quota)]
        columns = [Column(0, tuple((row, 1) for group in kind for row in of_group[group]), n) for kind, n in self._among(of_group.keys())]
        values = whole([*columns, *(column for _, _, column in slack)], bounds)
        if values is None:
            return None
        given = zip(slack, values[len(columns) :], strict=True)
        return tuple(Relaxation(key, by, up=sign < 0) for (key, sign, _), by in given if by)

    def _among(self, groups: Collection[str]) -> Iterable[tuple[tuple[str, ...], int]]:
        """Count the classes as far as some groups tell them apart."""
        found: Counter[tuple[str, ...]] = Counter()
        for kind, count in self.classes.items():
            found[tuple(group for group in kind if group in groups)] += count
        return found.items()


def _ways(quota: Quota) -> list[int]:
    low, high = limits(quota)
    return [sign for sign, bound in ((1, low > 0), (-1, high < LIMITLESS)) if bound]


def conflict(problem: Problem) -> Conflict:
    """Explain why a problem has no list."""
    counts = Counts(problem)
    keys = _contradicting(counts)
    everything = [quota.key for quota in counts.quotas]
    alone = [found for key in keys if (found := counts.give_way(everything, {key}))]
    together = counts.give_way(everything, everything) or ()
    return Conflict(tuple(keys), tuple(relaxation for found in alone for relaxation in found), together)


def _contradicting(counts: Counts) -> list[str]:
    """Find quotas that contradict each other, each of them needed for that; of several such sets, one of the first."""
    keys = [quota.key for quota in counts.quotas]
    return sorted(_needed(counts, [], keys, fresh=False), key=keys.index)


def _needed(counts: Counts, held: list[str], keys: list[str], *, fresh: bool) -> list[str]:
    """Give those of some quotas that contradict the `held` ones, as few as need be, by halves; `fresh` if others are held than before."""
    if fresh and counts.give_way(held, ()) is None:
        return []
    if len(keys) == 1:
        return keys
    first, second = keys[: len(keys) // 2], keys[len(keys) // 2 :]
    late = _needed(counts, [*held, *first], second, fresh=True)
    early = _needed(counts, [*held, *late], first, fresh=bool(late))
    return [*early, *late]
