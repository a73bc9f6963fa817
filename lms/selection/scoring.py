"""Values of a criterion by file: looked at first, then written all at once, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import delete, insert, select

from lms.applications.api import Table, UnreadableError, table
from lms.core import audit, clock
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.names import plain
from lms.core.viewer import Viewer
from lms.selection import candidates
from lms.selection.commands import require_open
from lms.selection.marking import criteria
from lms.selection.models import CriterionScore, ScoreFile
from lms.selection.values import Criterion

MOST_ROWS = 50_000
MOST_FAULTS = 1000
BATCH = 500
PLACES = 6
ADDRESS = frozenset({"e mail", "email", "e mail address", "email address"})
VALUE = frozenset({"value", "score", "points"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: in which row and column, what stands there, and why it can't."""

    row: int
    column: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as its page shows it."""

    id: int
    name: str
    criterion: str
    rows: int
    faults: tuple[Fault, ...]
    uploaded_at: datetime
    done_at: datetime | None


def upload(edition_id: int, by: Viewer, key: str, name: str, body: bytes) -> int:
    """Take a file in, look at it, and give its id; raise `Invalid`, naming the field."""
    require_open(edition_id)
    criterion = criteria(edition_id).get(key)
    if criterion is None:
        message = "There is no such criterion."
        raise Invalid(message, field="criterion")
    try:
        found = table(body, MOST_ROWS)
    except UnreadableError as error:
        raise Invalid(str(error), field="file") from error
    values, faults = _read(edition_id, criterion, found)
    row = ScoreFile(edition_id=edition_id, by_id=by.person_id, criterion=key, name=name[:200], values=values, faults=faults)
    db.session.add(row)
    db.session.flush()
    return row.id


def _read(edition_id: int, criterion: Criterion, found: Table) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    heads = [plain(head) for head in found.heads]
    address, value = (next((n for n, head in enumerate(heads) if head in known), None) for known in (ADDRESS, VALUE))
    if address is None or value is None:
        message = "There must be a column E-mail and a column Value."
        raise Invalid(message, field="file")
    people = _people(edition_id)
    values: dict[int, str] = {}
    faults: list[Fault] = []
    for number, cells in found.rows:
        mail, text = (cells[place] if place < len(cells) else "" for place in (address, value))
        given, why = _number(text, criterion)
        enrolment = people.get(mail.lower())
        if enrolment is None or enrolment in values:
            twice = "This candidate stands in an earlier row already."
            faults.append(Fault(number, found.heads[address], mail[:200], twice if enrolment else "No candidate has this address."))
        if given is None:
            faults.append(Fault(number, found.heads[value], text[:200], why))
        elif enrolment is not None:
            values.setdefault(enrolment, str(given))
    return [{"id": n, "value": v} for n, v in values.items()], [asdict(fault) for fault in faults[:MOST_FAULTS]]


def _people(edition_id: int) -> dict[str, int]:
    query = select(Person.email, Enrolment.id).join(Person, Person.id == Enrolment.person_id).where(*candidates.eligible(edition_id))
    return {email.lower(): number for email, number in db.session.execute(query)}


def _number(text: str, criterion: Criterion) -> tuple[Decimal | None, str]:
    try:
        number = Decimal(text.replace(",", ".") if text.isascii() else "")
    except InvalidOperation:
        return None, "This is no number." if text else "Please fill this in."
    if not number.is_finite() or not 0 <= number <= criterion.most:
        return None, f"Please give a number from 0 to {criterion.most.normalize():f}."
    return round(number, PLACES), ""


def one(edition_id: int, file_id: int) -> Seen:
    """Read a file of an edition; raise `NotFound`."""
    return _seen(_row(edition_id, file_id))


def _row(edition_id: int, file_id: int, *, lock: bool = False) -> ScoreFile:
    row = db.session.get(ScoreFile, file_id, with_for_update=lock or None, populate_existing=lock)
    if row is None or row.edition_id != edition_id:
        message = "There is no such file."
        raise NotFound(message)
    return row


def _seen(row: ScoreFile) -> Seen:
    found = criteria(row.edition_id).get(row.criterion)
    faults = tuple(Fault(**fault) for fault in row.faults)
    return Seen(row.id, row.name, found.label if found else row.criterion, len(row.values), faults, row.uploaded_at, row.done_at)


def recent(edition_id: int) -> Iterator[Seen]:
    """List the files of an edition, the newest first."""
    query = select(ScoreFile).where(ScoreFile.edition_id == edition_id).order_by(ScoreFile.id.desc()).limit(10)
    return (_seen(row) for row in db.session.scalars(query))


def keep(edition_id: int, by: Viewer, file_id: int) -> int:
    """Write the values of a file without faults, in place of those of the same candidates, and tell how many."""
    require_open(edition_id)
    row = _row(edition_id, file_id, lock=True)
    if row.done_at is not None or row.faults or not row.values:
        message = "The values of this file can't be imported." if row.done_at is None else "This file is imported already."
        raise Conflict(message)
    found = criteria(edition_id).get(row.criterion)
    people = set(_people(edition_id).values())
    if found is None or any(value["id"] not in people or Decimal(value["value"]) > found.most for value in row.values):
        message = "The criterion or the candidates have changed since the file was looked at."
        raise Conflict(message, remedy="Upload the file again.")
    _replace(edition_id, row.criterion, row.values)
    count, row.values, row.done_at = len(row.values), [], clock.now()
    audit.record(by, "selection.import", "edition", edition_id, edition_id=edition_id, criterion=found.label, people=count, file=row.name)
    return count


def _replace(edition_id: int, criterion: str, values: Sequence[Mapping[str, Any]]) -> None:
    own = CriterionScore.edition_id == edition_id, CriterionScore.criterion == criterion
    for first in range(0, len(values), BATCH):
        some = values[first : first + BATCH]
        db.session.execute(delete(CriterionScore).where(*own, CriterionScore.enrolment_id.in_([value["id"] for value in some])))
        facts = {"edition_id": edition_id, "criterion": criterion, "at": clock.now()}
        rows = [{**facts, "enrolment_id": value["id"], "value": Decimal(value["value"])} for value in some]
        db.session.execute(insert(CriterionScore), rows)
