"""All candidates of a selection as arrays, best first, and what may be asked of them: bounds, who is in, who is out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from lms.selection.problem import Problem, Quota, limits, ranking

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
SEATS = 0  # the row that counts everybody


@dataclass(frozen=True, slots=True)
class Question:
    """From how many to how many of each row, who is selected in any case, and who in no case."""

    lows: Whole
    highs: Whole
    inside: Flags
    barred: Flags

    def with_one(self, place: int) -> Question:
        """Ask for somebody."""
        return replace(self, inside=_marked(self.inside, place))

    def without(self, place: int) -> Question:
        """Leave somebody out."""
        return replace(self, barred=_marked(self.barred, place))


def _marked(flags: Flags, place: int) -> Flags:
    found = flags.copy()
    found[place] = True
    return found


class Pool:
    """Candidates by place, best first: what each scores, and the rows that count them; row 0 is the seats."""

    def __init__(self, problem: Problem) -> None:
        """Give each group in which quotas count a row, whatever number of quotas speak of it."""
        self.problem = problem
        self.candidates = tuple(sorted(problem.candidates, key=ranking))
        groups = dict.fromkeys(group for quota in problem.quotas for group in quota.groups)
        self.rows = {group: row for row, group in enumerate(groups, 1)}
        self.size, self.height = len(self.candidates), len(self.rows) + 1
        self.scores = np.array([candidate.score for candidate in self.candidates], dtype=np.int64)
        self.draws = np.array([candidate.draw for candidate in self.candidates], dtype=np.int64)
        known = self.rows
        found = [[known[group] for group in dict.fromkeys(c.groups) if group in known] for c in self.candidates]
        lengths = np.array([len(rows) for rows in found], dtype=np.int64)
        self.entries = np.full((self.size, 1 + int(lengths.max(initial=0))), self.height, dtype=np.int64)  # one row beyond the last: none
        self.entries[:, 0] = SEATS
        there = np.arange(1, self.entries.shape[1]) <= lengths[:, None]
        self.entries[:, 1:][there] = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=int(lengths.sum()))

    def question(self, without: Quota | None = None) -> Question:
        """Ask for the best list within the quotas, or all but one of them."""
        lows, highs = np.zeros(self.height, dtype=np.int64), np.full(self.height, self.problem.seats, dtype=np.int64)
        lows[SEATS] = self.problem.seats
        for quota in self.problem.quotas:
            if quota is not without:
                low, high = limits(quota)
                rows = [self.rows[group] for group in quota.groups]
                lows[rows], highs[rows] = np.maximum(lows[rows], low), np.minimum(highs[rows], high)
        nobody = np.zeros(self.size, dtype=np.bool_)
        return Question(lows, highs, nobody, nobody)

    @cached_property
    def profiles(self) -> Whole:
        """Number what everybody is in the quotas that count one group each: alike but for institutions have the same."""
        wide = np.zeros(self.height + 1, dtype=np.bool_)
        wide[[self.rows[quota.groups[0]] for quota in self.problem.quotas if len(quota.groups) == 1]] = True
        kinds = np.sort(np.where(wide[self.entries], self.entries, self.height), axis=1)
        return np.unique(kinds, axis=0, return_inverse=True)[1].ravel()

    def first_of_each(self, flags: Flags, count: int) -> Flags:
        """Give, of those flagged, the best so many of each profile."""
        places = np.flatnonzero(flags)
        places = places[np.argsort(self.profiles[places], kind="stable")]
        profiles = self.profiles[places]
        rank = np.arange(len(places)) - np.searchsorted(profiles, profiles)
        found = np.zeros(self.size, dtype=np.bool_)
        found[places[rank < count]] = True
        return found

    def margins(self, prices: Floats) -> Floats:
        """Give what everybody scores beyond the prices of the rows that count them."""
        found: Floats = self.scores - np.append(prices, 0.0)[self.entries].sum(axis=1)
        return found

    def count(self, places: Iterable[int]) -> Whole:
        """Count how many of some people are in each row."""
        rows = self.entries[np.fromiter(places, dtype=np.int64)]
        return np.bincount(rows.ravel(), minlength=self.height + 1)[: self.height]

    def total(self, places: Iterable[int]) -> int:
        """Add what some people score."""
        return int(self.scores[np.fromiter(places, dtype=np.int64)].sum())

    def keeps(self, question: Question, places: frozenset[int]) -> bool:
        """Tell whether a list is an answer: counted in whole numbers."""
        counts = self.count(places)
        within = bool(np.all((question.lows <= counts) & (counts <= question.highs)))
        return within and places.issuperset(np.flatnonzero(question.inside).tolist()) and not question.barred[list(places)].any()

    def replaces(self, question: Question, counts: Whole, out: int) -> Flags:
        """Tell who may take the place of a member of a list with such counts."""
        full, scarce = self.tight(question, counts)
        own = self._of(out)
        needed = np.count_nonzero(scarce & own)
        found: Flags = ~(full & ~own)[self.entries].any(axis=1) & ((scarce & own)[self.entries].sum(axis=1) == needed)
        return found

    def spares(self, question: Question, counts: Whole, back: int, members: Whole) -> Flags:
        """Tell which members of a list with such counts may give their place to somebody."""
        full, scarce = self.tight(question, counts)
        own, entries = self._of(back), self.entries[members]
        needed = np.count_nonzero(full & own)
        found: Flags = ~(scarce & ~own)[entries].any(axis=1) & ((full & own)[entries].sum(axis=1) == needed)
        return found

    def _of(self, place: int) -> Flags:
        own = np.zeros(self.height + 1, dtype=np.bool_)
        own[self.entries[place]] = True
        own[self.height] = False
        return own

    def tight(self, question: Question, counts: Whole) -> tuple[Flags, Flags]:
        """Tell which rows take nobody more and which can spare nobody; the row of none does neither."""
        full, scarce = (np.zeros(self.height + 1, dtype=np.bool_) for _ in range(2))
        full[:-1], scarce[:-1] = counts >= question.highs, counts <= question.lows
        return full, scarce


def in_order_of_draw(pool: Pool, flags: Flags) -> Iterator[int]:
    """List those flagged in the order of the draw."""
    places = np.flatnonzero(flags)
    yield from places[np.argsort(pool.draws[places], kind="stable")].tolist()
