"""Importing nominees: a file is looked at as often as it takes, then everything of it is written at once, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from lms.accounts.api import NewPerson, add_invited, invitation_url
from lms.applications import emails, nominees, sheets
from lms.applications.deciding import named
from lms.applications.models import Application, NomineeFile
from lms.applications.nominees import Fault, Nominee
from lms.applications.sheets import UnreadableError
from lms.core import audit, clock, mail
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, EditionState, Enrolment, EnrolmentState, Person, Role
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.mail import Message
from lms.core.names import search_key
from lms.core.tasks import enqueue
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.core.work import DONE, WAITING, claim, failed
from lms.editions.api import admit, countries_of

IMPORT = "applications.import"
DRAFT = "draft"
MOST_FAULTS = 1000
BATCH = 500
TRIES = 5
NOMINATED = "You were nominated for it by the organisers."
KEPT = timedelta(days=7)
OPEN_TO = {EnrolmentState.WITHDRAWN.value}  # whoever withdrew may be nominated again


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as its page shows it."""

    id: int
    name: str
    encoding: str
    separator: str
    people: int
    checked: int
    faults: tuple[Fault, ...]
    state: str
    last_error: str
    uploaded_at: datetime
    done_at: datetime | None


def upload(edition: EditionInfo, viewer: Viewer, name: str, body: bytes) -> int:
    """Take a file in, look at it, and give its id; raise `Invalid`, naming the field, for what is no table."""
    try:
        sheets.require_text(body)
        encoding = sheets.guess(body)
        text = sheets.decode(body, encoding)
        between = sheets.separator(text)
        sheets.read(text, between)
    except UnreadableError as error:
        raise Invalid(str(error), field="file") from error
    row = NomineeFile(edition_id=edition.id, by_id=viewer.person_id or 0, name=name[:200], body=body, encoding=encoding, separator=between)
    row.state = DRAFT
    _look(row)
    db.session.add(row)
    db.session.flush()
    return row.id


def look_again(edition: EditionInfo, file_id: int, encoding: str, between: str) -> None:
    """Read a draft in another encoding or with another separator; raise `Invalid`, naming the field."""
    row = _draft(edition, file_id)
    row.encoding, row.separator = encoding, between
    try:
        _look(row)
    except UnreadableError as error:
        raise Invalid(str(error), field="encoding") from error


def _look(row: NomineeFile) -> None:
    table = sheets.read(sheets.decode(row.body, row.encoding), row.separator)
    row.people, row.checked = len(table.rows), 0
    found = nominees.missing_columns(table) or _faults(row.edition_id, list(nominees.cells(table)))
    row.faults = [asdict(fault) for fault in found[:MOST_FAULTS]]


def _faults(edition_id: int, rows: Sequence[tuple[int, dict[str, str]]]) -> list[Fault]:
    taken = _taken(edition_id, [facts["email"].lower() for _, facts in rows])
    return list(nominees.faults(rows, countries_of(edition_id), taken))


def _taken(edition_id: int, addresses: Sequence[str]) -> dict[str, str]:
    """Say of some addresses why nobody can be nominated by them."""
    here = and_(Enrolment.person_id == Person.id, Enrolment.edition_id == edition_id, Enrolment.state.not_in(OPEN_TO))
    query = select(Person.email, Person.merged_into_id).outerjoin(Enrolment, here)
    query = query.where(or_(Enrolment.id.is_not(None), Person.merged_into_id.is_not(None)))
    found = dict[str, str]()
    for start in range(0, len(addresses), BATCH):
        rows = db.session.execute(query.where(Person.email.in_(addresses[start : start + BATCH])))
        found |= {email: nominees.APPLIED if merged is None else nominees.MERGED for email, merged in rows}
    return found


def _draft(edition: EditionInfo, file_id: int) -> NomineeFile:
    row = db.session.get(NomineeFile, file_id, with_for_update=True, populate_existing=True)
    if row is None or row.edition_id != edition.id:
        message = "There is no such file."
        raise NotFound(message)
    if row.state != DRAFT:
        message = "The import of this file has begun already."
        raise Conflict(message)
    return row


