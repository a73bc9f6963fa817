"""The script of a replay: who does what when, in order; written from the plans before anything happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from random import Random

from lms.replay import gathering, opinions
from lms.replay.scenario import ModuleShape, Plan, Scenario
from lms.replay.stage import Stage, announcements, reports
from lms.replay.steps import Step, at

SECOND_TRY = 0.35
FULL_READER = 0.8


def write(scenario: Scenario, plans: Sequence[Plan], modules: Sequence[ModuleShape], random: Random) -> list[Step]:
    """List every step in the order of time; the same for the same seed."""
    steps = [
        step
        for number, plan in enumerate(plans)
        for step in _learner(scenario, number, plan, modules, Random(random.random()))
    ]
    steps += [step for module in modules for step in _tutors(scenario, module, Random(random.random()))]
    steps += [Step(at(scenario, day, 7.5), partial(Stage.announce, title=title, body=body)) for day, title, body in announcements()]
    steps += _reports(scenario, Random(random.random()))
    steps += opinions.of_modules(scenario, plans, modules, Random(random.random()))
    steps += gathering.steps(scenario, plans, modules, Random(random.random()))
    steps.append(Step(at(scenario, (scenario.ends_on - scenario.starts_on).days + 1, 9), Stage.close))
    return sorted(steps, key=lambda step: step.at)


def _learner(
    scenario: Scenario, number: int, plan: Plan, modules: Sequence[ModuleShape], random: Random
) -> Iterator[Step]:
    joins = at(scenario, -random.randint(1, scenario.registration_days - 5), random.uniform(7, 21))
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
    begin = at(scenario, day, hour)
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
        yield Step(at(scenario, day, random.uniform(8, 11)), partial(Stage.tutor_round, slug=module.slug, random=random))


def _reports(scenario: Scenario, random: Random) -> Iterator[Step]:
    for row in reports():
        yield Step(at(scenario, row["day"], 10), partial(Stage.report, category=row["category"], note=row["note"], random=random))
        yield Step(at(scenario, row["decided"], 9), partial(Stage.decide, verdict=row["verdict"], reason=row["reason"]))
