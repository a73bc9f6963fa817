"""The linear program of a selection over the few candidates who matter; others join it as soon as its prices say that they do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from highspy import Highs
from numpy.typing import NDArray

from lms.selection.linear import HALF, Column, new, solved, whole
from lms.selection.pool import Flags, Floats, Pool, Question

CLEAR = 1e-6
ROUNDING = 1e-4
PRECISION = 1e-15
BATCH = 256  # so many join at a time
FEW = 8
STEP = 6  # binary orders from one try to the next
LOOSE = 200  # so many, at least, are open when a fractional answer is made whole


@dataclass(frozen=True, slots=True)
class Proof:
    """Prices of the rows, by which no list is worth more than `ceiling`; with or without somebody, less what that costs by the margins.

    That is so whatever the prices are: it is counted from them, not taken from the solver.
    """

    prices: Floats
    margins: Floats
    ceiling: float

    @property
    def most_with(self) -> Floats:
        """Give, for each, what a list with them can be worth at most."""
        return self.ceiling + np.minimum(self.margins, 0.0)

    @property
    def most_without(self) -> Floats:
        """Give, for each, what a list without them can be worth at most."""
        return self.ceiling - np.maximum(self.margins, 0.0)

    def of(self, question: Question) -> Proof:
        """Hold the same prices against another question."""
        return replace(self, ceiling=_ceiling(question, self.prices, self.margins))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the linear program says: a proof, the most that is possible by it, if wishes came true, and a list or who is `torn`."""

    proof: Proof
    most: float
    fulfilled: bool
    torn: int | None
    members: frozenset[int] | None


