"""Beginning attempts, saving answers, handing in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, insert, or_, select, update

from lms.core import clock
from lms.core.asking import Fields, Reply
from lms.core.asking import read as reply_to
from lms.core.db import Model, change, change_all, db, put, read
from lms.core.domain import Edition, Enrolment
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.events import publish
from lms.core.marking import credit
from lms.core.progress import ActivityChanged
from lms.core.questions import Answer
from lms.core.templating import percent
from lms.core.viewer import edition_by_id, edition_of
from lms.editions.api import ExtensionGranted
from lms.quizzes import papers, rules
from lms.quizzes.events import AttemptSubmitted
from lms.quizzes.models import Attempt, Item, Quiz
from lms.quizzes.papers import PaperItem, Place
from lms.quizzes.rules import Gap
from lms.quizzes.wording import fingerprint

# What happens most often is built once and passes the session by. An edition is always locked before an attempt.
_ITEMS = Model.metadata.tables[Item.__tablename__]
_ATTEMPTS = Model.metadata.tables[Attempt.__tablename__]
_EDITION = (
    select(Edition.state)
    .join(Enrolment, Enrolment.edition_id == Edition.id)
    .where(Enrolment.id == bindparam("enrolment_id"))
    .with_for_update(read=True, of=Edition)
)
_EDITION_OF = (
    select(Attempt.enrolment_id)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .join(Edition, Edition.id == Enrolment.edition_id)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update(read=True, of=Edition)
)
_HELD = (
    select(
        Attempt.submitted_at,
        Attempt.deadline,
        Attempt.seed,
        Attempt.number,
        Attempt.quiz_id,
        Quiz.title,
        func.coalesce(Edition.attempts, Quiz.attempts),
        Quiz.keep,
    )
    .join(Quiz, Quiz.id == Attempt.quiz_id)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .join(Edition, Edition.id == Enrolment.edition_id)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update(of=Attempt)
)
_STATE = (
    select(Attempt.enrolment_id, Attempt.seed, Attempt.deadline, Attempt.submitted_at)
    .where(Attempt.id == bindparam("attempt_id"))
    .with_for_update(read=True)
)
_STILL_OPEN = (
    select(_ATTEMPTS.c.id)
    .where(
        _ATTEMPTS.c.id == bindparam("of_attempt"),
        _ATTEMPTS.c.enrolment_id == bindparam("enrolment_id"),
        _ATTEMPTS.c.seed == bindparam("seed"),
        _ATTEMPTS.c.submitted_at.is_(None),
        or_(_ATTEMPTS.c.deadline.is_(None), _ATTEMPTS.c.deadline >= bindparam("earliest")),
    )
    .with_for_update(read=True)
    .scalar_subquery()
)
_AT = update(_ITEMS).where(_ITEMS.c.position == bindparam("at_position"))
_ALL: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in ("answer", "flagged", "page", "saved_at")}
_SAVE = _AT.where(_ITEMS.c.attempt_id == bindparam("of_attempt")).values(_ALL)
_SAVE_ANSWER = _AT.where(_ITEMS.c.attempt_id == bindparam("of_attempt")).values(
    {name: _ALL[name] for name in ("answer", "saved_at")}
)
_SAVE_IF_OPEN = _AT.where(_ITEMS.c.attempt_id == _STILL_OPEN).values(_ALL)
_SAVE_ROW = update(_ITEMS).where(_ITEMS.c.id == bindparam("row_id")).values(_ALL)
_CREDIT = update(_ITEMS).where(_ITEMS.c.id == bindparam("row_id")).values(credit=bindparam("credit"))
_HAND_IN = (
    update(_ATTEMPTS)
    .where(_ATTEMPTS.c.id == bindparam("of_attempt"))
    .values({name: bindparam(name) for name in ("submitted_at", "automatic", "score")})
)
_DRAW = insert(_ITEMS)


@dataclass(frozen=True, slots=True)
class Held:
    """An attempt while it is handed in, with the rules that decide what it is worth."""

    submitted_at: datetime | None
    deadline: datetime | None
    seed: int
    number: int
    quiz_id: int
    title: str
    attempts: int
    keep: str


def start_attempt(enrolment_id: int, module: str) -> int:
    """Begin an attempt at a module's quiz, or go on with the open one, and give its id.

    Raise `Conflict`, with the reason, where no further attempt may begin.
    """
    now, state = clock.now(), read(_EDITION, enrolment_id=enrolment_id).scalar()
    if state is None:
        message = "There is no such enrolment."
        raise NotFound(message)
    place = papers.place(replace(edition_of(enrolment_id), state=state), module).of(enrolment_id)
    found = papers.attempts(enrolment_id, place.quiz.id)
    for attempt in found:
        if attempt.submitted_at is None and not rules.is_over(attempt.deadline, now):
            return attempt.id
        if attempt.submitted_at is None:
            submit_attempt(attempt.id)
    used = sum(not attempt.cut_short for attempt in found)
    if reason := rules.refusal(place.terms, place.window, used, now):
        raise Conflict(reason)
    return _begin(enrolment_id, place, len(found) + 1)


def _begin(enrolment_id: int, place: Place, number: int) -> int:
    now, seed = clock.now(), secrets.randbits(62)
    ends_at = rules.deadline(now, place.terms.minutes, place.window.closes_at)
    key = {"enrolment_id": enrolment_id, "quiz_id": place.quiz.id, "number": number}
    values = {"seed": seed, "started_at": now, "deadline": ends_at, "automatic": False}
    attempt_id, stored = put(Attempt, key, values, keep=True, give=("id", "seed")).one()
    if stored == seed:
        questions = rules.draw(place.quiz.bank, place.terms.draw, str(seed))
        rows = [{"attempt_id": attempt_id, "position": at, "question_id": q} for at, q in enumerate(questions, 1)]
        change_all(_DRAW, [{**row, "flagged": False, "page": ""} for row in rows])
    return int(attempt_id)


def save_answer(attempt_id: int, position: int, answer: Answer | None) -> datetime:
    """Store an answer in the author's numbers (see `lms.core.questions`), and say when.

    Raise `Conflict` once nothing is accepted any more.
    """
    _still_open(attempt_id)
    now = clock.now()
    change(_SAVE_ANSWER, of_attempt=attempt_id, at_position=position, answer=answer, saved_at=now)
    return now


def save_item(enrolment_id: int, attempt_id: int, fields: Fields) -> datetime:
    """Store the answer to the one question that form fields hold, and say when.

    Raise `Conflict` once nothing is accepted any more, `Invalid` for what can't be an answer, `NotFound`.
    """
    now, recent = clock.now(), papers.recent(attempt_id)
    if recent and isinstance(values := _one(recent.items, fields), dict):
        guard = {"enrolment_id": enrolment_id, "seed": recent.seed, "earliest": now - rules.GRACE}
        if change(_SAVE_IF_OPEN, **values, **guard, of_attempt=attempt_id, saved_at=now):
            return now
    seed = _still_open(attempt_id, enrolment_id)
    found = _one(papers.paper(attempt_id, seed), fields)
    if isinstance(found, str):
        raise Invalid(found)
    change(_SAVE, **found, of_attempt=attempt_id, saved_at=now)
    return now


def _one(items: Iterable[PaperItem], fields: Fields) -> dict[str, Any] | str:
    """Give what form fields say of one question, as columns, or what is wrong with it."""
    given = [*fields("item")]
    item = next((item for item in items if [str(item.position)] == given), None)
    if item is None:
        return "This question is not part of the attempt. Please load the page again."
    reply, flagged = _read(item, fields)
    columns = {"answer": reply.answer, "flagged": flagged, "page": _page(fields), "at_position": item.position}
    return reply.fault or columns


def _still_open(attempt_id: int, enrolment_id: int | None = None) -> int:
    """Keep an attempt from being handed in meanwhile, and give its seed."""
    row = read(_STATE, attempt_id=attempt_id).first()
    if row is None or enrolment_id not in {None, row[0]}:
        message = "There is no such attempt of yours."
        raise NotFound(message)
    _, seed, deadline, submitted_at = row
    if submitted_at is not None:
        message = "This attempt is handed in, so its answers can't be changed any more."
        raise Conflict(message)
    if rules.is_over(deadline, clock.now()):
        message = "The time is over. What was saved until then counts."
        raise Conflict(message)
    return int(seed)


def _read(item: PaperItem, fields: Fields) -> tuple[Reply, bool]:
    return reply_to(item.asked, f"a{item.position}", fields), "1" in fields(f"flag{item.position}")


def _page(fields: Fields) -> str:
    """Tell from which opening of the page form fields come."""
    page = "".join(fields("page"))[:16]
    return page if page.isascii() and page.isalnum() else ""


def save_page(enrolment_id: int, attempt_id: int, fields: Fields, *, pressed: bool) -> dict[int, str]:
    """Store what a whole page sends, but nothing older than what is stored; give the faults by position."""
    seed = _still_open(attempt_id, enrolment_id)
    stored, page, sent = papers.answers(attempt_id), _page(fields), fields("item")
    faults: dict[int, str] = {}
    changes: list[dict[str, Any]] = []
    for item in papers.paper(attempt_id, seed):
        before, (reply, flagged) = stored[item.position], _read(item, fields)
        marks = fingerprint(reply.answer, flagged), "".join(fields(f"was{item.position}")), before.mark
        if str(item.position) not in sent:
            continue
        if reply.fault:
            faults[item.position] = reply.fault
        elif rules.replaces(*marks, own=bool(page) and page == before.page, pressed=pressed):
            row = {"row_id": before.id, "answer": reply.answer, "flagged": flagged}
            changes.append({**row, "page": page, "saved_at": clock.now()})
    if changes:
        change_all(_SAVE_ROW, changes)
    return faults


def submit_attempt(attempt_id: int, actor_id: int | None = None, *, automatic: bool = False) -> bool:
    """Hand an attempt in and mark it, once; `False` if that was done before.

    After its time it counts as handed in by itself, when the time was over.
    """
    enrolment_id = read(_EDITION_OF, attempt_id=attempt_id).scalar()
    if enrolment_id is None:
        message = "There is no such attempt."
        raise NotFound(message)
    held = Held(*read(_HELD, attempt_id=attempt_id).one())
    if held.submitted_at is not None:
        return False
    now = clock.now()
    automatic = automatic or rules.is_over(held.deadline, now)
    score = rules.score(_mark(attempt_id, held.seed))
    at = min(held.deadline or now, now) if automatic else now
    change(_HAND_IN, of_attempt=attempt_id, submitted_at=at, automatic=automatic, score=score)
    publish(AttemptSubmitted(attempt_id, enrolment_id, score, automatic))
    _tell(held, enrolment_id, score, None if automatic else actor_id)
    return True


def _mark(attempt_id: int, seed: int) -> list[Fraction]:
    given, items = papers.answers(attempt_id), papers.paper(attempt_id, seed)
    parts = [credit(item.asked.question, given[item.position].answer) for item in items]
    ids = [given[item.position].id for item in items]
    change_all(_CREDIT, [{"row_id": n, "credit": rules.as_decimal(part)} for n, part in zip(ids, parts, strict=True)])
    return parts


def _tell(held: Held, enrolment_id: int, score: Decimal, actor_id: int | None) -> None:
    """Say so if the score that counts has changed; the attempt is the last, as only one is open at a time."""
    earlier = papers.attempts(enrolment_id, held.quiz_id) if held.number > 1 else ()
    before = [(row.score, row.cut_short) for row in earlier if row.score is not None and row.number < held.number]
    if rules.counting(held.keep, before) != rules.counting(held.keep, [*before, (score, False)]):
        which = f"{held.title}, attempt {held.number} of {max(held.attempts, held.number)}"
        why = f"{which}: {percent(score)}, the {held.keep} counts"
        publish(ActivityChanged(enrolment_id, actor_id, why))


def extend(event: ExtensionGranted) -> None:
    """Give the attempts that are under way the time that their learners have now; none gets less."""
    edition = edition_by_id(event.edition_id)
    query = select(Attempt).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    query = query.where(Enrolment.edition_id == edition.id, Attempt.submitted_at.is_(None), Attempt.deadline.is_not(None))
    whose = Enrolment.id == event.enrolment_id if event.enrolment_id else Enrolment.country == event.country
    for attempt in db.session.scalars(query.where(whose).order_by(Attempt.id).with_for_update(of=Attempt)).all():
        place = papers.place_of(edition, attempt.quiz_id).of(attempt.enrolment_id)
        ends_at = rules.deadline(attempt.started_at, place.terms.minutes, place.window.closes_at)
        if attempt.deadline is not None and not rules.is_over(attempt.deadline, clock.now()):
            attempt.deadline = max(attempt.deadline, ends_at) if ends_at else None
    db.session.flush()


def make_good(attempt_id: int, gap: Gap) -> bool:
    """Give an attempt the time that it lost in a gap, and tell whether it goes on; one that is over is not among those used any more.

    It is not opened again, as its learner may have seen by now what was right.
    """
    enrolment_id = read(_EDITION_OF, attempt_id=attempt_id).scalar()
    if enrolment_id is None:
        message = "There is no such attempt."
        raise NotFound(message)
    attempt = db.session.get_one(Attempt, attempt_id, with_for_update=True, populate_existing=True)
    if attempt.submitted_at is None and rules.is_over(attempt.deadline, clock.now()):
        submit_attempt(attempt_id)
        db.session.refresh(attempt)
    if attempt.submitted_at is None:
        if attempt.deadline is not None:
            attempt.deadline += rules.lost(attempt.started_at, attempt.deadline, gap)
            db.session.flush()
        return True
    attempt.cut_short = True
    db.session.flush()
    publish(ActivityChanged(enrolment_id, None, f"An outage cut attempt {attempt.number} short, so it counts only to the learner's good"))
    return False


def hand_in_all(edition_id: int) -> None:
    """Hand in every open attempt of an edition with what was saved."""
    query = select(Attempt.id).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    query = query.where(Enrolment.edition_id == edition_id, Attempt.submitted_at.is_(None))
    for attempt_id in db.session.scalars(query.order_by(Attempt.id)).all():
        submit_attempt(attempt_id, automatic=True)
