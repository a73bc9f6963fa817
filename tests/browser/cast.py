"""Editions and people for the journeys, and what they have done before a journey begins."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select

from lms.certification.queries import CertificateInfo, of_enrolment
from lms.core import clock
from lms.core.asking import Asked
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Enrolment, Person, Role
from lms.core.marking import credit
from lms.core.questions import Answer
from lms.core.viewer import NOBODY
from lms.editions.api import apply, appoint, close_edition, confirm
from lms.forums.api import Posted, flag, reply, start_topic
from lms.gradebook.api import standing
from lms.quizzes.api import PaperItem, items_of, right_answer, save_answer, start_attempt, submit_attempt, wrong_answer
from lms.quizzes.papers import attempts
from tests.browser.live import Site
from tests.core import factories

REAL, SMALL = "ditd", "small"
NAMES = ("Nguyễn Thị Mai", "សុខា ពៅ", "Siti Aminah binti Abdul Rahman", "Maria Consuelo dela Cruz", "สมชาย ใจดี")
PATIENCE = 60.0
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

    def tutor(self, name: str, **facts: Any) -> Member:
        """Appoint a tutor."""
        with self.site.app.app_context():
            person = _person(name, **facts)
            with unit_of_work():
                return _member(appoint(self.edition, person, Role.TUTOR))

    def administrator(self, name: str) -> Member:
        """Appoint somebody who administers the whole installation."""
        with self.site.app.app_context():
            person = _person(name, administrator=True)
            with unit_of_work():
                return _member(appoint(self.edition, person, Role.ADMINISTRATOR))

    def member(self, enrolment: int) -> Member:
        """Find somebody by the enrolment."""
        with self.site.app.app_context():
            return _member(enrolment)

    def scored(self, learner: Member, **points: int) -> None:
        """Let a learner have taken quizzes: module by module, so many points."""
        with self.site.app.app_context():
            for module, wanted in points.items():
                with unit_of_work():
                    attempt = start_attempt(learner.enrolment, module)
                    for item, answer in _worth(items_of(attempt), wanted):
                        save_answer(attempt, item.position, answer)
                    submit_attempt(attempt)

    def scored_a_little_less(self, learner: Member, points: int, modules: Iterable[str]) -> None:
        """Let a learner have taken quizzes for so many points each, but in one of them for less: a question is right in parts."""
        reduced = False
        with self.site.app.app_context(), unit_of_work():
            for module in modules:
                attempt = start_attempt(learner.enrolment, module)
                items = items_of(attempt)
                partly = next((item for item in items if not reduced and _partly(item.asked) is not None), None)
                reduced = reduced or partly is not None
                rest = [item for item in items if item is not partly]
                given = [(partly, _partly(partly.asked)), *_worth(rest, points - 1)] if partly else _worth(items, points)
                for item, answer in given:
                    save_answer(attempt, item.position, answer)
                submit_attempt(attempt)

    def paper(self, attempt: int) -> tuple[PaperItem, ...]:
        """Give the questions of an attempt as it asks them."""
        with self.site.app.app_context():
            return items_of(attempt)

    def topic(self, author: Member, title: str, body: str, *, forum: str = "module1") -> Posted:
        """Let somebody start a topic."""
        with self.site.app.app_context(), unit_of_work():
            return start_topic(self.edition, author.enrolment, forum, title, body)

    def reply(self, author: Member, topic: Posted, body: str) -> Posted:
        """Let somebody answer in a topic."""
        with self.site.app.app_context(), unit_of_work():
            return reply(self.edition, author.enrolment, topic.topic_id, body)

    def report(self, reporter: Member, topic: Posted, category: str) -> None:
        """Let somebody have reported what a topic begins with."""
        with self.site.app.app_context(), unit_of_work():
            flag(self.edition, reporter.enrolment, topic.post_id, category)

    def fill(self, count: int) -> None:
        """Put so many learners more into the edition."""
        with self.site.app.app_context():
            for number in range(count):
                factories.enrolment(self.edition, factories.person(name=f"{NAMES[number % len(NAMES)]} {number}"))

    def certificate(self, learner: Member) -> CertificateInfo:
        """Close the edition and wait until the worker has issued a learner's certificate."""
        with self.site.app.app_context():
            with unit_of_work():
                close_edition(self.edition, NOBODY)
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                found = of_enrolment(learner.enrolment)
                if found and found.issued_at:
                    return found
                time.sleep(0.1)
        message = f"the worker did not issue the certificate of {learner.name}"
        raise AssertionError(message)

    def average(self, learner: Member) -> Decimal:
        """Give a learner's final average."""
        with self.site.app.app_context():
            found = standing(learner.enrolment)
        assert found is not None
        return found.final

    def attempts(self, learner: Member) -> int:
        """Count the attempts that a learner has at quizzes."""
        with self.site.app.app_context():
            return len(attempts(learner.enrolment))


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


def _worth(items: Sequence[PaperItem], points: int) -> Iterable[tuple[PaperItem, Answer | None]]:
    """Answer questions so that the first ones are right and the others wrong."""
    for number, item in enumerate(items):
        question = item.asked.question
        yield item, right_answer(question) if number < points else wrong_answer(question)


def _partly(asked: Asked) -> Answer | None:
    """Give an answer that is right in parts, if the question knows such."""
    right = right_answer(asked.question)
    tries = [[*right[:-1]], [*right[:-1], None]] if isinstance(right, list) and len(right) > 1 else []
    return next((answer for answer in tries if 0 < credit(asked.question, answer) < 1), None)
