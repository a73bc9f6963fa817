"""Editions and people for the journeys, and what they have done before a journey begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import count
from typing import Any

from sqlalchemy import select

from lms.core import clock
from lms.core.asking import Asked
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Enrolment, Person, Role
from lms.core.marking import credit
from lms.core.questions import Answer
from lms.editions.api import apply, appoint, confirm
from lms.quizzes.api import PaperItem, items_of, right_answer, save_answer, start_attempt, submit_attempt, wrong_answer
from tests.browser.live import Site
from tests.core import factories

REAL, SMALL = "ditd", "small"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to an edition."""

    person: int
    enrolment: int
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Cast:
    """An edition and how to people it."""

    site: Site
    edition: int
    slug: str

    @property
    def address(self) -> str:
        """Where the edition begins."""
        return f"/e/{self.slug}/"

    def learner(self, name: str, **facts: Any) -> Member:
        """Register a learner whose address is confirmed."""
        with self.site.app.app_context():
            person = _person(name, **facts)
            with unit_of_work():
                enrolment = apply(self.edition, person)
                confirm(enrolment)
            return _member(enrolment)

    def tutor(self, name: str) -> Member:
        """Appoint a tutor."""
        with self.site.app.app_context():
            person = _person(name)
            with unit_of_work():
                return _member(appoint(self.edition, person, Role.TUTOR))

    def administrator(self, name: str) -> Member:
        """Appoint somebody who administers the whole installation."""
        with self.site.app.app_context():
            person = _person(name, administrator=True)
            with unit_of_work():
                return _member(appoint(self.edition, person, Role.ADMINISTRATOR))

    def scored(self, learner: Member, **points: Fraction | float) -> None:
        """Let a learner have taken quizzes: module by module, so many points."""
        with self.site.app.app_context():
            for module, wanted in points.items():
                with unit_of_work():
                    attempt = start_attempt(learner.enrolment, module)
                    for item, answer in _worth(items_of(attempt), Fraction(wanted)):
                        save_answer(attempt, item.position, answer)
                    submit_attempt(attempt)

    def all_but_a_part(self, learner: Member, module: str, points: int) -> None:
        """Let a learner have taken a quiz for a little less than so many points: one question is right in parts only."""
        with self.site.app.app_context(), unit_of_work():
            attempt = start_attempt(learner.enrolment, module)
            items = items_of(attempt)
            partly = next(item for item in items if _partly(item.asked) is not None)
            rest = [item for item in items if item is not partly]
            for item, answer in [(partly, _partly(partly.asked)), *_worth(rest, Fraction(points - 1))]:
                save_answer(attempt, item.position, answer)
            submit_attempt(attempt)

    def paper(self, attempt: int) -> tuple[PaperItem, ...]:
        """Give the questions of an attempt as it asks them."""
        with self.site.app.app_context():
            return items_of(attempt)


def cast(site: Site, course: str = REAL, *, days: int = 10, **facts: Any) -> Cast:
    """Open an edition of a course that began so many days ago."""
    number = next(_numbers)
    with site.app.app_context():
        course_id = db.session.scalars(select(Course.id).where(Course.slug == course)).one()
        today = clock.now().date()
        facts = {"starts_on": today - timedelta(days=days), "slug": f"live{number}", "title": f"Edition {number}", **facts}
        edition = factories.edition(course_id, **facts)
        return Cast(site, edition, factories.slug_of(edition))


def _person(name: str, **facts: Any) -> int:
    return factories.person(**{"name": name, "printed_name": name, **facts})


def _member(enrolment_id: int) -> Member:
    query = select(Person.id, Enrolment.id, Person.email, Person.name).join(Enrolment).where(Enrolment.id == enrolment_id)
    return Member(*db.session.execute(query).one())


def _worth(items: Sequence[PaperItem], points: Fraction) -> Iterable[tuple[PaperItem, Answer | None]]:
    """Answer questions so that the first ones are right and the others wrong."""
    for number, item in enumerate(items):
        question = item.asked.question
        yield item, right_answer(question) if number < points else wrong_answer(question)


def _partly(asked: Asked) -> Answer | None:
    """Give an answer that is right in parts, if the question knows such."""
    right = right_answer(asked.question)
    tries = [[*right[:-1]], [*right[:-1], None]] if isinstance(right, list) and len(right) > 1 else []
    return next((answer for answer in tries if 0 < credit(asked.question, answer) < 1), None)
