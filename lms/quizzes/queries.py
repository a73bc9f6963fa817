"""What the pages about quizzes show, and what is reported of an enrolment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, or_, select

from lms.core import clock
from lms.core.asking import Fields, Reply, read
from lms.core.db import db
from lms.core.domain import Edition, EditionState, Enrolment
from lms.core.marking import credit
from lms.core.progress import Activity
from lms.core.templating import percent
from lms.core.urls import path_for
from lms.core.viewer import edition_of
from lms.editions.api import more_time
from lms.modules.api import modules
from lms.quizzes import papers, rules
from lms.quizzes.models import Attempt
from lms.quizzes.papers import AttemptInfo, PaperItem, Place
from lms.quizzes.showing import ShownItem, points, show, show_key

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands with a quiz."""

    attempts: Sequence[AttemptInfo]
    kept: Decimal | None
    left: int
    refusal: str

    @property
    def used(self) -> int:
        """How many attempts count as used."""
        return _used(self.attempts)

    @property
    def open(self) -> AttemptInfo | None:
        """The attempt that is under way."""
        return next((attempt for attempt in self.attempts if attempt.submitted_at is None), None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """An attempt with its questions as shown; `refused` if they show what was sent and not stored."""

    place: Place
    attempt: AttemptInfo
    items: tuple[ShownItem, ...]
    refused: bool = False

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(item.answered for item in self.items)

    @property
    def formula(self) -> str:
        """The score as the points that it comes from."""
        return points((self.attempt.score or Decimal(0)) * len(self.items) / 100, len(self.items))

    @property
    def flagged(self) -> int:
        """How many questions are marked for another look."""
        return sum(item.flagged for item in self.items)


@dataclass(frozen=True, slots=True)
class Trial:
    """A draw that staff tries; nothing of it is stored."""

    place: Place
    seed: str
    items: tuple[ShownItem, ...]
    score: Decimal | None

    @property
    def formula(self) -> str:
        """The score as the points that it comes from."""
        return points((self.score or Decimal(0)) * len(self.items) / 100, len(self.items))


def standing(place: Place, enrolment_id: int | None) -> Standing:
    """Tell how a learner stands with a quiz."""
    return _standing(place, papers.attempts(enrolment_id, place.quiz.id))


def _standing(place: Place, found: Sequence[AttemptInfo]) -> Standing:
    used = _used(found)
    refusal = rules.refusal(place.terms, place.window, used, clock.now())
    return Standing(found, _score(place, found), max(place.terms.attempts - used, 0), refusal)


def _used(attempts: Iterable[AttemptInfo]) -> int:
    return sum(not attempt.cut_short for attempt in attempts)


def _score(place: Place, attempts: Iterable[AttemptInfo]) -> Decimal | None:
    return rules.counting(place.terms.keep, ((a.score, a.cut_short) for a in attempts if a.score is not None))


def sheet(place: Place, attempt: AttemptInfo, *, marked: bool = False) -> Sheet:
    """Show an attempt with the answers so far, `marked` also with what was right."""
    given = papers.answers(attempt.id)
    found = [(item, given[item.position]) for item in papers.paper(attempt.id, attempt.seed)]
    items = (show(item, place, row.answer, flagged=row.flagged, earned=row.credit if marked else None) for item, row in found)
    return Sheet(place, attempt, tuple(items))


def refused_sheet(place: Place, attempt: AttemptInfo, fields: Fields, faults: Mapping[int, str]) -> Sheet:
    """Show an attempt with what was sent and could not all be stored, so that nothing typed is lost."""
    items = []
    for item in papers.paper(attempt.id, attempt.seed):
        at = item.position
        answer = _reply(item, fields).answer if at not in faults else _typed(item, fields)
        shown = show(item, place, answer, flagged="1" in fields(f"flag{at}"))
        was = "".join(fields(f"was{at}"))[:16]
        items.append(replace(shown, refused=faults.get(at, ""), was=was))
    return Sheet(place, attempt, tuple(items), refused=True)


def _typed(item: PaperItem, fields: Fields) -> str | None:
    text = "".join(fields(f"a{item.position}"))[:1000]
    return None if item.asked.order else "".join(c for c in text if c.isprintable())


def _reply(item: PaperItem, fields: Fields) -> Reply:
    return read(item.asked, f"a{item.position}", fields)


def trial(place: Place, seed: str, fields: Fields | None = None) -> Trial:
    """Draw as for an attempt with this seed; with form fields, mark what they answer."""
    found = papers.sample(place.quiz, seed)
    if fields is None:
        return Trial(place, seed, tuple(show(item, place, None) for item in found), None)
    answers = [(item, _reply(item, fields).answer) for item in found]
    earned = [credit(item.asked.question, answer) for item, answer in answers]
    shown = (show(item, place, answer, earned=rules.as_decimal(part)) for (item, answer), part in zip(answers, earned, strict=True))
    return Trial(place, seed, tuple(shown), rules.score(earned))


def keys(place: Place) -> tuple[ShownItem, ...]:
    """Show every question of a quiz with its right answer."""
    return tuple(show_key(item, place) for item in papers.bank(place.quiz))


def overdue(limit: int = 200) -> Sequence[int]:
    """List open attempts whose time is over, or whose edition is, oldest first."""
    query = (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
        .where(
            Attempt.submitted_at.is_(None),
            or_(Attempt.deadline < clock.now() - rules.GRACE, Edition.state == EditionState.CLOSED),
        )
    )
    return db.session.scalars(query.order_by(Attempt.deadline, Attempt.id).limit(limit)).all()


def under_way(edition_id: int) -> int:
    """Count the open attempts of an edition."""
    query = select(func.count()).select_from(Attempt).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    return (
        db.session.scalar(query.where(Enrolment.edition_id == edition_id, Attempt.submitted_at.is_(None)))
        or 0
    )


def activities(enrolment_id: int) -> Iterator[Activity]:
    """Report each module's quiz; done when it is passed or no attempt is left."""
    edition = edition_of(enrolment_id)
    found = papers.quizzes(edition)
    more = more_time(edition, enrolment_id)
    by_quiz: dict[int, list[AttemptInfo]] = {}
    for attempt in papers.attempts(enrolment_id) if found else ():
        by_quiz.setdefault(attempt.quiz_id, []).append(attempt)
    for module in modules(edition):
        if quiz := found.get(module.slug):
            yield _activity(Place(edition, module, quiz, more(module.slug)), by_quiz.get(quiz.id, ()))


def _activity(place: Place, attempts: Iterable[AttemptInfo]) -> Activity:
    terms, module, window = place.terms, place.module, place.window
    finished = [attempt for attempt in attempts if attempt.score is not None]
    score, used = _score(place, finished), _used(finished)
    address = {"edition": place.edition.slug, "module": module.slug}
    return Activity(
        feature="quizzes",
        key=module.slug,
        title=terms.title,
        group=module.slug,
        group_title=f"{module.number} {module.title}",
        group_url=path_for("modules.module", **address),
        done=rules.done(terms, score, used),
        counts=True,
        score=score,
        weight=module.weight,
        url=path_for("quizzes.quiz", **address),
        minutes=terms.minutes,
        opens_at=window.opens_at,
        due_at=window.closes_at,
        detail=_detail(place, score, used),
    )


def _detail(place: Place, score: Decimal | None, used: int) -> str:
    more = f"; {place.more.by // HOUR} hours more: {place.more.reason}" if place.more else ""
    return _terms(place, score, used) + more


def _terms(place: Place, score: Decimal | None, used: int) -> str:
    terms = place.terms
    if score is not None:
        return f"{percent(score)}, {used} of {counted(terms.attempts, 'attempt')} used"
    minutes = f"{counted(terms.minutes, 'minute')}, " if terms.minutes else ""
    return f"{counted(terms.attempts, 'attempt')}, {minutes}{counted(terms.draw, 'question')}"


def counted(count: int, noun: str) -> str:
    """Say how many of something there are."""
    return f"{count} {noun}{'' if count == 1 else 's'}"

