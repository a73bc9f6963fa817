"""An edition whose learners are asked for their opinion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core import clock
from lms.core.db import unit_of_work
from lms.core.domain import Course, Role
from lms.questionnaires import commands, reading
from lms.questionnaires.rules import questions
from lms.questionnaires.values import Info, Kind
from tests.core import factories

SignIn = Callable[[int], FlaskClient]
HOUR = timedelta(hours=1)


@dataclass
class Place:
    """An edition with a tutor and an administrator, each by enrolment."""

    edition: int
    tutor: int
    admin: int

    @property
    def base(self) -> str:
        """Where the pages of questionnaires begin."""
        return f"/e/{factories.slug_of(self.edition)}/questionnaires"

    def learners(self, count: int, gender: str = "woman") -> list[int]:
        """Let some people learn in the edition."""
        return [factories.enrolment(self.edition, factories.person(gender=gender), gender=gender) for _ in range(count)]

    def asked(self, template: str = "workshop-day", **facts: Any) -> Info:
        """Ask all learners for two hours, beginning an hour ago."""
        now = clock.now()
        times = {"opens_at": now - HOUR, "closes_at": now + HOUR, **facts}
        with unit_of_work():
            return reading.info(commands.create(self.edition, template, "How was it?", "learners", **times))


def sheet(found: Info, points: int = 5, **more: Any) -> dict[str, Any]:
    """Answer every row of every matrix alike, and every choice by its first option."""
    given: dict[str, Any] = {}
    for key, item, _ in questions(found.items):
        if item.kind == Kind.MATRIX:
            given[key] = points
        elif item.kind == Kind.CHOICE:
            given[key] = item.options[0].key
    return given | more


def answer_all(found: Info, enrolments: Sequence[int], points: int = 5, **more: Any) -> None:
    """Let some people answer alike, each in a transaction of their own."""
    for enrolment in enrolments:
        with unit_of_work():
            commands.answer(found.id, enrolment, sheet(found, points, **more))


def over(found: Info) -> None:
    """Let a questionnaire close."""
    with unit_of_work():
        commands.close(found.id)


@pytest.fixture
def place(course: Course) -> Place:
    """Make it."""
    edition = factories.edition(course.id)
    return Place(edition, *(factories.enrolment(edition, role=role) for role in (Role.TUTOR, Role.ADMINISTRATOR)))