def start(edition: EditionInfo, viewer: Viewer, file_id: int, people: int) -> None:
    """Let the worker import a draft without faults, of as many people as its page has shown; raise `Conflict`."""
    row = _draft(edition, file_id)
    if edition.is_closed:
        message = "This edition is closed, so nobody can be nominated any more."
        raise Conflict(message)
    _look(row)
    if row.faults or row.people != people:
        message = "Something changed since you looked at this file. Please look at it again."
        raise Conflict(message, remedy="Nothing was imported.")
    row.state, row.due_at, row.started_at, row.by_id = WAITING, clock.now(), clock.now(), viewer.person_id or row.by_id
    db.session.flush()
    enqueue(IMPORT, row.id)


def run(file_id: int) -> None:
    """Import a file that waits: check it once more, bit by bit, then write all of it in one transaction."""
    if not claim(NomineeFile, file_id):
        return
    try:
        rows = _checked(file_id)
        if rows is not None:
            with unit_of_work():
                _write(file_id, rows)
    except Exception as error:
        failed(NomineeFile, file_id, error, tries=TRIES)
        raise


def _checked(file_id: int) -> list[Nominee] | None:
    row = db.session.get_one(NomineeFile, file_id, populate_existing=True)
    edition_id, table = row.edition_id, sheets.read(sheets.decode(row.body, row.encoding), row.separator)
    rows, found = list(nominees.cells(table)), list[Fault]()
    for first in range(0, len(rows), BATCH):
        found += _faults(edition_id, rows[first : first + BATCH])
        with unit_of_work():
            db.session.execute(update(NomineeFile).where(NomineeFile.id == file_id).values(checked=min(first + BATCH, len(rows))))
    if not found:
        return [nominees.nominee(number, facts) for number, facts in rows]
    with unit_of_work():
        faults = [asdict(fault) for fault in found[:MOST_FAULTS]]
        db.session.execute(update(NomineeFile).where(NomineeFile.id == file_id).values(state=DRAFT, faults=faults, checked=0))
    return None


def _write(file_id: int, rows: Sequence[Nominee]) -> None:
    row = db.session.get_one(NomineeFile, file_id, with_for_update=True, populate_existing=True)
    state = db.session.scalar(select(Edition.state).where(Edition.id == row.edition_id).with_for_update(read=True))
    if row.state != WAITING or state == EditionState.CLOSED:
        return
    edition, viewer = edition_by_id(row.edition_id), Viewer(person_id=row.by_id, role=Role.ADMINISTRATOR)
    people = _people(rows, edition)
    enrolments = _enrol(edition, [(people[found.email], found) for found in rows])
    applications, letters = _applications([*enrolments.values()]), []
    for found in rows:
        person = people[found.email]
        _apply(applications[enrolments[person.id]], found, viewer, edition)
        if edition.by_decision or person.email_confirmed_at is None:
            letters.append(_columns(_letter(edition, person), person, edition))
        else:  # as whoever registers here; the mail is that of a place
            admit(enrolments[person.id])
    mail.post_many(letters)
    row.state, row.done_at, row.body, row.faults = DONE, clock.now(), b"", []
    audit.record(viewer, "applications.import", "edition", edition.id, edition_id=edition.id, people=len(rows), file=row.name)


def _people(rows: Sequence[Nominee], edition: EditionInfo) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for first in range(0, len(rows), BATCH):
        addresses = [nominee.email for nominee in rows[first : first + BATCH]]
        found |= {person.email: person for person in db.session.scalars(select(Person).where(Person.email.in_(addresses)))}
    strangers = [nominee for nominee in rows if nominee.email not in found]
    made = add_invited([_account(nominee, edition) for nominee in strangers])
    return found | {person.email: person for person in made}


def _account(found: Nominee, edition: EditionInfo) -> NewPerson:
    return NewPerson(
        email=found.email,
        password=None,
        name=found.name,
        printed_name=found.printed_name,
        country=found.country,
        sector=found.sector,
        institution=found.institution,
        gender=found.gender,
        zone=edition.zone,
    )


