"""Values of criteria by file: looked at first, then written all at once by the worker, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select

from lms.applications.api import UnreadableError, table
from lms.core import audit, clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, Person, Role
from lms.core.errors import Conflict, DomainError, Invalid, NotFound
from lms.core.spreadsheet import Value
from lms.core.tasks import enqueue
from lms.core.viewer import Viewer
from lms.core.work import DONE, GIVEN_UP, WAITING, claim, due, failed
from lms.selection import candidates, reading
from lms.selection.commands import require_open
from lms.selection.marking import criteria
from lms.selection.models import CriterionScore, ScoreFile
from lms.selection.reading import Fault

IMPORT = "selection.scores"
DRAFT, REFUSED = "draft", "refused"
MOST_ROWS = 50_000
BATCH = 1000
TRIES = 5
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as its page shows it; `labels` are the criteria that it has values of."""

    id: int
    name: str
    labels: tuple[str, ...]
    people: int
    empty: int
    ignored: tuple[str, ...]
    faults: tuple[Fault, ...]
    state: str
    last_error: str
    uploaded_at: datetime
    done_at: datetime | None


def upload(edition_id: int, by: Viewer, key: str, name: str, body: bytes) -> int:
    """Take a file in, look at it, and give its id; without a `key` its columns name the criteria. Raise `Invalid`, naming the field."""
    require_open(edition_id)
    known = criteria(edition_id)
    if not known or (key and key not in known):
        message = "There is no such criterion."
        raise Invalid(message, field="criterion")
    try:
        found = table(body, MOST_ROWS)
    except UnreadableError as error:
        raise Invalid(str(error), field="file") from error
    made = reading.content(found, known, key, _people(edition_id))
    row = ScoreFile(edition_id=edition_id, by_id=by.person_id, criterion=",".join(made.values), name=name[:200], state=DRAFT)
    row.people, row.empty, row.ignored = made.people, made.empty, list(made.ignored)
    row.values = [{"criterion": criterion, "values": values} for criterion, values in made.values.items()]
    row.faults = [asdict(fault) for fault in made.faults]
    db.session.add(row)
    db.session.flush()
    return row.id


def _people(edition_id: int) -> dict[str, int]:
    query = select(Person.email, Enrolment.id).join(Person, Person.id == Enrolment.person_id).where(*candidates.eligible(edition_id))
    return {email.lower(): number for email, number in db.session.execute(query)}


_SEEN = (
    *(ScoreFile.id, ScoreFile.name, ScoreFile.criterion, ScoreFile.people, ScoreFile.empty, ScoreFile.ignored, ScoreFile.faults),
    *(ScoreFile.state, ScoreFile.last_error, ScoreFile.uploaded_at, ScoreFile.done_at),
)


def one(edition_id: int, file_id: int) -> Seen:
    """Read a file of an edition; raise `NotFound`."""
    row = db.session.execute(select(*_SEEN).where(ScoreFile.edition_id == edition_id, ScoreFile.id == file_id)).first()
    if row is None:
        message = "There is no such file."
        raise NotFound(message)
    return _seen(row, _labels(edition_id))


def _seen(row: Sequence[Any], labels: Mapping[str, str]) -> Seen:
    number, name, keys, people, empty, ignored, faults, *rest = row
    known = tuple(labels.get(key, key) for key in keys.split(","))
    return Seen(number, name, known, people, empty, tuple(ignored), tuple(Fault(**fault) for fault in faults), *rest)


def _labels(edition_id: int) -> dict[str, str]:
    return {key: criterion.label for key, criterion in criteria(edition_id).items()}


def recent(edition_id: int) -> list[Seen]:
    """List the files of an edition, the newest first."""
    labels = _labels(edition_id)
    query = select(*_SEEN).where(ScoreFile.edition_id == edition_id).order_by(ScoreFile.id.desc()).limit(10)
    return [_seen(row, labels) for row in db.session.execute(query)]


