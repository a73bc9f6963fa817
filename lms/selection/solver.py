"""The selection, run as a program of its own: a problem as JSON comes in, its outcome goes out.

So neither the web processes nor the worker hold the solver in memory, and whatever befalls it befalls it alone.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

import numpy as np

from lms.selection.conflicts import conflict
from lms.selection.core import Core
from lms.selection.drawing import Draw
from lms.selection.pool import Pool
from lms.selection.pricing import Reasons
from lms.selection.problem import Outcome, Problem, problem_from


def solve(problem: Problem) -> Outcome:
    """Find the best list that the draw prefers, with its reasons; or say which quotas leave none."""
    found = _drawn(problem)
    return Outcome(conflict=conflict(problem)) if found is None else found.explain()


def selected(problem: Problem) -> tuple[int, ...] | None:
    """Find the best list that the draw prefers, without its reasons; `None` if there is none."""
    found = _drawn(problem)
    return None if found is None else found.ids


def _drawn(problem: Problem) -> Reasons | None:
    pool = Pool(problem)
    question = pool.question()
    if np.any(question.lows > question.highs):
        return None
    core = Core(pool, question)
    members, answer = core.best(question)
    if members is None:
        return None
    draw = Draw(core, question, members, [answer.proof])
    draw.walk()
    return Reasons(core, question, draw)


def main() -> None:
    """Answer what stands on the standard input; what the solver's library prints is no part of the answer."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with answer:
        json.dump(asdict(solve(problem_from(json.load(sys.stdin)))), answer)


if __name__ == "__main__":
    main()
