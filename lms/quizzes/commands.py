"""Beginning attempts, saving answers, handing in."""

from __future__ import annotations

import secrets
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from lms.core import clock
from lms.core.asking import Fields, Reply, read
from lms.core.db import Model, db, upsert
from lms.core.domain import Edition, Enrolment
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.events import publish
from lms.core.marking import credit
from lms.core.progress import ActivityChanged
from lms.core.questions import Answer
from lms.core.templating import percent
from lms.core.viewer import EditionInfo, edition_by_id
from lms.quizzes import papers, rules
from lms.quizzes.events import AttemptSubmitted
from lms.quizzes.models import Attempt, Item, Quiz
from lms.quizzes.papers import PaperItem, Place
from lms.quizzes.wording import fingerprint

# Saving an answer happens most often by far: its two statements are built once and pass the session by.
_ITEMS = Model.metadata.tables[Item.__tablename__]
_ATTEMPT = Model.metadata.tables[Attempt.__tablename__].c
_STATE = (
    select(_ATTEMPT.enrolment_id, _ATTEMPT.seed, _ATTEMPT.deadline, _ATTEMPT.submitted_at)
    .where(_ATTEMPT.id == bindparam("attempt_id"))
    .with_for_update(read=True)
)
_SAVE = (
    update(_ITEMS)
    .where(_ITEMS.c.attempt_id == bindparam("of_attempt"), _ITEMS.c.position == bindparam("at_position"))
    .values({name: bindparam(name) for name in ("answer", "saved_at")})
)
_SAVE_ALL = _SAVE.values({name: bindparam(name) for name in ("flagged", "page")})


def start_attempt(enrolment_id: int, module: str) -> int:
    """Begin an attempt at a module's quiz, or go on with the open one, and give its id.

    Raise `Conflict`, with the reason, where no further attempt may begin.
    """
    place, now = papers.place(_hold_edition(enrolment_id), module), clock.now()
    found = papers.attempts(enrolment_id, place.quiz.id)
    for attempt in found:
        if attempt.submitted_at is None and not rules.is_over(attempt.deadline, now):
            return attempt.id
        if attempt.submitted_at is None:
            submit_attempt(attempt.id)
    if reason := rules.refusal(place.terms, place.window, len(found), now):
        raise Conflict(reason)
    return _begin(enrolment_id, place, len(found) + 1)


def _hold_edition(enrolment_id: int) -> EditionInfo:
    """Keep the edition from being closed meanwhile; it is always locked before an attempt."""
    query = select(Edition.id).join(Enrolment, Enrolment.edition_id == Edition.id)
    query = query.where(Enrolment.id == enrolment_id).with_for_update(read=True, of=Edition)
    edition_id = db.session.scalar(query)
    if edition_id is None:
        message = "There is no such enrolment."
        raise NotFound(message)
    return edition_by_id(edition_id)


def _begin(enrolment_id: int, place: Place, number: int) -> int:
    now, seed = clock.now(), secrets.randbits(62)
    ends_at = rules.deadline(now, place.terms.minutes, place.window.closes_at)
    key = {"enrolment_id": enrolment_id, "quiz_id": place.quiz.id, "number": number}
    values = {"seed": seed, "started_at": now, "deadline": ends_at, "automatic": False}
    statement = upsert(Attempt, key, values, {"number": number}).returning(Attempt.id, Attempt.seed)
    attempt_id, stored = db.session.execute(statement).one()
    if stored == seed:
        questions = papers.drawn(place.quiz, str(seed))
        columns = ("attempt_id", "position", "question_id")
        rows = [dict(zip(columns, (attempt_id, *row), strict=True)) for row in enumerate(questions, 1)]
        db.session.execute(insert(Item), rows)
    return int(attempt_id)


def save_answer(attempt_id: int, position: int, answer: Answer | None) -> datetime:
    """Store an answer in the author's numbers (see `lms.core.questions`), and say when.

    Raise `Conflict` once nothing is accepted any more.
    """
    _still_open(attempt_id)
    return _write(_SAVE, attempt_id, position, answer=answer)