def _enrol(edition: EditionInfo, pairs: Sequence[tuple[Person, Nominee]]) -> dict[int, int]:
    """Put people down, or down again, and give their enrolments by person; raise `Conflict` for one who came in meanwhile."""
    there: dict[int, Enrolment] = {}
    for first in range(0, len(pairs), BATCH):
        ids = [person.id for person, _ in pairs[first : first + BATCH]]
        query = select(Enrolment).where(Enrolment.edition_id == edition.id, Enrolment.person_id.in_(ids)).with_for_update()
        there |= {enrolment.person_id: enrolment for enrolment in db.session.scalars(query)}
    if any(enrolment.state not in OPEN_TO for enrolment in there.values()):
        message = "Somebody in the file has applied meanwhile: it is checked again."
        raise Conflict(message)
    for person, found in pairs:
        row = there.get(person.id) or Enrolment(edition_id=edition.id, person_id=person.id)
        row.role, row.state, row.modules = Role.LEARNER, EnrolmentState.APPLIED, []
        row.search_key = search_key(person.name, person.printed_name)
        row.country, row.gender, row.sector, row.institution = found.country, found.gender, found.sector, found.institution
        db.session.add(row)
        there[person.id] = row
    db.session.flush()
    return {person_id: row.id for person_id, row in there.items()}


def _applications(enrolments: Sequence[int]) -> dict[int, Application]:
    found: dict[int, Application] = {}
    for first in range(0, len(enrolments), BATCH):
        query = select(Application).where(Application.enrolment_id.in_(enrolments[first : first + BATCH]))
        found |= {row.enrolment_id: row for row in db.session.scalars(query)}
    new = {number: Application(enrolment_id=number, version=0) for number in enrolments if number not in found}
    db.session.add_all(new.values())
    return found | new


def _apply(row: Application, found: Nominee, viewer: Viewer, edition: EditionInfo) -> None:
    row.position, row.motivation, row.nominated_by_id = found.position, found.motivation, viewer.person_id
    row.version, row.changed_at, row.compared_at = row.version + 1, clock.now(), None
    row.decided_at, row.decided_by_id, row.words = None, None, "" if edition.by_decision else NOMINATED
    audit.record(viewer, "application.nominate", "enrolment", row.enrolment_id, edition_id=edition.id)


def _letter(edition: EditionInfo, person: Person) -> Message:
    new = not person.password_hash  # whoever was nominated before may not have set one yet
    url = invitation_url(person) if new else absolute_url("applications.own", edition=edition.slug)
    return emails.nominated(person.name, named(edition), url, new=new)


def _columns(letter: Message, person: Person, edition: EditionInfo) -> dict[str, Any]:
    said = {"subject": letter.subject, "text": letter.text, "html": letter.html}
    return {"to": person.email, "person_id": person.id, "edition_id": edition.id, "kind": "applications.nominated", **said}


def forget_drafts() -> None:
    """Delete files that nobody has imported for a week: they hold what people don't know of."""
    db.session.execute(delete(NomineeFile).where(NomineeFile.state == DRAFT, NomineeFile.uploaded_at < clock.now() - KEPT))


_SEEN = select(
    NomineeFile.id,
    NomineeFile.name,
    NomineeFile.encoding,
    NomineeFile.separator,
    NomineeFile.people,
    NomineeFile.checked,
    NomineeFile.faults,
    NomineeFile.state,
    NomineeFile.last_error,
    NomineeFile.uploaded_at,
    NomineeFile.done_at,
)


def one(edition_id: int, file_id: int) -> Seen:
    """Read a file of an edition; raise `NotFound`."""
    row = db.session.execute(_SEEN.where(NomineeFile.edition_id == edition_id, NomineeFile.id == file_id)).first()
    if row is None:
        message = "There is no such file."
        raise NotFound(message)
    return _seen(row)


def sample(file_id: int, count: int = 5) -> list[tuple[str, str]]:
    """Give names and institutions of the first people of a draft, to see whether it was read well."""
    row = db.session.get_one(NomineeFile, file_id)
    if row.state != DRAFT:
        return []
    table = sheets.read(sheets.decode(row.body, row.encoding), row.separator)
    return [(facts["name"], facts["institution"]) for _, facts in islice(nominees.cells(table), count)]


def recent(edition_id: int) -> list[Seen]:
    """List the files of an edition, newest first."""
    query = _SEEN.where(NomineeFile.edition_id == edition_id).order_by(NomineeFile.id.desc()).limit(20)
    return [_seen(row) for row in db.session.execute(query)]


def _seen(row: Sequence[Any]) -> Seen:
    facts = dict(zip(Seen.__dataclass_fields__, row, strict=True))
    return Seen(**{**facts, "faults": tuple(Fault(**fault) for fault in facts["faults"])})
