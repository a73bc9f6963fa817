"""Motivations are scored blind: an assessor reads a text, without who wrote it, and gives 0 to 10; the mean of all counts."""

from __future__ import annotations

import hashlib
from binascii import Error as NoCode
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select

from lms.applications.api import motivated, motivation
from lms.core import audit, clock, countries
from lms.core.db import db, upsert
from lms.core.domain import Enrolment, Person
from lms.core.errors import Conflict, Invalid
from lms.core.sealing import SealError, seal, unseal
from lms.core.viewer import Viewer
from lms.selection import candidates, rules
from lms.selection.commands import require_open
from lms.selection.models import MotivationScore, SelectionApproval
from lms.selection.values import Source

PURPOSE = "selection.motivation"
HIGHEST = 10


@dataclass(frozen=True, slots=True)
class Paper:
    """A motivation to score: its text without the names in it, and a code that only we can read."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many motivations there are, how many of them somebody has scored, how many have all their scores, and how many each needs."""

    papers: int
    mine: int
    complete: int
    wanted: int


def next_paper(edition_id: int, viewer: Viewer) -> Paper | None:
    """Give the next motivation for somebody to score: of those with fewest scores one by chance, the same until it is scored."""
    found = db.session.execute(_open_to(edition_id, viewer)).all()
    if not found:
        return None
    number = min(found, key=lambda row: (row[1], hashlib.sha256(f"{viewer.person_id} {row[0]}".encode()).digest()))[0]
    return Paper(seal(str(number), PURPOSE, edition_id), _blind(number))


def _papers(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    return *candidates.eligible(edition_id), Enrolment.id.in_(motivated())


def _scored_by(viewer: Viewer) -> Select[int]:
    return select(MotivationScore.enrolment_id).where(MotivationScore.assessor_id == viewer.person_id)


def _wanted(edition_id: int) -> int:
    """Tell how many score each motivation: nobody as long as there are no rules, and once a run is approved."""
    found = candidates.current(edition_id)
    approved = db.session.scalar(select(SelectionApproval.id).where(SelectionApproval.edition_id == edition_id))
    return found[1].assessors if found and not approved else 0


def _blind(enrolment_id: int) -> str:
    facts = (Person.name, Person.printed_name, Enrolment.institution, Enrolment.country)
    query = select(*facts).join(Person, Person.id == Enrolment.person_id).where(Enrolment.id == enrolment_id)
    name, printed, institution, country = db.session.execute(query).one()
    return rules.masked(motivation(enrolment_id), [institution, countries.name(country), *name.split(), *printed.split()])


def score(edition_id: int, viewer: Viewer, code: str, points: int) -> None:
    """Keep what somebody thinks of a motivation, given by its code; a second time it takes the place of the first."""
    require_open(edition_id)
    if not 0 <= points <= HIGHEST:
        message = f"Please choose a number from 0 to {HIGHEST}."
        raise Invalid(message, field="score")
    number = _number(edition_id, code)
    mine = MotivationScore.assessor_id == viewer.person_id, MotivationScore.enrolment_id == number
    counted = select(func.count()).select_from(MotivationScore).where(MotivationScore.enrolment_id == number)
    is_again = db.session.scalar(select(MotivationScore.id).where(*mine)) is not None
    if not is_again and (db.session.scalar(counted) or 0) >= _wanted(edition_id):
        message = "Enough others have scored this motivation meanwhile."
        raise Conflict(message, remedy="Go on with the next one.")
    key = {"enrolment_id": number, "assessor_id": viewer.person_id}
    db.session.execute(upsert(MotivationScore, key, {"edition_id": edition_id, "score": points, "at": clock.now()}))
    audit.record(viewer, "selection.assess", "edition", edition_id, edition_id=edition_id)


def _number(edition_id: int, code: str) -> int:
    try:
        number = int(unseal(code, PURPOSE, edition_id))
    except (SealError, NoCode, ValueError) as error:
        message = "This page does not hold any more."
        raise Conflict(message, remedy="Open the motivations again.") from error
    if db.session.scalar(select(Enrolment.id).where(Enrolment.id == number, *_papers(edition_id))) is None:
        message = "This motivation is not to be scored any more."
        raise Conflict(message)
    return number


def waits_for(edition_id: int, viewer: Viewer) -> int:
    """Count the motivations that somebody can still score; none where motivations count nothing."""
    found = candidates.current(edition_id)
    counts = found is not None and any(c.source == Source.MOTIVATION and c.weight for c in found[1].criteria)
    if not counts:
        return 0
    return db.session.scalar(select(func.count()).select_from(_open_to(edition_id, viewer).subquery())) or 0


def _open_to(edition_id: int, viewer: Viewer) -> Select[int, int]:
    scores = func.count(MotivationScore.id)
    query = select(Enrolment.id, scores).outerjoin(MotivationScore, MotivationScore.enrolment_id == Enrolment.id)
    open_to = query.where(*_papers(edition_id), Enrolment.person_id != viewer.person_id, Enrolment.id.not_in(_scored_by(viewer)))
    return open_to.group_by(Enrolment.id).having(scores < _wanted(edition_id))


def progress(edition_id: int, viewer: Viewer) -> Progress:
    """Count what is scored."""
    papers, wanted = select(Enrolment.id).where(*_papers(edition_id)).subquery(), _wanted(edition_id)
    per_paper = select(MotivationScore.enrolment_id, func.count().label("scores")).join(papers, papers.c.id == MotivationScore.enrolment_id)
    counts = per_paper.group_by(MotivationScore.enrolment_id).subquery()
    mine = select(func.count()).select_from(MotivationScore).join(papers, papers.c.id == MotivationScore.enrolment_id)
    return Progress(
        db.session.scalar(select(func.count()).select_from(papers)) or 0,
        db.session.scalar(mine.where(MotivationScore.assessor_id == viewer.person_id)) or 0,
        db.session.scalar(select(func.count()).select_from(counts).where(counts.c.scores >= wanted)) or 0,
        wanted,
    )
