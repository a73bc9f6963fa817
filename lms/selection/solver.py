"""The selection, run as a program of its own: a problem as JSON comes in, its outcome goes out.

So neither the web processes nor the worker hold the solver in memory, and whatever befalls it befalls it alone.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from lms.selection.conflicts import conflict
from lms.selection.lists import Choice
from lms.selection.pricing import explain
from lms.selection.problem import Outcome, Problem, problem_from, ranking


def solve(problem: Problem) -> Outcome:
    """Find the best list that the draw prefers, with its reasons; or say which quotas leave none."""
    choice = Choice(problem)
    found = choice.best()
    if found is None:
        return Outcome(conflict=conflict(problem))
    return explain(choice, *choice.drawn(found))


def selected(problem: Problem) -> tuple[int, ...] | None:
    """Find the best list that the draw prefers, without its reasons; `None` if there is none."""
    choice = Choice(problem)
    found = choice.best()
    if found is None:
        return None
    members = [choice.candidates[place] for place in choice.drawn(found)[0].members]
    return tuple(candidate.id for candidate in sorted(members, key=ranking))


def main() -> None:
    """Answer what stands on the standard input; what the solver's library prints is no part of the answer."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with answer:
        json.dump(asdict(solve(problem_from(json.load(sys.stdin)))), answer)


if __name__ == "__main__":
    main()
