"""Of several equally good lists the one that the draw prefers: it has the first, in the order of the draw, whom only one of two has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from lms.selection.core import Core, Proof
from lms.selection.linear import HALF
from lms.selection.pool import SEATS, Question, in_order_of_draw

RECENT = 2  # so many proofs are looked at again before the solver is asked


class Draw:
    """A walk through those whom one best list has and another may not have, each let in if any best list with the others still has them.

    `members` is at any time a best list with everybody who was let in, `shared` are those whom all lists had that the walk came across.
    """

    def __init__(self, core: Core, question: Question, members: frozenset[int], proofs: Iterable[Proof]) -> None:
        """Settle whom every best list has and whom none has."""
        self.core, self.pool, self.question, self.proofs = core, core.pool, question, list(proofs)
        self.members = self.shared = members
        self.total = self.pool.total(members)
        self.inside, self.barred = question.inside.copy(), question.barred.copy()
        for proof in self.proofs:
            self.inside |= proof.most_without < self.total - HALF
            self.barred |= proof.most_with < self.total - HALF
        self.counts = self.pool.count(np.flatnonzero(self.inside))
        self._refused: set[tuple[int, ...]] = set()

    def walk(self) -> frozenset[int]:
        """Give the list."""
        for place in in_order_of_draw(self.pool, ~self.inside & ~self.barred):
            if self.counts[SEATS] == self.pool.problem.seats:
                break
            if self.barred[place]:
                continue
            if place in self.members or self._can_come(place):
                self.inside[place] = True
                self.counts += self.pool.count([place])
            else:
                self.barred[place] = True
        return self.members

    def _can_come(self, place: int) -> bool:
        """Tell whether a best list has all who were let in and one more; `members` becomes such a list.

        Whoever is like one who could not come, in score and in what counts, can't come either: there is only less room.
        """
        rows = self.pool.entries[place]
        rows = rows[rows < self.pool.height]
        kind = (int(self.pool.scores[place]), *rows.tolist())
        if kind in self._refused:
            return False
        if np.all(self.counts[rows] < self.question.highs[rows]) and (self._swapped(place) or self._solved(place)):
            return True
        self._refused.add(kind)
        return False

    def _swapped(self, place: int) -> bool:
        """Let one come for a member who scores the same and was not let in, the last in the draw; if anybody can be spared so."""
        pool = self.pool
        members = np.fromiter(self.members, dtype=np.int64)
        others = members[~self.inside[members] & (pool.scores[members] == pool.scores[place])]
        others = others[pool.spares(self.question, pool.count(members), place, others)]
        if not len(others):
            return False
        last = int(others[np.argmax(pool.draws[others])])
        self._take(self.members - {last} | {place})
        return True

    def _solved(self, place: int) -> bool:
        """Ask the solver, if no proof that was given before excludes it by now."""
        now = replace(self.question, inside=self.inside, barred=self.barred)
        for proof in self.proofs[-RECENT:]:
            self._bar(proof.of(now))
        if self.barred[place]:
            return False
        members, answer = self.core.best(now, place, self.total - 1)
        self.proofs.append(answer.proof)
        if members is None:
            self._bar(answer.proof)
            return False
        self._take(members)
        return True

    def _bar(self, proof: Proof) -> None:
        """Leave out whom prices show to be on no best list with those who were let in."""
        self.barred |= (proof.most_with < self.total - HALF) & ~self.inside

    def _take(self, members: frozenset[int]) -> None:
        self.members = members
        self.shared &= members
