"""Selections of a usual and of a very large size, of invented candidates: the list alone, and as the worker runs it, with reasons."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median
from typing import Any

from bench.report import Line
from bench.run import Run
from lms.selection import rules, solving
from lms.selection.problem import Problem
from lms.selection.solver import selected
from lms.selection.values import AVERAGE, Facts, Range, Rules

SMALL, LARGE = (98, 33), (20_000, 500)
COUNTRIES = {"KH": 12, "ID": 22, "LA": 4, "MY": 10, "MM": 8, "PH": 20, "SG": 10, "TH": 8, "BN": 2, "VN": 4}
SECTORS = {"government": 50, "private sector": 30, "academia": 10, "civil society": 6, "other": 4}


def selecting(run: Run) -> Iterator[Line]:
    """Measure the best list of 33 of 98 and of 500 of 20,000, in bad cases, too, and the same with all explanations."""
    repeat = run.pace.rounds
    for size in (SMALL, LARGE):
        usual, equal, tight = problem(*size), problem(*size, equal=True), problem(*size, tight=True)
        yield _line("selection", "", usual, _listed, repeat)
        yield _line("selection_equal", ", all scores equal", equal, _listed, repeat)
        yield _line("selection_tight", ", tight minimums", tight, _listed, repeat)
        yield _line("selection_explained", " with reasons", usual, _explained)
        yield _line("selection_tight_explained", ", tight, with reasons", tight, _explained)
        none = problem(*size, women=100, sectors={"other": 80})
        yield _line("selection_impossible", ", quotas that contradict", none, _refused)


def problem(count: int, seats: int, *, equal: bool = False, tight: bool = False, **other: Any) -> Problem:
    """Invent candidates, always the same, of institutions that send seven each, or two of a small number; and rules for them."""
    lot = random.Random(count)
    wanted = {"women": 40, "sectors": {"government": 60}, "each_country": Range(1, seats // 4), "institution": 2}
    if tight:
        each = seats // len(COUNTRIES)
        wanted |= {"women": 50, "sectors": {"government": 60, "academia": 15, "private sector": 20}, "each_country": Range(each, each + 1)}
    facts = [_candidate(lot, number, count // (7 if count > LARGE[1] else 2), equal=equal) for number in range(1, count + 1)]
    return rules.problem(Rules(seats=seats, reserves=seats // 3, seed="bench", criteria=(AVERAGE,), **{**wanted, **other}), facts, [])


def _candidate(lot: random.Random, number: int, houses: int, *, equal: bool) -> Facts:
    points = Decimal(f"{lot.triangular(50, 100, 85):.3f}")
    country, sector = (lot.choices(list(known), list(known.values()))[0] for known in (COUNTRIES, SECTORS))
    gender = "woman" if lot.random() < 0.4 else "man"  # noqa: PLR2004 - a share
    return Facts(number, country, gender, sector, f"Institution {lot.randrange(houses)}", {"average": Decimal(80) if equal else points})


def _line(scenario: str, words: str, asked: Problem, do: Callable[[Problem], None], repeat: int = 1) -> Line:
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        do(asked)
        times.append(time.perf_counter() - begin)
    count = len(asked.candidates)
    return Line(scenario, f"{asked.seats} of {count:,}{words}", rows=count, ms=round(1000 * median(times), 1))


def _listed(asked: Problem) -> None:
    if len(selected(asked) or ()) != asked.seats:
        message = "there is no list"
        raise RuntimeError(message)


def _explained(asked: Problem) -> None:
    """Solve as the worker does: in a program of its own, from its start to its end."""
    found = solving.solve(asked)
    if len(found.selected) != asked.seats or found.missing is None:
        message = "there is no list with its reasons"
        raise RuntimeError(message)


def _refused(asked: Problem) -> None:
    found = solving.solve(asked)
    if found.conflict is None or not found.conflict.keys:
        message = "quotas that contradict each other have a list"
        raise RuntimeError(message)
