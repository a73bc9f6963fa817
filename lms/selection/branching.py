"""What a list with, or without, each candidate can be worth at most, proved by a few linear programs, also where one leaves fractions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lms.selection.core import ROUNDING, Answer, Core
from lms.selection.pool import Floats, Question

LEAVES = 64  # so many programs at most


@dataclass
class Bounds:
    """The most that is possible with each and without each, and the best list that was met."""

    most_with: Floats
    most_without: Floats
    members: frozenset[int] | None = None

    def widen(self, question: Question, answer: Answer) -> None:
        """Let what is possible in one branch be possible."""
        proof = answer.proof
        some, rest = proof.most_with, proof.most_without
        some[question.barred], rest[question.barred] = -np.inf, proof.ceiling
        some[question.inside], rest[question.inside] = proof.ceiling, -np.inf
        np.maximum(self.most_with, some, out=self.most_with)
        np.maximum(self.most_without, rest, out=self.most_without)


def bounds(core: Core, question: Question, wanted: int | None, known: int) -> Bounds:
    """Branch on whom the relaxation tears in two, until no branch can be worth more than what is known, or is found."""
    nothing = np.full(core.pool.size, -np.inf)
    found = Bounds(nothing, nothing.copy())
    open_to, asked = [question], 0
    while open_to:
        branch = open_to.pop()
        answer = core.ask(branch, None if wanted is None or branch.inside[wanted] else wanted)
        asked += 1
        if answer.members is not None and core.pool.total(answer.members) > known:
            found.members, known = answer.members, core.pool.total(answer.members)
        if answer.torn is None or answer.most < known + 1 - ROUNDING or asked + len(open_to) >= LEAVES:
            found.widen(branch, answer)
        else:
            open_to += [branch.without(answer.torn), branch.with_one(answer.torn)]
    return found
