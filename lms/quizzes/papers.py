"""What attempts are made of: quizzes, their banks, the questions that an attempt drew, the answers so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from lms.core.asking import Asked, ask
from lms.core.db import read
from lms.core.errors import NotFound
from lms.core.memory import kept
from lms.core.questions import Answer, parse
from lms.core.questions import Question as QuestionValue
from lms.core.viewer import EditionInfo
from lms.editions.api import MoreTime, more_time
from lms.modules.api import ModuleInfo, module
from lms.quizzes.models import Attempt, Item, Question, Quiz
from lms.quizzes.rules import Terms, Window, draw
from lms.quizzes.sources import QUESTION_KEYS
from lms.quizzes.wording import fingerprint


@dataclass(frozen=True, slots=True)
class QuizInfo:
    """A module's quiz; its bank has the questions that can be drawn, by objective."""

    id: int
    module: str
    terms: Terms
    bank: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Place:
    """A quiz in an edition, for one learner perhaps with more time than for others."""

    edition: EditionInfo
    module: ModuleInfo
    quiz: QuizInfo
    more: MoreTime | None = None

    @property
    def terms(self) -> Terms:
        """The rules of the quiz; the edition may allow other attempts than the course."""
        terms, attempts = self.quiz.terms, self.edition.attempts
        return terms if attempts is None else replace(terms, attempts=attempts)

    @property
    def window(self) -> Window:
        """When the quiz can be taken."""
        closes_at = self.module.closes_at(self.edition)
        if closes_at and self.more:
            closes_at += self.more.by
        return Window(self.module.opens_at(self.edition), closes_at, self.edition.is_open)

    def of(self, enrolment_id: int | None) -> Place:
        """Give the quiz with the time that a learner has for it."""
        return replace(self, more=more_time(self.edition, enrolment_id)(self.module.slug))


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
    cut_short: bool