def save_item(enrolment_id: int, attempt_id: int, fields: Fields) -> datetime:
    """Store the answer to the one question that form fields hold, and say when.

    Raise `Conflict` once nothing is accepted any more, `Invalid` for what can't be an answer, `NotFound`.
    """
    seed, given = _still_open(attempt_id, enrolment_id), [*fields("item")]
    item = next((item for item in papers.paper(attempt_id, seed) if [str(item.position)] == given), None)
    if item is None:
        message = "This question is not part of the attempt. Please load the page again."
        raise Invalid(message)
    reply, flagged = _read(item, fields)
    if reply.fault:
        raise Invalid(reply.fault)
    values = {"answer": reply.answer, "flagged": flagged, "page": _page(fields)}
    return _write(_SAVE_ALL, attempt_id, item.position, **values)


def _still_open(attempt_id: int, enrolment_id: int | None = None) -> int:
    """Keep an attempt from being handed in meanwhile, and give its seed."""
    row = db.session.connection().execute(_STATE, {"attempt_id": attempt_id}).first()
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


def _write(statement: Any, attempt_id: int, position: int, **values: Any) -> datetime:
    now = clock.now()
    where = {"of_attempt": attempt_id, "at_position": position}
    db.session.connection().execute(statement, {**where, **values, "saved_at": now})
    return now


def _read(item: PaperItem, fields: Fields) -> tuple[Reply, bool]:
    return read(item.asked, f"a{item.position}", fields), "1" in fields(f"flag{item.position}")


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
            row = {"id": before.id, "answer": reply.answer, "flagged": flagged}
            changes.append({**row, "page": page, "saved_at": clock.now()})
    if changes:
        db.session.execute(update(Item), changes)
    return faults


def submit_attempt(attempt_id: int, actor_id: int | None = None, *, automatic: bool = False) -> bool:
    """Hand an attempt in and mark it, once; `False` if that was done before.

    After its time it counts as handed in by itself, when the time was over.
    """
    attempt = _hold(attempt_id)
    if attempt.submitted_at is not None:
        return False
    now = clock.now()
    attempt.automatic = automatic or rules.is_over(attempt.deadline, now)
    attempt.submitted_at = min(attempt.deadline or now, now) if attempt.automatic else now
    attempt.score = rules.score(_mark(attempt))
    db.session.flush()
    publish(AttemptSubmitted(attempt.id, attempt.enrolment_id, attempt.score, attempt.automatic))
    _tell(attempt, None if attempt.automatic else actor_id)
    return True


def _hold(attempt_id: int) -> Attempt:
    enrolment_id = db.session.scalar(select(Attempt.enrolment_id).where(Attempt.id == attempt_id))
    _hold_edition(enrolment_id or 0)
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def _mark(attempt: Attempt) -> list[Fraction]:
    given = papers.answers(attempt.id)
    items = papers.paper(attempt.id, attempt.seed)
    parts = [credit(item.asked.question, given[item.position].answer) for item in items]
    rows = [
        {"id": given[item.position].id, "credit": rules.as_decimal(part)}
        for item, part in zip(items, parts, strict=True)
    ]
    db.session.execute(update(Item), rows)
    return parts


def _tell(attempt: Attempt, actor_id: int | None) -> None:
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    found = papers.attempts(attempt.enrolment_id, attempt.quiz_id)
    scores = [(row.id, row.score) for row in found if row.score is not None]
    before = rules.kept(quiz.keep, [score for row_id, score in scores if row_id != attempt.id])
    if before != rules.kept(quiz.keep, [score for _, score in scores]):
        which = f"{quiz.title}, attempt {attempt.number} of {quiz.attempts}"
        why = f"{which}: {percent(attempt.score)}, the {quiz.keep} counts"
        publish(ActivityChanged(attempt.enrolment_id, actor_id, why))


def hand_in_all(edition_id: int) -> None:
    """Hand in every open attempt of an edition with what was saved."""
    query = select(Attempt.id).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    query = query.where(Enrolment.edition_id == edition_id, Attempt.submitted_at.is_(None))
    for attempt_id in db.session.scalars(query.order_by(Attempt.id)).all():
        submit_attempt(attempt_id, automatic=True)
