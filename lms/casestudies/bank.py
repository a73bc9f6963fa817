"""The comment bank: what assessors write often, kept by each, shared with the other staff of the edition if they like."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from lms.casestudies import rules
from lms.casestudies.models import CasePhrase
from lms.casestudies.values import Phrase
from lms.core.audit import record
from lms.core.db import db
from lms.core.domain import Edition, Person
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.viewer import Viewer

MOST = 100
ACT = "case.bank"


def offered(edition_id: int, viewer: Viewer) -> tuple[Phrase, ...]:
    """List the comments that somebody can insert: the own ones, then those that others share."""
    row, mine = CasePhrase, CasePhrase.author_id == viewer.person_id
    query = select(row.id, row.text, row.shared, Person.name, mine).join(Person, Person.id == row.author_id)
    query = query.where(row.edition_id == edition_id, or_(mine, row.shared)).order_by(mine.desc(), row.id)
    return tuple(Phrase(identity, text, shared, name, bool(own)) for identity, text, shared, name, own in db.session.execute(query))


def keep(edition_id: int, viewer: Viewer, text: str, *, shared: bool = False) -> int:
    """Put a comment into somebody's bank, unless it is there; raise `Invalid` if it is too long, `Conflict` if there are too many."""
    if len(text) > rules.PHRASE:
        message = f"A comment in the bank has at most {rules.PHRASE:,} characters."
        raise Invalid(message, field="comment")
    db.session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update(key_share=True))  # one at a time
    own = CasePhrase.edition_id == edition_id, CasePhrase.author_id == viewer.person_id
    if there := db.session.scalar(select(CasePhrase.id).where(*own, CasePhrase.text == text).limit(1)):
        return there
    if (db.session.scalar(select(func.count(CasePhrase.id)).where(*own)) or 0) >= MOST:
        message = f"Your bank holds {MOST} comments, and no more. Please remove one first."
        raise Conflict(message, field="comment")
    row = CasePhrase(edition_id=edition_id, author_id=viewer.person_id or 0, text=text, shared=shared)
    db.session.add(row)
    db.session.flush()
    _tell(viewer, row, "kept")
    return row.id


def mine(edition_id: int, phrase_id: int, viewer: Viewer) -> CasePhrase:
    """Find a comment of somebody's bank; raise `Forbidden` for one of somebody else."""
    found = CasePhrase.id == phrase_id, CasePhrase.edition_id == edition_id
    row = db.session.scalars(select(CasePhrase).where(*found).with_for_update()).one_or_none()
    if row is None:
        message = "There is no such comment in the bank. It may have been removed."
        raise NotFound(message)
    if row.author_id != viewer.person_id:
        message = "This comment is in the bank of somebody else, who alone can change it."
        raise Forbidden(message)
    return row


def change(edition_id: int, phrase_id: int, viewer: Viewer, text: str, *, shared: bool) -> None:
    """Word a comment of one's own bank anew, and share it or not."""
    row = mine(edition_id, phrase_id, viewer)
    row.text, row.shared = text, shared
    _tell(viewer, row, "changed")


def remove(edition_id: int, phrase_id: int, viewer: Viewer) -> None:
    """Take a comment out of one's own bank; where it was inserted, it stays."""
    row = mine(edition_id, phrase_id, viewer)
    db.session.delete(row)
    _tell(viewer, row, "removed")


def _tell(viewer: Viewer, row: CasePhrase, what: str) -> None:
    record(viewer, ACT, "comment", row.id, edition_id=row.edition_id, what=what, shared=row.shared)
