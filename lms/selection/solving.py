"""Asking the solver: a program of its own takes the problem and gives the outcome, so that no other process holds it in memory."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from lms.selection.problem import Outcome, Problem, outcome_from

PATIENCE = 1800
TOP = Path(__file__).parents[2]


class SolvingError(Exception):
    """The solver did not answer; the message is the end of what it said."""


def solve(problem: Problem) -> Outcome:
    """Give the outcome of a problem."""
    command = [sys.executable, "-m", "lms.selection.solver"]
    asked = json.dumps(asdict(problem))
    done = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=TOP, timeout=PATIENCE, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise SolvingError(done.stderr[-300:])
    return outcome_from(json.loads(done.stdout))