class Given(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions of an attempt, and the seed that put them in order."""

    seed: int
    items: tuple[PaperItem, ...]


# A question's digest says all about it, so that it is parsed once a process; an attempt is asked for again and again.
MOST_PAPERS = 1024
_questions: dict[str, QuestionValue] = {}
_papers: dict[int, Paper] = {}

_TERMS = (Quiz.title, Quiz.draw, Quiz.minutes, Quiz.attempts, Quiz.keep, Quiz.pass_mark, Quiz.feedback)
_QUIZZES = select(Quiz.id, Quiz.module, *_TERMS).where(Quiz.course_id == bindparam("course_id"), Quiz.active)
_BANKS = (
    select(Question.quiz_id, Question.objective, Question.id)
    .where(Question.course_id == bindparam("course_id"), Question.active)
    .order_by(Question.id)
)
_COLUMNS = (
    Attempt.id,
    Attempt.quiz_id,
    Attempt.number,
    Attempt.seed,
    Attempt.started_at,
    Attempt.deadline,
    Attempt.submitted_at,
    Attempt.automatic,
    Attempt.score,
    Attempt.cut_short,
)
_MINE = select(*_COLUMNS).where(Attempt.enrolment_id == bindparam("enrolment_id"))
_ATTEMPTS = _MINE.order_by(Attempt.quiz_id, Attempt.number)
_ONE_ATTEMPT = _MINE.where(Attempt.id == bindparam("attempt_id"))
_SEED = select(Attempt.seed).where(Attempt.id == bindparam("attempt_id"))
_ANSWERS = (
    select(Item.position, Item.id, Item.answer, Item.flagged, Item.page, Item.saved_at, Item.credit)
    .where(Item.attempt_id == bindparam("attempt_id"))
    .order_by(Item.position)
)
_QUESTION = (Question.id, Question.slug, Question.objective, Question.lesson, Question.digest)
_PAPER = (
    select(Item.position, *_QUESTION)
    .join(Question, Question.id == Item.question_id)
    .where(Item.attempt_id == bindparam("attempt_id"))
    .order_by(Item.position)
)
_OF_QUIZ = (
    select(*_QUESTION)
    .where(Question.quiz_id == bindparam("quiz_id"), Question.active)
    .order_by(Question.number, Question.id)
)
_BODIES = select(Question.digest, Question.body).where(Question.digest.in_(bindparam("digests", expanding=True)))


def quizzes(edition: EditionInfo) -> Mapping[str, QuizInfo]:
    """Give the quizzes of an edition's course by their modules' slugs."""
    return _quizzes(edition.course_id, edition.course_version)


@kept(16)
def _quizzes(course_id: int, version: str) -> Mapping[str, QuizInfo]:
    del version
    banks: dict[int, dict[str, list[int]]] = {}
    for quiz_id, objective, question_id in read(_BANKS, course_id=course_id):
        banks.setdefault(quiz_id, {}).setdefault(objective, []).append(question_id)
    rows: Iterable[Sequence[Any]] = read(_QUIZZES, course_id=course_id)
    return {row[1]: QuizInfo(row[0], row[1], Terms(*row[2:]), banks.get(row[0], {})) for row in rows}


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


def attempts(enrolment_id: int | None, quiz_id: int | None = None) -> Sequence[AttemptInfo]:
    """List the attempts of an enrolment, at one quiz or at all, in their order."""
    rows: Iterable[Sequence[Any]] = read(_ATTEMPTS, enrolment_id=enrolment_id)
    return [AttemptInfo(*row) for row in rows if quiz_id in {None, row[1]}]


def attempt(enrolment_id: int, attempt_id: int) -> AttemptInfo:
    """Find an attempt of an enrolment; raise `NotFound`, also for somebody else's."""
    row: Sequence[Any] | None = read(_ONE_ATTEMPT, enrolment_id=enrolment_id, attempt_id=attempt_id).first()
    if row is None:
        message = "There is no such attempt of yours."
        raise NotFound(message)
    return AttemptInfo(*row)


def answers(attempt_id: int) -> dict[int, Given]:
    """Give what is stored of an attempt, by position."""
    rows: Iterable[Sequence[Any]] = read(_ANSWERS, attempt_id=attempt_id)
    return {row[0]: Given(*row[1:]) for row in rows}


def paper(attempt_id: int, seed: int) -> tuple[PaperItem, ...]:
    """Give the questions of an attempt as it asks them; they never change, so they are read once."""
    known = _papers.get(attempt_id)
    if known is None or known.seed != seed:
        rows = [tuple(row) for row in read(_PAPER, attempt_id=attempt_id)]
        known = Paper(seed, _items(rows, str(seed)))
        while len(_papers) >= MOST_PAPERS:
            _papers.pop(next(iter(_papers)), None)
        _papers[attempt_id] = known
    return known.items


def recent(attempt_id: int) -> Paper | None:
    """Give the questions of an attempt if this process has read them lately; whoever uses them checks the seed."""
    return _papers.get(attempt_id)


def forget() -> None:
    """Forget every paper, as a process that has just begun."""
    _papers.clear()
    _questions.clear()


def items_of(attempt_id: int) -> tuple[PaperItem, ...]:
    """Give the questions of an attempt by its id alone, for who answers them by program."""
    return paper(attempt_id, read(_SEED, attempt_id=attempt_id).scalar_one())


def sample(quiz: QuizInfo, seed: str) -> tuple[PaperItem, ...]:
    """Give the questions that an attempt with this seed would ask, without one."""
    rows = {row[1]: row for row in _of_quiz(quiz)}
    order = enumerate(draw(quiz.bank, quiz.terms.draw, seed), 1)
    return _items([(position, *rows[question_id][1:]) for position, question_id in order], seed)


def bank(quiz: QuizInfo) -> tuple[PaperItem, ...]:
    """Give every question of a quiz in the author's order."""
    return _items(_of_quiz(quiz), "bank")


def _of_quiz(quiz: QuizInfo) -> list[tuple[Any, ...]]:
    return [(position, *row) for position, row in enumerate(read(_OF_QUIZ, quiz_id=quiz.id), 1)]


def _items(rows: Sequence[Sequence[Any]], seed: str) -> tuple[PaperItem, ...]:
    """Ask questions, given as (position, id, slug, objective, lesson, digest)."""
    unknown = [row[5] for row in rows if row[5] not in _questions]
    if unknown:
        for digest, body in read(_BODIES, digests=unknown):
            _questions[digest] = _parsed(body)
    return tuple(_item(row, seed) for row in rows)


def _item(row: Sequence[Any], seed: str) -> PaperItem:
    position, question_id, slug, objective, lesson, digest = row
    return PaperItem(position, question_id, slug, objective, lesson, ask(_questions[digest], f"{seed}/{position}"))


def _parsed(body: Mapping[str, Any]) -> QuestionValue:
    question = parse(body, QUESTION_KEYS).question
    if question is None:
        message = f"The stored question {body.get('id')!r} can't be read."
        raise ValueError(message)
    return question
