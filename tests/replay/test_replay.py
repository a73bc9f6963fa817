"""The 2019 edition, replayed: its figures come out of the records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from lms.core.domain import Gender
from lms.replay import scenario
from lms.replay.people import invent
from lms.replay.scenario import Fate, ModuleShape

ROOT = Path(__file__).parents[2]
MODULES = [ModuleShape(f"module{n}", 7 * n, 10, (8, 9)) for n in range(5)]


@pytest.mark.parametrize("seed", [1, 2, 3, 2019])
def test_plans_meet_the_figures(seed: int) -> None:
    """For every seed: so many certified, the mean to one place, nobody in between, and the same again."""
    found = scenario.load("2019")
    plans = scenario.plan(found, MODULES, Random(seed))
    assert plans == scenario.plan(found, MODULES, Random(seed))
    finals = [scenario.final(plan.rights, [10] * 5) for plan in plans]
    passed = [final for final in finals if final >= Fraction(1, 2)]
    assert (len(plans), len(passed)) == (188, 98)
    assert abs(sum(passed, Fraction()) * 100 / 98 - Fraction(Decimal("86.5"))) < Fraction(5, 100)
    assert min(passed) == Fraction(1, 2)
    invited = [plan for plan in plans if plan.fate != Fate.NOT_INVITED]
    assert (len(invited), found.seats, sum(plan.fate == Fate.COMES for plan in plans)) == (33, 33, 24)
    assert sum(plan.fate == Fate.LEAVES_EARLY for plan in plans) == 2
    assert sum(plan.fate == Fate.COMES and plan.person.gender == Gender.WOMAN for plan in plans) == 10
    others = [plan for plan in plans if plan.fate == Fate.NOT_INVITED]
    assert min(scenario.final(p.rights, [10] * 5) for p in invited) > max(scenario.final(p.rights, [10] * 5) for p in others)


def test_invented_people_are_all_different() -> None:
    """No two share an address, and 70 of 188 are women."""
    people = invent(scenario.load("2019").registered, Random(7))
    assert len({person.email for person in people}) == len(people) == 188
    assert sum(person.gender == "woman" for person in people) == 70


def _lms(data: Path, *words: str) -> str:
    environment = {"PATH": os.environ["PATH"], "LMS_DATA": str(data), "LMS_CONTENT": str(ROOT / "content")}
    command = [sys.executable, "-m", "lms.cli", *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_on_an_empty_folder(tmp_path: Path) -> None:
    """One line of JSON with the figures of the report."""
    figures = json.loads(_lms(tmp_path / "data", "replay", "2019", "--json"))
    days = figures["satisfaction"].pop("days")
    assert figures == {
        "registered": 188,
        "registered_women": 70,
        "certified": 98,
        "mean_of_certified": 86.5,
        "selected": 33,
        "attended": 26,
        "attended_women": 10,
        "awarded": 24,
        "awarded_women": 10,
        "case_studies": 23,
        "recommendations": 21,
        "satisfaction": {"overall": 95.56},
    }
    assert len(days) == 4
    assert max(days) == days[1] == 96.0
    assert round(sum(days) / 4) == 95


def test_the_demo_is_made_once(tmp_path: Path) -> None:
    """It prints three sign-ins, and again the same without making anything."""
    first = _lms(tmp_path / "data", "demo")
    assert [role in first for role in ("learner@", "tutor@", "administrator@")] == [True] * 3
    assert _lms(tmp_path / "data", "demo") == first
