"""Beginning attempts, saving answers, handing in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select, update

from lms.core import clock
from lms.core.asking import Fields, Reply, read
from lms.core.db import db, upsert
from lms.core.domain import Edition, EditionState, Enrolment
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

_NO_SYNC = {"synchronize_session": False}


def start_attempt(enrolment_id: int, module: str) -> int:
    """Begin an attempt at a module's quiz, or go on with the open one, and give its id; raise `Conflict` with the reason."""
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
    query = select(Edition.id).join(Enrolment, Enrolment.edition_id == Edition.id).where(Enrolment.id == enrolment_id)
    return edition_by_id(db.session.scalars(query.with_for_update(read=True, of=Edition)).one())


def _begin(enrolment_id: int, place: Place, number: int) -> int:
    now, seed = clock.now(), secrets.randbits(62)
    values = {"seed": seed, "started_at": now, "deadline": rules.deadline(now, place.terms.minutes, place.window.closes_at)}
    key = {"enrolment_id": enrolment_id, "quiz_id": place.quiz.id, "number": number}
    statement = upsert(Attempt, key, {**values, "automatic": False}, {"number": number})
    attempt_id, stored = db.session.execute(statement.returning(Attempt.id, Attempt.seed)).one()
    if stored == seed:
        questions = papers.drawn(place.quiz, str(seed))
        rows = [{"attempt_id": attempt_id, "position": at, "question_id": q} for at, q in enumerate(questions, 1)]
        db.session.execute(insert(Item), rows)
    return int(attempt_id)


def save_answer(attempt_id: int, position: int, answer: Answer | None, *, flagged: bool | None = None) -> datetime:
    """Store an answer in the author's numbers (see `lms.core.questions`); raise `Conflict` once nothing is accepted any more."""
    _still_open(attempt_id)
    return _write(attempt_id, position, {"answer": answer} if flagged is None else {"answer": answer, "flagged": flagged})


def save_item(enrolment_id: int, attempt_id: int, fields: Fields) -> datetime:
    """Store the answer to the one question that form fields hold, and when; raise `Conflict`, `Invalid` or `NotFound`."""
    seed, given = _still_open(attempt_id, enrolment_id), fields("item")
    item = next((item for item in papers.paper(attempt_id, seed) if [str(item.position)] == [*given]), None)
    if item is None:
        message = "This question is not part of the attempt. Please load the page again."
        raise Invalid(message)
    reply, flagged = _read(item, fields)
    if reply.fault:
        raise Invalid(reply.fault)
    return _write(attempt_id, item.position, {"answer": reply.answer, "flagged": flagged, "page": page_of(fields)})


def _still_open(attempt_id: int, enrolment_id: int | None = None) -> int:
    """Keep an attempt from being handed in meanwhile, and give its seed."""
    query = select(Attempt.seed, Attempt.deadline, Attempt.submitted_at).where(Attempt.id == attempt_id)
    if enrolment_id is not None:
        query = query.where(Attempt.enrolment_id == enrolment_id)
    row = db.session.execute(query.with_for_update(read=True)).first()
    if row is None:
        message = "There is no such attempt of yours."
        raise NotFound(message)
    if row[2] is not None:
        message = "This attempt is handed in, so its answers can't be changed any more."
        raise Conflict(message)
    if rules.is_over(row[1], clock.now()):
        message = "The time is over. What was saved until then counts."
        raise Conflict(message)
    return int(row[0])


def _write(attempt_id: int, position: int, values: Mapping[str, Any]) -> datetime:
    now = clock.now()
    where = (Item.attempt_id == attempt_id, Item.position == position)
    db.session.execute(update(Item).where(*where).values(**values, saved_at=now), execution_options=_NO_SYNC)
    return now


def _read(item: PaperItem, fields: Fields) -> tuple[Reply, bool]:
    return read(item.asked, f"a{item.position}", fields), "1" in fields(f"flag{item.position}")


def page_of(fields: Fields) -> str:
    """Tell from which opening of the page form fields come."""
    return "".join(fields("page"))[:16] if "".join(fields("page")).isascii() else ""


def save_page(enrolment_id: int, attempt_id: int, fields: Fields, *, pressed: bool) -> dict[int, str]:
    """Store what a whole page sends, but nothing older than what is stored; give the faults by position."""
    seed = _still_open(attempt_id, enrolment_id)
    stored, page, faults = papers.answers(attempt_id), page_of(fields), {}
    changes: list[dict[str, Any]] = []
    for item in papers.paper(attempt_id, seed):
        before = stored[item.position]
        reply, flagged = _read(item, fields)
        if str(item.position) not in fields("item"):
            continue
        if reply.fault:
            faults[item.position] = reply.fault
            continue
        marks = (fingerprint(reply.answer, flagged), "".join(fields(f"was{item.position}")), fingerprint(before.answer, before.flagged))
        if rules.replaces(*marks, own=bool(page) and page == before.page, pressed=pressed):
            changes.append({"id": before.id, "answer": reply.answer, "flagged": flagged, "page": page, "saved_at": clock.now()})
    if changes:
        db.session.execute(update(Item), changes)
    return faults


def submit_attempt(attempt_id: int, actor_id: int | None = None) -> bool:
    """Hand an attempt in and mark it, once; `False` if that was done before. After its time it counts as handed in then."""
    enrolment_id = db.session.scalars(select(Attempt.enrolment_id).where(Attempt.id == attempt_id)).one()
    edition = _hold_edition(enrolment_id)
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    attempt = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    if attempt.submitted_at is not None:
        return False
    now = clock.now()
    attempt.automatic = rules.is_over(attempt.deadline, now) or not edition.is_open
    attempt.submitted_at = min(attempt.deadline or now, now) if attempt.automatic else now
    attempt.score = rules.score(_mark(attempt))
    db.session.flush()
    publish(AttemptSubmitted(attempt.id, enrolment_id, attempt.score, attempt.automatic))
    _tell(attempt, None if attempt.automatic else actor_id)
    return True


def _mark(attempt: Attempt) -> list[Fraction]:
    given = papers.answers(attempt.id)
    parts = [(given[item.position], credit(item.asked.question, given[item.position].answer)) for item in papers.paper(attempt.id, attempt.seed)]
    db.session.execute(update(Item), [{"id": row.id, "credit": rules.as_decimal(part)} for row, part in parts])
    return [part for _, part in parts]


def _tell(attempt: Attempt, actor_id: int | None) -> None:
    quiz = db.session.get_one(Quiz, attempt.quiz_id)
    found = papers.attempts(attempt.enrolment_id, attempt.quiz_id)
    scores = [row.score for row in found if row.score is not None]
    before = [row.score for row in found if row.score is not None and row.id != attempt.id]
    kept = rules.kept(quiz.keep, scores)
    if kept != rules.kept(quiz.keep, before):
        why = f"{quiz.title}, attempt {attempt.number} of {quiz.attempts}: {percent(attempt.score)}, the {quiz.keep} counts"
        publish(ActivityChanged(attempt.enrolment_id, actor_id, why))


def hand_in_all(edition_id: int) -> None:
    """Hand in every open attempt of an edition with what was saved."""
    query = select(Attempt.id).join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    for attempt_id in db.session.scalars(query.where(Enrolment.edition_id == edition_id, Attempt.submitted_at.is_(None))).all():
        submit_attempt(attempt_id)
