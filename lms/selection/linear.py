"""HiGHS, asked for the best choice of columns within bounds of rows; whatever it answers is counted again in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat, ObjSense
from numpy.typing import NDArray

Bound = tuple[int, int]
NEAR = 1e-6
HALF = 0.5  # objectives are whole numbers: whoever falls short by more than rounding falls short by one


class SolverError(Exception):
    """The solver gave up, or its answer does not bear counting again."""


@dataclass(frozen=True, slots=True)
class Column:
    """Something to choose, up to `most` times: what one of it is worth, and how much it adds to which rows."""

    worth: int
    entries: tuple[tuple[int, int], ...]
    most: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """The best choice: how often each column, its worth, and how far from best each column would be, as the linear relaxation says."""

    worth: int
    values: tuple[int, ...]
    ceiling: float
    reduced: NDArray[np.float64]
    duals: NDArray[np.float64]


class Program:
    """Columns and rows; questions that differ by some bounds are answered from where the last one ended."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Bound]) -> None:
        """Hand the columns over once."""
        self.columns, self.rows = columns, rows
        self._highs = _highs(columns, rows, whole=False)
        self._worth = np.array([column.worth for column in columns], dtype=np.float64)

    def best(self, rows: Mapping[int, Bound] | None = None, upper: Mapping[int, int] | None = None) -> Answer | None:
        """Give the best choice with some rows and some columns bound otherwise; `None` if there is none."""
        rows, upper = rows or {}, upper or {}
        try:
            self._bind(rows, upper)
            return self._answer(rows, upper) if _run(self._highs) else None
        finally:
            self._bind({row: self.rows[row] for row in rows}, {column: self.columns[column].most for column in upper})

    def _bind(self, rows: Mapping[int, Bound], upper: Mapping[int, int]) -> None:
        for row, (low, high) in rows.items():
            self._highs.changeRowBounds(row, low, high)
        for column, most in upper.items():
            self._highs.changeColBounds(column, 0, most)

    def _answer(self, rows: Mapping[int, Bound], upper: Mapping[int, int]) -> Answer | None:
        solution = self._highs.getSolution()
        values, ceiling = np.array(solution.col_value), self._highs.getInfo().objective_function_value
        reduced, duals = np.abs(np.array(solution.col_dual)), np.array(solution.row_dual)
        bounds = [rows.get(row, bound) for row, bound in enumerate(self.rows)]
        limits = [upper.get(number, column.most) for number, column in enumerate(self.columns)]
        found: list[int] | None = np.rint(values).astype(int).tolist()
        if np.max(np.abs(values - np.rint(values)), initial=0.0) > NEAR:
            found = self._round(values, reduced, ceiling, bounds, limits)
        if found is None:
            return None
        return Answer(counted(self.columns, bounds, limits, found), tuple(found), ceiling, reduced, duals)

    def _round(
        self, values: NDArray[np.float64], reduced: NDArray[np.float64], ceiling: float, bounds: Sequence[Bound], limits: Sequence[int]
    ) -> list[int] | None:
        """Find the best choice in whole numbers among the columns that the relaxation leaves open.

        A column whose reduced cost exceeds the gap between the relaxation and any choice stays as the relaxation has it. So columns
        are let loose by their reduced costs until the gap lets no more in.
        """
        gap = float(np.quantile(reduced, 0.1)) + 1.0
        while True:
            loose = reduced <= gap
            found = self._restricted(loose, np.rint(values).astype(int), bounds, limits)
            short = ceiling if found is None else ceiling - float(self._worth @ np.array(found))
            if loose.all() or (found is not None and short <= gap - HALF):
                return found
            gap = short + 1.0 if found is not None else 4 * gap

    def _restricted(
        self, loose: NDArray[np.bool_], values: NDArray[np.int_], bounds: Sequence[Bound], limits: Sequence[int]
    ) -> list[int] | None:
        fixed = [*values.tolist()]
        taken = [0] * len(bounds)
        for number in np.flatnonzero(~loose).tolist():
            for row, amount in self.columns[number].entries:
                taken[row] += amount * fixed[number]
        free = np.flatnonzero(loose).tolist()
        columns = [Column(self.columns[n].worth, self.columns[n].entries, limits[n]) for n in free]
        found = whole(columns, [(low - some, high - some) for (low, high), some in zip(bounds, taken, strict=True)])
        if found is None:
            return None
        for number, value in zip(free, found, strict=True):
            fixed[number] = value
        return fixed


def whole(columns: Sequence[Column], rows: Sequence[Bound]) -> list[int] | None:
    """Give the best choice in whole numbers; `None` if there is none."""
    highs = _highs(columns, rows, whole=True)
    if not _run(highs):
        return None
    found: list[int] = np.rint(np.array(highs.getSolution().col_value)).astype(int).tolist()
    counted(columns, rows, [column.most for column in columns], found)
    return found


def counted(columns: Sequence[Column], rows: Sequence[Bound], limits: Sequence[int], values: Sequence[int]) -> int:
    """Count in whole numbers what a choice is worth; raise `SolverError` if it is not within the bounds."""
    amounts, worth = [0] * len(rows), 0
    for column, limit, value in zip(columns, limits, values, strict=True):
        if not 0 <= value <= limit:
            message = f"the solver chose a column {value} times"
            raise SolverError(message)
        if value:
            worth += column.worth * value
            for row, amount in column.entries:
                amounts[row] += amount * value
    for (low, high), amount in zip(rows, amounts, strict=True):
        if not low <= amount <= high:
            message = f"the solver gave {amount} where {low} to {high} are allowed"
            raise SolverError(message)
    return worth


def _highs(columns: Sequence[Column], rows: Iterable[Bound], *, whole: bool) -> Highs:
    problem, bounds = HighsLp(), np.array(list(rows), dtype=np.float64).reshape(-1, 2)
    problem.num_col_, problem.num_row_ = len(columns), len(bounds)
    problem.sense_ = ObjSense.kMaximize
    problem.col_cost_ = np.array([column.worth for column in columns], dtype=np.float64)
    problem.col_lower_ = np.zeros(len(columns))
    problem.col_upper_ = np.array([column.most for column in columns], dtype=np.float64)
    problem.row_lower_, problem.row_upper_ = bounds[:, 0], bounds[:, 1]
    problem.a_matrix_.format_ = MatrixFormat.kColwise
    problem.a_matrix_.start_ = np.cumsum([0, *(len(column.entries) for column in columns)])
    problem.a_matrix_.index_ = np.array([row for column in columns for row, _ in column.entries], dtype=np.int32)
    problem.a_matrix_.value_ = np.array([amount for column in columns for _, amount in column.entries], dtype=np.float64)
    if whole:
        problem.integrality_ = [HighsVarType.kInteger] * len(columns)
    highs = Highs()  # type: ignore[no-untyped-call] # published without a type
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("mip_abs_gap", HALF)):
        highs.setOptionValue(option, value)
    highs.passModel(problem)
    return highs


def _run(highs: Highs) -> bool:
    highs.run()
    status = highs.getModelStatus()
    if status == HighsModelStatus.kOptimal:
        return True
    if status in {HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible}:
        return False
    message = f"the solver stopped: {highs.modelStatusToString(status)}"
    raise SolverError(message)
