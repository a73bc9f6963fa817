"""Quizzes to test with: the small course as it is or changed, an edition of it, and learners."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from lms.core import clock, content, courses
from lms.core.asking import Asked, boxes, rows
from lms.core.courses import Loaded
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Enrolment
from lms.core.marking import right_answer
from lms.core.viewer import edition_by_id
from lms.quizzes import commands, papers
from lms.quizzes.models import Attempt
from lms.quizzes.papers import AttemptInfo, PaperItem
from tests.conftest import COURSE
from tests.core import factories

SMALL = 7
"""So many questions are in a quiz of the small course, and in a draw."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner in an edition; `base` is the edition's address."""

    base: str
    edition: int
    enrolment: int

    @property
    def person(self) -> int:
        """Who it is."""
        return factories.person_of(self.enrolment)

    def url(self, attempt: int, page: str = "") -> str:
        """Give the address of a page of an attempt."""
        return f"{self.base}/quizzes/attempts/{attempt}/{page}"

    def another(self) -> Learner:
        """Enrol somebody else in the same edition."""
        return Learner(self.base, self.edition, factories.enrolment(self.edition))


def learner(course_id: int, **facts: Any) -> Learner:
    """Enrol a learner in a new edition; its first module is open, the second not yet."""
    edition = factories.edition(course_id, **facts)
    return Learner(f"/e/{factories.slug_of(edition)}", edition, factories.enrolment(edition))


def changed(folder: Path, *changes: tuple[str, str], module: str = "module1") -> Path:
    """Copy the small course into a folder, with changes to the text of a quiz."""
    course = folder / "course"
    if not course.exists():
        shutil.copytree(COURSE, course)
    quiz = course / module / "quiz.toml"
    text = quiz.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    quiz.write_text(text, "utf-8")
    return course


def load(folder: Path) -> Loaded:
    """Load a course folder."""
    return courses.load_course(content.read_course(folder), current_app.extensions["lms"].content_parts)


def small(folder: Path, *changes: tuple[str, str]) -> int:
    """Load the small course with changes to the first module's quiz, and give its id."""
    assert load(changed(folder, *changes)).loaded
    return db.session.scalars(select(Course.id)).one()


def start(who: Learner, module: str = "module1") -> int:
    """Begin an attempt, or go on with the open one."""
    with unit_of_work():
        return commands.start_attempt(who.enrolment, module)


def info(who: Learner, attempt: int) -> AttemptInfo:
    """Read how an attempt stands."""
    return papers.attempt(who.enrolment, attempt)


def paper(attempt: int) -> Sequence[PaperItem]:
    """Give the questions of an attempt."""
    return papers.items_of(attempt)


def of_kind(attempt: int, kind: str) -> PaperItem:
    """Find a question of an attempt by its type; the small course has one of each."""
    return next(item for item in paper(attempt) if item.asked.question.kind == kind)


def fields(item: PaperItem, answer: Any, **more: str) -> dict[str, Any]:
    """Give what a page sends of a question that is answered so."""
    name = f"a{item.position}"
    return {"item": str(item.position), **_controls(item.asked, name, answer), **more}


def _controls(asked: Asked, name: str, answer: Any) -> dict[str, Any]:
    if found := boxes(asked, answer):
        return {name: [box.value for box in found if box.chosen]}
    if found_rows := rows(asked, name, answer):
        return {row.name: row.value for row in found_rows}
    return {name: answer or ""}


def save(attempt: int, item: PaperItem, answer: Any) -> None:
    """Save an answer."""
    with unit_of_work():
        commands.save_answer(attempt, item.position, answer)


def answer_right(attempt: int, count: int) -> None:
    """Answer so many questions right, and leave the rest open."""
    for item in paper(attempt)[:count]:
        save(attempt, item, right_answer(item.asked.question))


def submit(who: Learner, attempt: int) -> bool:
    """Hand an attempt in."""
    with unit_of_work():
        return commands.submit_attempt(attempt, who.person)


def take(who: Learner, right: int, module: str = "module1") -> Decimal:
    """Take a quiz, so many questions right, and give the score."""
    attempt = start(who, module)
    answer_right(attempt, right)
    submit(who, attempt)
    score = info(who, attempt).score
    assert score is not None
    return score


def stored(attempt: int) -> dict[int, Any]:
    """Give the stored answers of an attempt by position."""
    return {position: given.answer for position, given in papers.answers(attempt).items()}


def count_attempts(who: Learner) -> int:
    """Count the attempts of a learner."""
    return len(db.session.scalars(select(Attempt.id).where(Attempt.enrolment_id == who.enrolment)).all())


def later(minutes: float) -> datetime:
    """Give the moment so many minutes from now."""
    return clock.now() + timedelta(minutes=minutes)


def end_of_module(who: Learner, module: str = "module1") -> datetime:
    """Tell when a module closes in a learner's edition."""
    closes_at = papers.place(edition_by_id(who.edition), module).window.closes_at
    assert closes_at is not None
    return closes_at


def role_of(who: Learner, role: str) -> None:
    """Give a participant another role."""
    with unit_of_work():
        db.session.get_one(Enrolment, who.enrolment).role = role