class Core:
    """A program that stays with its last basis from question to question, and grows by those whom its prices bring in."""

    def __init__(self, pool: Pool, question: Question) -> None:
        """Begin with the best, and the best of each group that has a minimum."""
        self.pool = pool
        self.wishes = _wishes(pool)
        self.lowest = int(pool.scores[-pool.problem.seats :].sum()) if pool.size else 0
        self.places = np.empty(0, dtype=np.int64)
        self._missed = np.flatnonzero(question.lows > 0).astype(np.int32)  # rows that may fall short, at a price beyond all scores
        self._highs = self._begin(question)
        self._join(self._first(question))

    def _begin(self, question: Question) -> Highs:
        highs = new()
        empty, zeros = np.empty(0, dtype=np.int32), np.zeros(self.pool.height, dtype=np.int32)
        none = np.empty(0)
        highs.addRows(self.pool.height, question.lows.astype(float), question.highs.astype(float), 0, zeros, empty, none)
        count = len(self._missed)
        most = np.full(count, float(self.pool.problem.seats))
        starts = np.arange(count, dtype=np.int32)
        highs.addCols(count, np.zeros(count), np.zeros(count), most, count, starts, self._missed, np.ones(count))
        return highs

    def _first(self, question: Question) -> NDArray[np.int64]:
        pool, chosen = self.pool, np.zeros(self.pool.size, dtype=np.bool_)
        chosen[: 2 * pool.problem.seats] = True
        for row in self._missed[1:].tolist():
            chosen[np.flatnonzero((pool.entries == row).any(axis=1))[: 2 * int(question.lows[row])]] = True
        return np.flatnonzero(chosen)

    def _join(self, places: NDArray[np.int64]) -> None:
        entries = self.pool.entries[places]
        there = entries < self.pool.height
        starts = np.concatenate(([0], np.cumsum(there.sum(axis=1))[:-1])).astype(np.int32)
        rows, count = entries[there].astype(np.int32), len(places)
        scores = self.pool.scores[places].astype(float)
        self._highs.addCols(count, scores, np.zeros(count), np.ones(count), len(rows), starts, rows, np.ones(len(rows)))
        self.places = np.concatenate((self.places, places))

    def ask(self, question: Question, wanted: int | None = None) -> Answer:
        """Solve the linear relaxation; with somebody `wanted` who must be on the list, too.

        A wanted one is worth more, and a minimum that is missed costs, as much as has to do; where it does not, as much as must.
        """
        answer = self._answer(question, wanted, self.wishes[0])
        for wish in self.wishes[1:]:
            if answer.fulfilled or answer.most < self.lowest - HALF:
                break
            answer = self._answer(question, wanted, wish)
        return answer

    def _answer(self, question: Question, wanted: int | None, wish: float) -> Answer:
        outside = np.ones(self.pool.size, dtype=np.bool_)
        outside[self.places] = False
        needed = question.inside & outside
        if wanted is not None:
            needed[wanted] = outside[wanted]
        if needed.any():
            self._join(np.flatnonzero(needed))
            outside[self.places] = False
        self._pose(question, wanted, wish)
        while True:
            values, prices, worth = self._solved()
            margins = self.pool.margins(prices)
            ceiling = _ceiling(question, prices, margins)
            bonus = 0.0 if wanted is None else max(0.0, margins[wanted] + wish) - max(0.0, float(margins[wanted]))
            fresh = np.flatnonzero(outside & ~question.barred & (margins > CLEAR))
            if not len(fresh) or ceiling + bonus - worth < HALF / 2:
                return self._read(question, values, Proof(prices, margins, ceiling), wanted)
            fresh = fresh[np.argsort(-margins[fresh], kind="stable")[:BATCH]]
            self._join(fresh)
            outside[fresh] = False

    def _pose(self, question: Question, wanted: int | None, wish: float) -> None:
        rows, short = np.arange(self.pool.height, dtype=np.int32), len(self._missed)
        lows, highs = question.lows.astype(float), question.highs.astype(float)
        self._highs.changeRowsBounds(len(rows), rows, lows, highs)  # type: ignore[attr-defined] # published without it
        columns = np.arange(short, short + len(self.places), dtype=np.int32)
        low, high = question.inside[self.places].astype(float), (~question.barred[self.places]).astype(float)
        self._highs.changeColsBounds(len(columns), columns, low, high)
        costs = self.pool.scores[self.places].astype(float)
        if wanted is not None:
            costs[self.places == wanted] += wish
        self._highs.changeColsCost(len(columns), columns, costs)
        self._highs.changeColsCost(short, np.arange(short, dtype=np.int32), np.full(short, -8 * wish))

    def _solved(self) -> tuple[Floats, Floats, float]:
        """Solve, once more from the beginning if need be; whatever the solver says of it is counted again."""
        if not solved(self._highs):
            self._highs.clearSolver()
            solved(self._highs)
        solution = self._highs.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual), float(self._highs.getInfo().objective_function_value)

    def _read(self, question: Question, values: Floats, proof: Proof, wanted: int | None) -> Answer:
        """Read a list off an answer in whole numbers."""
        short = len(self._missed)
        chosen, in_one = values[short:], np.max(np.abs(values - np.rint(values)), initial=0.0) < CLEAR
        fulfilled = values[:short].max(initial=0.0) < CLEAR
        most = proof.ceiling
        if wanted is not None:
            fulfilled &= chosen[self.places == wanted].max(initial=0.0) > 1 - CLEAR
            most = float(proof.most_with[wanted])
        members = frozenset(self.places[chosen > HALF].tolist())
        holds = in_one and fulfilled and self.pool.keeps(question, members)
        return Answer(proof, most, fulfilled, self._torn(question, chosen), members if holds else None)

    def _torn(self, question: Question, chosen: Floats) -> int | None:
        """Give who is farthest from being in or out."""
        apart = np.abs(chosen - np.rint(chosen))
        apart[(question.inside | question.barred)[self.places]] = 0.0
        most = int(np.argmax(apart)) if len(apart) else 0
        return int(self.places[most]) if len(apart) and apart[most] > CLEAR else None

    def best(self, question: Question, wanted: int | None = None, beyond: int | None = None) -> tuple[frozenset[int] | None, Answer]:
        """Give a best list, if it is worth more than `beyond`; `None` if there is none. What is left in fractions is made whole."""
        answer = self.ask(question, wanted)
        floor = self.lowest - 1 if beyond is None else beyond
        if answer.most < floor + 1 - ROUNDING:
            return None, answer
        if self._is_best(answer.members, answer.most):
            return answer.members, answer
        found = self._rounded(question if wanted is None else question.with_one(wanted), answer, beyond)
        return (found if found is not None and self.pool.total(found) > floor else None), answer

    def _is_best(self, members: frozenset[int] | None, most: float) -> bool:
        return members is not None and self.pool.total(members) > most - 1 + ROUNDING

    def _rounded(self, question: Question, answer: Answer, beyond: int | None) -> frozenset[int] | None:
        """Find the best list in whole numbers, by letting loose whom the prices leave open.

        Whose margin exceeds the gap between the most that is possible and a list that was found can't be otherwise in a better one.
        """
        margins, most, held = answer.proof.margins, answer.most, question.inside | question.barred
        distance, taken = np.abs(margins), (margins > 0) & ~question.barred | question.inside
        found = self._among(question, self._likely(question, (distance <= HALF) & ~held), taken)
        if self._is_best(found, most):
            return found
        known = beyond if found is None else max(self.pool.total(found), -1 if beyond is None else beyond)
        if known is not None:
            better = self._among(question, (distance <= most - known - 1 + ROUNDING) & ~held, taken)
            return max((members for members in (found, better) if members is not None), key=self.pool.total, default=None)
        gap = float(np.partition(distance, min(LOOSE, len(distance) - 1))[min(LOOSE, len(distance) - 1)]) + 1.0
        while True:
            loose = (distance <= gap) & ~held
            found = self._among(question, loose, taken)
            short = most - (0 if found is None else self.pool.total(found))
            if (loose | held).all() or (found is not None and short <= gap - HALF):
                return found
            gap = short + 1.0 if found is not None else 4 * gap

    def _likely(self, question: Question, loose: Flags) -> Flags:
        """Choose, of those who are open at no cost, those in the program and the first of each profile for whom there is room."""
        full, _ = self.pool.tight(question, self.pool.count(np.flatnonzero(question.inside)))
        found = self.pool.first_of_each(loose & ~full[self.pool.entries].any(axis=1), FEW)
        found[self.places] = True
        return found & loose

    def _among(self, question: Question, loose: Flags, taken: Flags) -> frozenset[int] | None:
        pool, fixed = self.pool, np.flatnonzero(taken & ~loose)
        counts = pool.count(fixed)
        free = np.flatnonzero(loose).tolist()
        columns = [
            Column(int(pool.scores[place]), tuple((row, 1) for row in pool.entries[place].tolist() if row < pool.height)) for place in free
        ]
        bounds = list(zip((question.lows - counts).tolist(), (question.highs - counts).tolist(), strict=True))
        values = whole(columns, bounds)
        if values is None:
            return None
        return frozenset(fixed.tolist()) | frozenset(place for place, value in zip(free, values, strict=True) if value)


def _ceiling(question: Question, prices: Floats, margins: Floats) -> float:
    """Count what no list can be worth more than, by some prices, and by how little counting with so large numbers may be wrong."""
    free = ~question.inside & ~question.barred
    rows = np.maximum(prices * question.lows, prices * question.highs)
    people = np.concatenate((np.maximum(margins[free], 0.0), margins[question.inside]))
    large = np.abs(rows).sum() + np.abs(people).sum() + 8 * np.abs(prices).max(initial=0.0) * np.count_nonzero(people)
    return float(rows.sum() + people.sum() + PRECISION * large)


def _wishes(pool: Pool) -> list[float]:
    """Give what a wish counts, from more than what a few exchanges cost to more than any two lists are apart."""
    first = 8 * int(np.abs(pool.scores).max(initial=1)) + 1
    last = 4 * first * pool.problem.seats
    return [float(2**bits) for bits in range(first.bit_length(), last.bit_length() + STEP, STEP)]
