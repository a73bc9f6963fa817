"""Running a replay: the steps in order on a simulated clock, each like a request of its own; then what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import func, select

from lms.certification.api import counts
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, EnrolmentState, Gender, Role
from lms.core.templating import rounded
from lms.core.viewer import edition_by_id
from lms.gradebook.api import passing
from lms.modules.api import modules_of
from lms.questionnaires.api import Rate, satisfaction
from lms.quizzes.api import quizzes
from lms.replay import scenario as scenarios
from lms.replay import script
from lms.replay.scenario import ModuleShape, Scenario
from lms.replay.stage import Stage
from lms.replay.steps import Step
from lms.selection.api import approved
from lms.workshops.api import attendance, case_studies, dry_run, recommendations

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
    """Count what came of a replayed edition, from its records."""
    finals = [standing.final for standing in passing(edition_by_id(edition_id))]
    women = _women(edition_id)
    there = attendance(edition_id).attended()
    awarded = [one.enrolment_id for one in dry_run(edition_id) if one.certificate_id is not None]
    chosen = approved(edition_id)
    return {
        "registered": _registered(edition_id),
        "registered_women": _registered(edition_id, Gender.WOMAN),
        "certified": counts(edition_id).issued,
        "mean_of_certified": float(rounded(sum(finals, Decimal()) / len(finals))) if finals else None,
        "selected": len(chosen.selected) if chosen else 0,
        "attended": len(there),
        "attended_women": len(women.intersection(there)),
        "awarded": len(awarded),
        "awarded_women": len(women.intersection(awarded)),
        "case_studies": len(case_studies(edition_id)),
        "recommendations": sum(one.number is not None for one in recommendations(edition_id)),
        "satisfaction": {
            "days": [_percent(rate) for rate in satisfaction(edition_id, "workshop-day", "day")],
            "overall": next((_percent(rate) for rate in satisfaction(edition_id, "workshop-overall")), None),
        },
    }


def _percent(rate: Rate) -> float | None:
    return None if rate.share is None else round(float(rate.share) * 100, 2)


def _women(edition_id: int) -> frozenset[int]:
    query = select(Enrolment.id).where(Enrolment.edition_id == edition_id, Enrolment.gender == Gender.WOMAN)
    return frozenset(db.session.scalars(query))


def _registered(edition_id: int, gender: Gender | None = None) -> int:
    query = select(func.count()).select_from(Enrolment)
    query = query.where(
        Enrolment.edition_id == edition_id,
        Enrolment.role == Role.LEARNER,
        Enrolment.state == EnrolmentState.CONFIRMED,
    )
    if gender is not None:
        query = query.where(Enrolment.gender == gender)
    return db.session.scalar(query) or 0
