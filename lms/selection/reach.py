"""How good a list with somebody on it can be: at most, by prices; at least, by lists that were found; exactly, where these meet."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lms.selection.branching import bounds
from lms.selection.core import ROUNDING, Core, Proof
from lms.selection.linear import HALF
from lms.selection.pool import Flags, Question, Whole

NEVER = np.iinfo(np.int64).min // 4


class Reach:
    """What is known of everybody; the solver is asked only about those of whom that leaves a doubt, and each answer settles many."""

    def __init__(self, core: Core, question: Question, members: frozenset[int], proofs: Iterable[Proof]) -> None:
        """Start from the best list and the prices that are known."""
        self.core, self.pool, self.question, self.members = core, core.pool, question, members
        self.total = self.pool.total(members)
        self.most, self.rest = (np.full(self.pool.size, float(self.total)) for _ in range(2))
        for proof in proofs:
            np.minimum(self.most, proof.of(question).most_with, out=self.most)
            np.minimum(self.rest, proof.of(question).most_without, out=self.rest)
        self.least = np.full(self.pool.size, NEVER, dtype=np.int64)
        self._learn(members, sorted(members, key=lambda place: self.pool.scores[place]))

    def _learn(self, members: frozenset[int], outs: Iterable[int]) -> None:
        """Learn from a list what those can have who may take the place of one of its members."""
        pool, total, seen = self.pool, self.pool.total(members), set[bytes]()
        self.least[list(members)] = np.maximum(self.least[list(members)], total)
        counts = pool.count(members)
        for out in outs:
            kind = pool.entries[out].tobytes()
            if kind not in seen:
                seen.add(kind)
                able = pool.replaces(self.question, counts, out)
                able[list(members)] = False
                self.least[able] = np.maximum(self.least[able], total - int(pool.scores[out]) + pool.scores[able])

    def settle(self) -> Whole:
        """Give what the best list with each is worth; `NEVER` where there is none."""
        for place in range(self.pool.size):
            if self._is_open(place):
                self._ask(place)
        return self.least

    def _is_open(self, place: int) -> bool:
        most = self.most[place]
        return bool(most >= self.core.lowest - HALF and np.floor(most + ROUNDING) > self.least[place])

    def _ask(self, place: int) -> None:
        known = int(self.least[place])
        found = bounds(self.core, self.question, place, max(known, self.core.lowest - 1))
        np.minimum(self.most, found.most_with, out=self.most)
        np.minimum(self.rest, found.most_without, out=self.rest)
        if found.members is not None:
            self._learn(found.members, [place])
        if self._is_open(place):
            self._ask_for_one(place)

    def _ask_for_one(self, place: int) -> None:
        known = int(self.least[place])
        members, _ = self.core.best(self.question, place, None if known == NEVER else known)
        if members is not None:
            self._learn(members, [place])
        known = int(self.least[place])
        self.most[place] = -np.inf if known == NEVER else known

    def spared(self, shared: Iterable[int]) -> Flags:
        """Tell which members some best list does without; only those who are on all best lists so far, the `shared`, are in doubt."""
        found, doubt = (np.zeros(self.pool.size, dtype=np.bool_) for _ in range(2))
        found[list(self.members)] = True
        doubt[list(shared)] = True
        found &= ~doubt
        doubt &= self.rest > self.total - HALF
        counts = self.pool.count(self.members)
        for place in np.flatnonzero(doubt).tolist():
            found[place] = self._has_equal(place, counts) or self._does_without(place)
        return found

    def _has_equal(self, place: int, counts: Whole) -> bool:
        able = self.pool.replaces(self.question, counts, place) & (self.pool.scores == self.pool.scores[place])
        able[list(self.members)] = False
        return bool(able.any())

    def _does_without(self, place: int) -> bool:
        if self.rest[place] < self.total - HALF:
            return False
        members, answer = self.core.best(self.question.without(place), beyond=self.total - 1)
        np.minimum(self.rest, answer.proof.of(self.question).most_without, out=self.rest)
        return members is not None
