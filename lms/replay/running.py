"""Running a replay: the steps in order on a simulated clock, each like a request of its own; then what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lms.core import clock
from lms.core.db import unit_of_work
from lms.core.domain import Gender
from lms.core.figures import PLACES, Figure, value
from lms.core.templating import rounded
from lms.core.viewer import edition_by_id
from lms.modules.api import modules_of
from lms.quizzes.api import quizzes
from lms.replay import scenario as scenarios
from lms.replay import script
from lms.replay.scenario import ModuleShape, Scenario
from lms.replay.stage import Stage
from lms.replay.steps import Step
from lms.reports import api as reports

Show = Callable[[list[Step]], Iterable[Step]]


@dataclass(frozen=True, slots=True)
class Options:
    """How a replay runs: `until` stops it, `passwords` by role are for a demo's known sign-ins."""

    seed: int
    until: datetime | None = None
    passwords: dict[str, str] | None = None
    registration_closes_at: datetime | None = None


def run(scenario: Scenario, options: Options, show: Show) -> int:
    """Replay an edition and give its id; `show` goes through the steps, with or without a progress bar."""
    random = Random(options.seed)
    stage = Stage(scenario, options.passwords or {})
    opens_at = clock.day_starts(scenario.starts_on - timedelta(days=scenario.registration_days), scenario.zone)
    closes_at = options.registration_closes_at or clock.day_starts(scenario.starts_on, scenario.zone)
    stage.set_up(opens_at, closes_at, demo=options.passwords is not None)
    stage.shapes = _shapes(stage.edition_id)
    stage.plans = scenarios.plan(scenario, stage.shapes, random)
    stage.starring = _star(stage.plans) if options.passwords else -1
    steps = script.write(scenario, stage.plans, stage.shapes, random)
    for step in show([step for step in steps if options.until is None or step.at <= options.until]):
        with clock.at(step.at), unit_of_work():
            step.do(stage)
    return stage.edition_id


def _star(plans: Sequence[scenarios.Plan]) -> int:
    """Choose the learner that a demo's visitor signs in as: good, but with something left to improve."""
    return next(n for n, plan in enumerate(plans) if plan.person.country == "KH" and None not in plan.rights and 7 in plan.rights)  # noqa: PLR2004 - the number explains itself here


def _shapes(edition_id: int) -> Sequence[ModuleShape]:
    quiz = quizzes(edition_by_id(edition_id))
    return [
        ModuleShape(part.slug, part.opens_day, quiz[part.slug].terms.draw, tuple(lesson.minutes for lesson in part.lessons))
        for part in modules_of(edition_id)
    ]


def figures(edition_id: int) -> dict[str, Any]:
    """Give what came of a replayed edition, from the register of figures that its report is made of."""
    register = {figure.name: figure for figure in reports.figures(edition_id)}
    whole = register["satisfaction_days"]
    return {
        "registered": _count(register, "registered"),
        "registered_women": _women(register, "registered"),
        "certified": _count(register, "certified"),
        "mean_of_certified": _percent(register.get("average_grade"), 1),
        "selected": _count(register, "selected"),
        "attended": _count(register, "attended"),
        "attended_women": _women(register, "attended"),
        "awarded": _count(register, "awarded"),
        "awarded_women": _women(register, "awarded"),
        "case_studies": _count(register, "case_studies"),
        "recommendations": _count(register, "recommendations"),
        "satisfaction": {
            "days": [_percent(replace(whole, numerator=part.numerator, denominator=part.denominator)) for part in whole.by.get("day", ())],
            "overall": _percent(register.get("satisfaction_overall")),
        },
    }


def _count(register: Mapping[str, Figure], name: str) -> int:
    return int(register[name].numerator or 0) if name in register else 0


def _women(register: Mapping[str, Figure], name: str) -> int:
    part = register[name].part("gender", Gender.WOMAN) if name in register else None
    return int(part.numerator or 0) if part else 0


def _percent(figure: Figure | None, places: int = PLACES) -> float | None:
    found = value(figure.kind, figure.numerator, figure.denominator) if figure else None
    return None if found is None else float(rounded(found, places))
