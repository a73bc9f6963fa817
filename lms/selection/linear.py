"""HiGHS, asked for the best choice of columns within bounds of rows; whatever it answers is counted again in whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from highspy import Highs, HighsLp, HighsModelStatus, HighsVarType, MatrixFormat, ObjSense

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


def whole(columns: Sequence[Column], rows: Sequence[Bound]) -> list[int] | None:
    """Give the best choice in whole numbers; `None` if there is none. Often the linear relaxation gives it already."""
    highs = _highs(columns, rows)
    highs.setOptionValue("solve_relaxation", True)  # noqa: FBT003 - a name and a value
    if not run(highs):
        return None
    values = np.array(highs.getSolution().col_value)
    if np.max(np.abs(values - np.rint(values)), initial=0.0) > NEAR:
        highs.setOptionValue("solve_relaxation", False)  # noqa: FBT003 - a name and a value
        if not run(highs):
            return None
        values = np.array(highs.getSolution().col_value)
    found: list[int] = np.rint(values).astype(int).tolist()
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


def _highs(columns: Sequence[Column], rows: Iterable[Bound]) -> Highs:
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
    problem.integrality_ = [HighsVarType.kInteger] * len(columns)
    highs = new()
    highs.passModel(problem)
    return highs


def new() -> Highs:
    """Give a solver without a problem, which maximises, alone and silently."""
    highs = Highs()  # type: ignore[no-untyped-call] # published without a type
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0), ("mip_abs_gap", HALF)):
        highs.setOptionValue(option, value)
    highs.changeObjectiveSense(ObjSense.kMaximize)
    return highs


def solved(highs: Highs) -> bool:
    """Solve; `False` if the solver is not sure of its answer."""
    highs.run()
    return bool(highs.getModelStatus() == HighsModelStatus.kOptimal)


def run(highs: Highs) -> bool:
    """Solve; `False` if there is no solution, `SolverError` if there is no telling."""
    highs.run()
    status = highs.getModelStatus()
    if status == HighsModelStatus.kOptimal:
        return True
    if status in {HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible}:
        return False
    message = f"the solver stopped: {highs.modelStatusToString(status)}"
    raise SolverError(message)
