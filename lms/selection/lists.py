"""The best list of candidates within quotas, exactly, and of several equally good ones the one that the draw prefers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lms.selection.linear import HALF, Answer, Bound, Column, Program, whole
from lms.selection.problem import LIMITLESS, Candidate, Problem, Quota, limits, ranking

CHUNK = 16  # so many candidates are drawn at once, the first weighing more than all after it


@dataclass(frozen=True, slots=True)
class Found:
    """A list, by the places of its members among the candidates, with what the solver knows of it."""

    total: int
    members: frozenset[int]
    answer: Answer
    counts: Counter[str]


class Choice:
    """The candidates who can matter, and the quotas as rows; row 0 counts the seats."""

    def __init__(self, problem: Problem) -> None:
        """Leave out whom enough better ones of the very same groups stand before."""
        self.problem = problem
        self.counted = frozenset(group for quota in problem.quotas for group in quota.groups)
        self.candidates = _pruned(problem, self.counted)
        self.rows: dict[tuple[str, str], int] = {}
        bounds: list[Bound] = [(problem.seats, problem.seats)]
        for quota in problem.quotas:
            for group in quota.groups:
                self.rows[quota.key, group] = len(bounds)
                bounds.append(limits(quota))
        self._of_group: dict[str, list[int]] = {}
        for (_, group), row in self.rows.items():
            self._of_group.setdefault(group, []).append(row)
        self.highs = {group: min(bounds[row][1] for row in rows) for group, rows in self._of_group.items()}
        self.program = Program([Column(c.score, self._entries(c.groups)) for c in self.candidates], bounds)

    def _entries(self, groups: Iterable[str]) -> tuple[tuple[int, int], ...]:
        return ((0, 1), *((row, 1) for group in groups for row in self._of_group.get(group, ())))

    def class_of(self, candidate: Candidate) -> frozenset[str]:
        """Give the groups of somebody in which quotas count."""
        return self.counted.intersection(candidate.groups)

    def best(self, rows: Mapping[int, Bound] | None = None, without: Iterable[int] = ()) -> Found | None:
        """Give a list with the highest score, with some rows bound otherwise or without some candidates, by their places."""
        answer = self.program.best(rows, dict.fromkeys(without, 0))
        if answer is None:
            return None
        members = frozenset(place for place, value in enumerate(answer.values) if value)
        return Found(answer.worth, members, answer, self._count(members))

    def _count(self, members: Iterable[int]) -> Counter[str]:
        return Counter(group for place in members for group in self.class_of(self.candidates[place]))

    def with_one_more(self, groups: Iterable[str]) -> dict[int, Bound]:
        """Bind the rows as if one seat were taken already by somebody of these groups."""
        return {row: (low - 1, high - 1) for row, _ in self._entries(groups) for low, high in [self.program.rows[row]]}

    def dropped(self, quota: Quota) -> dict[int, Bound]:
        """Bind the rows as if a quota asked for nothing."""
        return dict.fromkeys((self.rows[quota.key, group] for group in quota.groups), (0, LIMITLESS))

    def loose(self, found: Found) -> list[int]:
        """List the places of those who may be in one of the best lists and missing in another, in the order of the draw."""
        answer = found.answer
        open_to = [place for place, cost in enumerate(answer.reduced.tolist()) if answer.ceiling - cost > found.total - HALF]
        return sorted(open_to, key=lambda place: self.candidates[place].draw)

    def drawn(self, found: Found) -> tuple[Found, list[int]]:
        """Give the best list that the draw prefers, and who may owe a place to it, by place.

        Of two equally good lists it prefers the one that has the first candidate, in the order of the draw, whom only one of them has.
        """
        loose = self.loose(found)
        left, members = list(loose), found.members
        seats = self.problem.seats - len(members.difference(loose))
        while left and seats > 0:
            some = left[:CHUNK]
            if not members.issuperset(some) and not members.isdisjoint(left):
                members = self._preferred(members, left, len(some), found.total)
            seats -= len(members.intersection(some))
            left = left[CHUNK:]
        return replace(found, members=members, counts=self._count(members)), loose

    def _preferred(self, members: frozenset[int], left: Sequence[int], some: int, total: int) -> frozenset[int]:
        """Let as many as can be of the first `some` be in, each counting more than all after; the others in `left` follow."""
        settled = members.difference(left)
        bounds = self._room(settled)
        least = min(self.candidates[place].score for place in left)
        rest = total - sum(self.candidates[place].score for place in settled) - least * (bounds[0][1])
        columns = []
        for number, place in enumerate(left):
            column, worth = self.program.columns[place], 1 << (some - 1 - number) if number < some else 0
            columns.append(Column(worth, (*column.entries, (len(bounds), column.worth - least))))
        values = whole(columns, [*bounds, (rest, rest)])
        if values is None:
            return members
        return settled.union(place for place, value in zip(left, values, strict=True) if value)

    def _room(self, settled: Iterable[int]) -> list[Bound]:
        taken = Counter(row for place in settled for row, _ in self.program.columns[place].entries)
        return [(low - taken[row], high - taken[row]) for row, (low, high) in enumerate(self.program.rows)]


def _pruned(problem: Problem, counted: frozenset[str]) -> tuple[Candidate, ...]:
    """Keep of each class the best, one more than any list can hold: so many are missed by nobody, even if one is taken out."""
    most = dict.fromkeys(counted, problem.seats)
    for quota in problem.quotas:
        for group in quota.groups:
            most[group] = min(most[group], limits(quota)[1])
    kept, seen = [], Counter[frozenset[str]]()
    for candidate in sorted(problem.candidates, key=ranking):
        kind = counted.intersection(candidate.groups)
        if seen[kind] <= min((most[group] for group in kind), default=problem.seats):
            seen[kind] += 1
            kept.append(candidate)
    return tuple(kept)