def start(edition_id: int, by: Viewer, file_id: int) -> None:
    """Let the worker write the values of a draft without faults, in place of those of the same candidates; raise `Conflict`."""
    require_open(edition_id)
    row = db.session.get(ScoreFile, file_id, with_for_update=True, populate_existing=True)
    if row is None or row.edition_id != edition_id:
        message = "There is no such file."
        raise NotFound(message)
    if row.state != DRAFT or row.faults or not row.people:
        message = "The values of this file can't be imported." if row.state == DRAFT else "The import of this file has begun already."
        raise Conflict(message)
    row.state, row.due_at, row.by_id = WAITING, clock.now(), by.person_id
    db.session.flush()
    enqueue(IMPORT, row.id)


def run(file_id: int) -> None:
    """Write the values of a file that waits; one that can't be written any more is refused, and its page says why."""
    if not claim(ScoreFile, file_id):
        return
    try:
        with unit_of_work():
            _write(file_id)
    except DomainError as error:
        with unit_of_work():
            row = db.session.get_one(ScoreFile, file_id, with_for_update=True, populate_existing=True)
            row.state, row.last_error = REFUSED, error.message
    except Exception as error:
        failed(ScoreFile, file_id, error, tries=TRIES)
        raise


def _write(file_id: int) -> None:
    row = db.session.get_one(ScoreFile, file_id, with_for_update=True, populate_existing=True)
    if row.state != WAITING:
        return
    require_open(row.edition_id)
    _require_as_seen(row)
    for part in row.values:
        _replace(row.edition_id, part["criterion"], [(int(number), Decimal(value)) for number, value in part["values"].items()])
    viewer, labels = Viewer(person_id=row.by_id, role=Role.ADMINISTRATOR), _labels(row.edition_id)
    named = ", ".join(labels[key] for key in row.criterion.split(","))
    about: dict[str, Any] = {"criterion": named, "people": row.people, "file": row.name}
    audit.record(viewer, "selection.import", "edition", row.edition_id, edition_id=row.edition_id, **about)
    row.state, row.done_at, row.values, row.last_error = DONE, clock.now(), [], ""


def _require_as_seen(row: ScoreFile) -> None:
    """Raise `Conflict` where criteria or candidates are others than those that the file was checked against."""
    known, there = criteria(row.edition_id), {str(number) for number in _people(row.edition_id).values()}
    for part in row.values:
        criterion = known.get(part["criterion"])
        if criterion is None or not part["values"].keys() <= there or any(Decimal(v) > criterion.most for v in part["values"].values()):
            message = "The criteria or the candidates have changed since the file was looked at. Upload it again."
            raise Conflict(message)


def _replace(edition_id: int, criterion: str, values: Sequence[tuple[int, Decimal]]) -> None:
    own, now = (CriterionScore.edition_id == edition_id, CriterionScore.criterion == criterion), clock.now()
    for first in range(0, len(values), BATCH):
        some = values[first : first + BATCH]
        db.session.execute(delete(CriterionScore).where(*own, CriterionScore.enrolment_id.in_([number for number, _ in some])))
        facts = {"edition_id": edition_id, "criterion": criterion, "at": now}
        db.session.execute(insert(CriterionScore), [{**facts, "enrolment_id": number, "value": value} for number, value in some])


def run_waiting() -> None:
    """Write the values of every file that waits, and forget drafts that nobody has imported for a week."""
    for file_id in due(ScoreFile):
        run(file_id)
    with unit_of_work():
        old = ScoreFile.uploaded_at < clock.now() - KEPT, ScoreFile.state.in_((DRAFT, REFUSED, GIVEN_UP))
        db.session.execute(delete(ScoreFile).where(*old))


def template(edition_id: int) -> Iterator[Sequence[Value]]:
    """Give a file to fill in: every candidate, with a column for each criterion and the values that there are."""
    found, known = candidates.current(edition_id), criteria(edition_id)
    yield ("E-mail", "Name", *(criterion.label for criterion in known.values()))
    if found is None:
        return
    query = select(Enrolment.id, Person.email, Person.name).join(Person, Person.id == Enrolment.person_id)
    people = db.session.execute(query.where(*candidates.eligible(edition_id))).all()
    who = {number: (email, name) for number, email, name in people}
    for facts in candidates.facts(edition_id, found[1]):
        if facts.id in who:
            yield (*who[facts.id], *(_shown(facts.values.get(key)) for key in known))


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
