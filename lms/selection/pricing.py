"""The reasons of a list: what each quota costs and does, and what whoever is not on it would have needed.

- The *price* of a quota is the points that the best list without it, all others kept, has more. It brought in whom only the list has,
  and kept out whom only the other one has, the draw deciding between equals there, too. It is *binding* if a group is just at an end of it.
- What is *missing* for somebody is the worth of the list less that of the best one with them: so many points more, everything else
  being the same, and a best list has them. `None` where no list within the quotas has them.
- A place is owed to the *draw* by those whom another list of the same worth does without.

All are exact, in thousandths of a point. The solver is asked as little as can be: where prices of the linear relaxation (which bound from
above) and lists that were found already (which bound from below) meet, that is the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lms.selection.core import ROUNDING, Core
from lms.selection.drawing import Draw
from lms.selection.pool import Pool, Question
from lms.selection.problem import Outcome, Price, Quota, limits, ranking
from lms.selection.reach import NEVER, Reach
from lms.selection.succession import reserves


@dataclass
class Reasons:
    """A list, the draw that it came from, and what the solver has proved."""

    core: Core
    question: Question
    draw: Draw

    @property
    def pool(self) -> Pool:
        """The candidates."""
        return self.core.pool

    def explain(self) -> Outcome:
        """Give the list with its reasons."""
        pool, members = self.pool, self.draw.members
        ids = self.ids
        reach = Reach(self.core, self.question, members, self.draw.proofs)
        worth, spared = reach.settle(), reach.spared(self.draw.shared)
        return Outcome(
            selected=ids,
            reserves=reserves(pool.problem, ids),
            total=self.draw.total,
            unbound=int(pool.scores[: pool.problem.seats].sum()),
            prices=tuple(self._price(quota) for quota in pool.problem.quotas),
            missing={
                pool.candidates[place].id: None if worth[place] == NEVER else self.draw.total - int(worth[place])
                for place in range(pool.size)
                if place not in members
            },
            drawn=tuple(c.id for c in sorted((pool.candidates[p] for p in np.flatnonzero(spared)), key=lambda c: c.draw)),
        )

    @property
    def ids(self) -> tuple[int, ...]:
        """Who is on the list, best first."""
        return self._ids(self.draw.members)

    def _ids(self, members: frozenset[int]) -> tuple[int, ...]:
        return tuple(candidate.id for candidate in sorted((self.pool.candidates[place] for place in members), key=ranking))

    def _price(self, quota: Quota) -> Price:
        """Compare the list with the best one without the quota."""
        binding, question = self._is_binding(quota), self.pool.question(without=quota)
        if self.draw.proofs[0].of(question).ceiling < self.draw.total + 1 - ROUNDING:
            return Price(quota.key, 0, binding)
        members, answer = self.core.best(question)
        if members is None or self.pool.total(members) == self.draw.total:
            return Price(quota.key, 0, binding)
        other = Draw(self.core, question, members, [answer.proof]).walk()
        mine, theirs = self._ids(self.draw.members - other), self._ids(other - self.draw.members)
        return Price(quota.key, self.pool.total(other) - self.draw.total, binding, mine, theirs)

    def _is_binding(self, quota: Quota) -> bool:
        low, high = limits(quota)
        counts = self.pool.count(self.draw.members)
        return any(counts[row] == high or (low > 0 and counts[row] == low) for row in map(self.pool.rows.__getitem__, quota.groups))
