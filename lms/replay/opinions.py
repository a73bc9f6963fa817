"""Questionnaires in a replay: asked by the staff, answered so that the satisfaction comes out as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from lms.core import clock
from lms.questionnaires.api import Kind, answer, close, create, info, questions
from lms.replay.scenario import ModuleShape, Plan, Scenario
from lms.replay.stage import Stage
from lms.replay.steps import Step, at

ANSWERS = 0.7
MODULE_DAYS = 9


def of_modules(scenario: Scenario, plans: Sequence[Plan], modules: Sequence[ModuleShape], random: Random) -> Iterator[Step]:
    """Ask for an opinion of each module, a few days after it opened."""
    for place, module in enumerate(modules):
        opens, closes = at(scenario, module.opens_day + 3, 9), at(scenario, module.opens_day + MODULE_DAYS, 20)
        name = f"module:{module.slug}"
        facts = {"template": "module-opinion", "audience": "learners", "module": module.slug}
        yield Step(opens, partial(ask, name=name, title=f"Your opinion of module {place + 1}", closes_at=closes, facts=facts))
        for number, plan in enumerate(plans):
            if plan.rights[place] is not None and random.random() < ANSWERS:
                moment = opens + (closes - opens) * random.random()
                yield Step(moment, partial(opine, name=name, number=number, random=Random(random.random())))
        yield Step(closes - timedelta(minutes=1), partial(end, name=name))


def ask(stage: Stage, name: str, title: str, closes_at: datetime, facts: Mapping[str, Any]) -> None:
    """Let the staff ask something from now on."""
    who = stage.administrator
    stage.asked[name] = create(stage.edition_id, title=title, by=who, opens_at=clock.now(), closes_at=closes_at, **facts)


def opine(stage: Stage, name: str, number: int, random: Random) -> None:
    """Let a learner answer as most do: rather satisfied than not."""
    found = info(stage.asked[name])
    given = {
        key: min(len(item.scale), max(1, round(random.gauss(4.4, 0.7))))
        for key, item, _ in questions(found.items)
        if item.kind == Kind.MATRIX
    }
    answer(found.id, stage.enrolments[number], given)


def deal(  # noqa: PLR0913, PLR0917 - each is a part of one thing
    stage: Stage, name: str, numbers: Sequence[int], percent: float, comments: Sequence[str], random: Random
) -> None:
    """Decide what each of some people will answer, so that together they give this satisfaction, to the nearest point."""
    asked = list(questions(info(stage.asked[name]).items))
    rows = {key: len(item.scale) for key, item, _ in asked if item.kind == Kind.MATRIX}
    sheets: dict[int, dict[str, Any]] = {number: dict(rows) for number in numbers}
    possible = sum(rows.values()) * len(numbers)
    cells = [(number, key) for number in numbers for key in rows]
    for _ in range(possible - round(possible * percent / 100)):
        number, key = random.choice([cell for cell in cells if sheets[cell[0]][cell[1]] > 1])
        sheets[number][key] -= 1
    for number in numbers:
        sheets[number] |= {key: item.options[0].key for key, item, _ in asked if item.kind == Kind.CHOICE}
        if comments and random.random() < 1 / 3:
            sheets[number] |= {key: random.choice(comments) for key, item, _ in asked if item.kind == Kind.TEXT}
    stage.sheets[name] = {**sheets}


def give(stage: Stage, name: str, number: int, quotable: bool) -> None:  # noqa: FBT001 - one of its facts
    """Let somebody answer what was decided."""
    answer(stage.asked[name], stage.enrolments[number], stage.sheets[name][number], quotable=quotable)


def end(stage: Stage, name: str) -> None:
    """Let the staff close a questionnaire."""
    close(stage.asked[name], stage.administrator)
