"""What attempts are made of: quizzes, their banks, the questions that an attempt drew, the answers so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from lms.core.asking import Asked, ask
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.questions import Answer, parse
from lms.core.questions import Question as QuestionValue
from lms.core.viewer import EditionInfo
from lms.modules.api import ModuleInfo, module
from lms.quizzes.models import Attempt, Item, Question, Quiz
from lms.quizzes.rules import Terms, Window, draw
from lms.quizzes.sources import QUESTION_KEYS
from lms.quizzes.wording import fingerprint


@dataclass(frozen=True, slots=True)
class QuizInfo:
    """A module's quiz."""

    id: int
    module: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Place:
    """A quiz in an edition."""

    edition: EditionInfo
    module: ModuleInfo
    quiz: QuizInfo

    @property
    def terms(self) -> Terms:
        """The rules of the quiz."""
        return self.quiz.terms

    @property
    def window(self) -> Window:
        """When the quiz can be taken."""
        return Window(
            self.module.opens_at(self.edition), self.module.closes_at(self.edition), self.edition.is_open
        )


@dataclass(frozen=True, slots=True)
class PaperItem:
    """A question as an attempt asks it; positions count from 1, `lesson` is the slug of what to reread."""

    position: int
    question_id: int
    slug: str
    objective: str
    lesson: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class AttemptInfo:
    """An attempt and how far it is."""

    id: int
    quiz_id: int
    number: int
    seed: int
    started_at: datetime
    deadline: datetime | None
    submitted_at: datetime | None
    automatic: bool
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Given:
    """What is stored of a question of an attempt."""

    id: int
    answer: Answer | None
    flagged: bool
    page: str
    saved_at: datetime | None
    credit: Decimal | None

    @property
    def mark(self) -> str:
        """The fingerprint of the answer and its flag."""
        return fingerprint(self.answer, self.flagged)


def quizzes(edition: EditionInfo) -> Mapping[str, QuizInfo]:
    """Give the quizzes of an edition's course by their modules' slugs."""
    return _quizzes(edition.course_id, edition.course_version)


@lru_cache(maxsize=16)
def _quizzes(course_id: int, version: str) -> Mapping[str, QuizInfo]:
    del version
    terms = (Quiz.title, Quiz.draw, Quiz.minutes, Quiz.attempts, Quiz.keep, Quiz.pass_mark, Quiz.feedback)
    rows: Iterable[Sequence[Any]] = db.session.execute(
        select(Quiz.id, Quiz.module, *terms).where(Quiz.course_id == course_id, Quiz.active)
    )
    return {row[1]: QuizInfo(row[0], row[1], Terms(*row[2:])) for row in rows}


def place(edition: EditionInfo, slug: str) -> Place:
    """Find the quiz of a module by the module's slug; raise `NotFound`."""
    found = quizzes(edition).get(slug)
    if found is None:
        message = "There is no such quiz in this course."
        raise NotFound(message)
    return Place(edition, module(edition, slug), found)


def place_of(edition: EditionInfo, quiz_id: int) -> Place:
    """Find a quiz of an edition by its id; raise `NotFound` for one that its course has no more."""
    found = next((quiz for quiz in quizzes(edition).values() if quiz.id == quiz_id), None)
    return place(edition, found.module if found else "")


_ATTEMPT = (
    Attempt.id,
    Attempt.quiz_id,
    Attempt.number,
    Attempt.seed,
    Attempt.started_at,
    Attempt.deadline,
    Attempt.submitted_at,
    Attempt.automatic,
    Attempt.score,
)


def attempts(enrolment_id: int | None, quiz_id: int | None = None) -> Sequence[AttemptInfo]:
    """List the attempts of an enrolment, at one quiz or at all, in their order."""
    query = select(*_ATTEMPT).where(Attempt.enrolment_id == enrolment_id)
    if quiz_id is not None:
        query = query.where(Attempt.quiz_id == quiz_id)
    return [AttemptInfo(*row) for row in db.session.execute(query.order_by(Attempt.quiz_id, Attempt.number))]


def attempt(enrolment_id: int, attempt_id: int) -> AttemptInfo:
    """Find an attempt of an enrolment; raise `NotFound`, also for somebody else's."""
    query = select(*_ATTEMPT).where(Attempt.id == attempt_id, Attempt.enrolment_id == enrolment_id)
    row = db.session.execute(query).first()
    if row is None:
        message = "There is no such attempt of yours."
        raise NotFound(message)
    return AttemptInfo(*row)


def answers(attempt_id: int) -> dict[int, Given]:
    """Give what is stored of an attempt, by position."""
    columns = (Item.position, Item.id, Item.answer, Item.flagged, Item.page, Item.saved_at, Item.credit)
    rows = db.session.execute(select(*columns).where(Item.attempt_id == attempt_id).order_by(Item.position))
    return {position: Given(*rest) for position, *rest in rows}


@dataclass(frozen=True, slots=True)
class _Version:
    digest: str
    body: Mapping[str, Any] = field(compare=False)


@lru_cache(maxsize=4096)
def _parsed(version: _Version) -> QuestionValue:
    question = parse(version.body, QUESTION_KEYS).question
    if question is None:
        message = f"The stored question {version.body.get('id')!r} can't be read."
        raise ValueError(message)
    return question


_QUESTION = (Question.id, Question.slug, Question.objective, Question.lesson, Question.digest, Question.body)


def _item(position: int, seed: str, row: Sequence[Any]) -> PaperItem:
    question_id, slug, objective, lesson, digest, body = row
    asked = ask(_parsed(_Version(digest, body)), f"{seed}/{position}")
    return PaperItem(position, question_id, slug, objective, lesson, asked)


@lru_cache(maxsize=1024)
def paper(attempt_id: int, seed: int) -> tuple[PaperItem, ...]:
    """Give the questions of an attempt as it asks them; they never change, so they are read once."""
    query = select(Item.position, *_QUESTION).join(Question, Question.id == Item.question_id)
    rows = db.session.execute(query.where(Item.attempt_id == attempt_id).order_by(Item.position))
    return tuple(_item(position, str(seed), row) for position, *row in rows)


def items_of(attempt_id: int) -> tuple[PaperItem, ...]:
    """Give the questions of an attempt by its id alone, for who answers them by program."""
    return paper(attempt_id, db.session.scalars(select(Attempt.seed).where(Attempt.id == attempt_id)).one())


def drawn(quiz: QuizInfo, seed: str) -> list[int]:
    """Draw the questions of an attempt with this seed."""
    bank: dict[str, list[int]] = {}
    query = select(Question.objective, Question.id).where(Question.quiz_id == quiz.id, Question.active)
    for objective, question_id in db.session.execute(query.order_by(Question.id)):
        bank.setdefault(objective, []).append(question_id)
    return draw(bank, quiz.terms.draw, seed)


def sample(quiz: QuizInfo, seed: str) -> tuple[PaperItem, ...]:
    """Give the questions that an attempt with this seed would ask, without one."""
    order = drawn(quiz, seed)
    rows = {row[0]: row for row in db.session.execute(select(*_QUESTION).where(Question.id.in_(order)))}
    return tuple(_item(position, seed, rows[question_id]) for position, question_id in enumerate(order, 1))


def bank(quiz: QuizInfo) -> tuple[PaperItem, ...]:
    """Give every question of a quiz in the author's order."""
    query = (
        select(*_QUESTION)
        .where(Question.quiz_id == quiz.id, Question.active)
        .order_by(Question.number, Question.id)
    )
    return tuple(_item(position, "bank", row) for position, row in enumerate(db.session.execute(query), 1))
