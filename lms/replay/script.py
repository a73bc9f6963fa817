"""The script of a replay: who does what when, in order; written from the plans before anything happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from lms.replay.scenario import ModuleShape, Plan, Scenario
from lms.replay.stage import Stage, announcements, reports

SECOND_TRY = 0.35
FULL_READER = 0.8


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at a moment."""

    at: datetime
    do: Callable[[Stage], None]


def write(scenario: Scenario, plans: Sequence[Plan], modules: Sequence[ModuleShape], random: Random) -> list[Step]:
    """List every step of the online phase in the order of time; the same for the same seed."""
    steps = [
        step
        for number, plan in enumerate(plans)
        for step in _learner(scenario, number, plan, modules, Random(random.random()))
    ]
    steps += [step for module in modules for step in _tutors(scenario, module, Random(random.random()))]
    steps += [Step(_at(scenario, day, 7.5), partial(Stage.announce, title=title, body=body)) for day, title, body in announcements()]
    steps += _reports(scenario, Random(random.random()))
    steps.append(Step(_at(scenario, (scenario.ends_on - scenario.starts_on).days + 1, 9), Stage.close))
    return sorted(steps, key=lambda step: step.at)


def _at(scenario: Scenario, day: int, hour: float) -> datetime:
    """Give the moment of an hour on a day counted from the start, in the edition's zone."""
    begin = datetime.combine(scenario.starts_on, datetime.min.time(), ZoneInfo(scenario.zone))
    return begin + timedelta(days=day, seconds=round(hour * 3600))


def _learner(
    scenario: Scenario, number: int, plan: Plan, modules: Sequence[ModuleShape], random: Random
) -> Iterator[Step]:
    joins = _at(scenario, -random.randint(1, scenario.registration_days - 5), random.uniform(7, 21))
    yield Step(joins, partial(Stage.sign_up, number=number))
    yield Step(joins + timedelta(minutes=random.uniform(2, 600)), partial(Stage.confirm, number=number))
    hour = min(21.0, max(7.0, random.gauss(14, 4)))
    last = (scenario.ends_on - scenario.starts_on).days
    for place, (module, rights) in enumerate(zip(modules, plan.rights, strict=True)):
        if rights is None:
            continue
        day = min(module.opens_day + random.randint(0, 5), last - 1)
        yield from _module(scenario, number, place, rights, module, day, hour, plan.writes, random)


def _module(  # noqa: PLR0913, PLR0917 - each is a part of one thing
    scenario: Scenario,
    number: int,
    place: int,
    rights: int,
    module: ModuleShape,
    day: int,
    hour: float,
    writes: float,
    random: Random,
) -> Iterator[Step]:
    begin = _at(scenario, day, hour)
    share = 1.0 if random.random() < FULL_READER else random.uniform(0.4, 0.9)
    lessons = range(max(1, round(share * len(module.lessons))))
    for lesson in lessons:
        minutes = sum(module.lessons[: lesson + 1]) * random.uniform(0.8, 1.1)
        yield Step(begin + timedelta(minutes=minutes), partial(Stage.read, number=number, place=place, lesson=lesson))
    begin += timedelta(minutes=sum(module.lessons) + random.uniform(5, 60))
    if writes > random.random():
        yield Step(begin, partial(Stage.write, number=number, place=place, random=random))
    tries = [rights]
    if rights > 0 and random.random() < SECOND_TRY:
        tries.insert(0, random.randint(0, rights - 1))
    for count in tries:
        begin += timedelta(minutes=random.uniform(20, 55))
        spent = timedelta(minutes=random.uniform(5, 17))
        yield Step(begin, partial(Stage.attempt, number=number, place=place, rights=count, spent=spent, random=random))


def _tutors(scenario: Scenario, module: ModuleShape, random: Random) -> Iterator[Step]:
    last = (scenario.ends_on - scenario.starts_on).days
    for day in range(module.opens_day, min(module.opens_day + 12, last)):
        yield Step(_at(scenario, day, random.uniform(8, 11)), partial(Stage.tutor_round, slug=module.slug, random=random))


def _reports(scenario: Scenario, random: Random) -> Iterator[Step]:
    for row in reports():
        yield Step(_at(scenario, row["day"], 10), partial(Stage.report, category=row["category"], note=row["note"], random=random))
        yield Step(_at(scenario, row["decided"], 9), partial(Stage.decide, verdict=row["verdict"], reason=row["reason"]))
