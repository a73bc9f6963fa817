"""What those who come say for the journey: sealed where it is kept, asked of them alone, gone on its day."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Select, delete, or_, select

from lms.core import audit, clock, mail
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Enrolment, Person
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.sealing import seal, seal_bytes, unseal, unseal_bytes
from lms.core.urls import absolute_url
from lms.core.viewer import NOBODY, EditionInfo, Viewer, edition_by_id
from lms.invitations import emails, queries, rules
from lms.invitations.models import Gathering, Invitation, PassportPage, TravelChange, TravelDetails
from lms.invitations.moving import held
from lms.invitations.values import GatheringInfo, Journey, State

PURPOSE = "invitations.travel"
PAGE_PURPOSE = "invitations.passport"
DAYS = ("arrives_on", "leaves_on")
SEALED = (TravelDetails, TravelChange, PassportPage)


@dataclass(frozen=True, slots=True)
class Travel:
    """What is known of somebody's journey; `asked` is another one that waits for a decision."""

    journey: Journey
    version: int
    changed_at: datetime | None
    asked: Journey | None
    change_id: int | None
    has_page: bool


def read(enrolment_id: int) -> Travel:
    """Give what somebody said for the journey; of who said nothing, nothing."""
    query = select(TravelDetails.sealed, TravelDetails.version, TravelDetails.changed_at)
    row = db.session.execute(query.where(TravelDetails.enrolment_id == enrolment_id)).first()
    change = db.session.execute(_open(enrolment_id)).first()
    page = db.session.scalar(select(PassportPage.id).where(PassportPage.enrolment_id == enrolment_id))
    return Travel(
        journey=_unsealed(row[0], enrolment_id) if row else Journey(),
        version=row[1] if row else 0,
        changed_at=row[2] if row else None,
        asked=_unsealed(change[1], enrolment_id) if change else None,
        change_id=change[0] if change else None,
        has_page=page is not None,
    )


def journeys(enrolment_ids: Collection[int]) -> dict[int, Journey]:
    """Give what some said for the journey, by enrolment."""
    query = select(TravelDetails.enrolment_id, TravelDetails.sealed).where(TravelDetails.enrolment_id.in_(enrolment_ids))
    return {number: _unsealed(sealed, number) for number, sealed in db.session.execute(query)}


def _open(enrolment_id: int) -> Select[int, str]:
    return select(TravelChange.id, TravelChange.sealed).where(TravelChange.enrolment_id == enrolment_id, TravelChange.decided_at.is_(None))


def _sealed(journey: Journey, enrolment_id: int) -> str:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(journey).items()}
    return seal(json.dumps(plain), PURPOSE, enrolment_id)


def _unsealed(sealed: str, enrolment_id: int) -> Journey:
    found: Mapping[str, Any] = json.loads(unseal(sealed, PURPOSE, enrolment_id))
    return Journey(**{**found, **{name: date.fromisoformat(found[name]) for name in DAYS if found[name]}})


def save(enrolment_id: int, journey: Journey, version: int) -> bool:
    """Keep what somebody says for the journey; `False` where it is a request, as the journey is booked by now.

    Raise `Invalid`, naming the field, or `Conflict`, naming `version`, where it was changed since that version.
    """
    gathering = _require_coming(enrolment_id)
    for field, words in rules.travel_faults(journey, gathering):
        raise Invalid(words, field=field)
    row = db.session.scalar(select(TravelDetails).where(TravelDetails.enrolment_id == enrolment_id))
    if (row.version if row else 0) != version:
        message = "Your details were changed since you opened this page, in another window perhaps. Reload it to see them."
        raise Conflict(message, field="version")
    if row and rules.frozen(gathering, clock.today(_zone(enrolment_id))):
        _ask(enrolment_id, journey)
        return False
    _keep(row or _begun(enrolment_id), journey)
    return True


def _begun(enrolment_id: int) -> TravelDetails:
    row = TravelDetails(enrolment_id=enrolment_id, version=0, sealed="")
    db.session.add(row)
    return row


def _keep(row: TravelDetails, journey: Journey) -> None:
    row.sealed, row.version, row.changed_at = _sealed(journey, row.enrolment_id), row.version + 1, clock.now()
    db.session.flush()


def _ask(enrolment_id: int, journey: Journey) -> None:
    """Put a request down; what was asked before and not decided yet is replaced by it."""
    db.session.execute(delete(TravelChange).where(TravelChange.enrolment_id == enrolment_id, TravelChange.decided_at.is_(None)))
    row = TravelChange(enrolment_id=enrolment_id, sealed=_sealed(journey, enrolment_id))
    row.asked_at = clock.now()
    db.session.add(row)
    db.session.flush()


def _require_coming(enrolment_id: int) -> GatheringInfo:
    """Hold the invitation; raise `Conflict` for who does not come, or where no details are taken any more."""
    row = held(enrolment_id)
    gathering = queries.require_gathering(row.edition_id)
    if row.state not in {State.ACCEPTED, State.CONFIRMED}:
        message = "Travel details are asked of those who have accepted an invitation and whose workshop is not over."
        raise Conflict(message)
    if rules.deleted(gathering, clock.today(_zone(enrolment_id))):
        message = "Travel details are not taken any more: the day has come on which they are deleted."
        raise Conflict(message)
    return gathering


def _zone(enrolment_id: int) -> str:
    query = select(Edition.zone).join(Enrolment, Enrolment.edition_id == Edition.id)
    return db.session.scalars(query.where(Enrolment.id == enrolment_id)).one()


def decide(edition: EditionInfo, enrolment_id: int, change_id: int, by: Viewer, words: str, *, granted: bool) -> None:  # noqa: PLR0913 - each is a part of one decision
    """Grant or refuse a change of travel, and mail the answer; raise `NotFound`, or `Conflict` where that was done already."""
    row = _requested(edition.id, enrolment_id, change_id)
    if granted:
        kept = db.session.scalar(select(TravelDetails).where(TravelDetails.enrolment_id == row.enrolment_id))
        _keep(kept or _begun(row.enrolment_id), _unsealed(row.sealed, row.enrolment_id))
    row.decided_at, row.decided_by_id, row.granted = clock.now(), by.person_id, granted
    audit.record(by, "travel.grant" if granted else "travel.refuse", "enrolment", row.enrolment_id, edition_id=edition.id, words=words)
    person = db.session.get_one(Person, db.session.get_one(Enrolment, row.enrolment_id).person_id)
    url = absolute_url("invitations.travel", edition=edition.slug)
    letter = emails.travel_decided(person.name, queries.require_gathering(edition.id), words, url, granted=granted)
    mail.post(letter, person.email, kind="invitations.travel", person_id=person.id, edition_id=edition.id)


def _requested(edition_id: int, enrolment_id: int, change_id: int) -> TravelChange:
    here = held(enrolment_id).edition_id == edition_id
    query = select(TravelChange).where(TravelChange.id == change_id, TravelChange.enrolment_id == enrolment_id)
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None or not here:
        message = "There is no such request. Perhaps it was replaced by a newer one."
        raise NotFound(message)
    if row.decided_at is not None:
        message = "This request was decided already."
        raise Conflict(message)
    return row


def upload(enrolment_id: int, body: bytes) -> None:
    """Keep the picture of a passport's page, in the place of an earlier one; raise `Invalid`, naming `page`."""
    _require_coming(enrolment_id)
    kind = rules.kind_of(body)
    if not kind:
        message = "This is neither a JPEG, nor a PNG, nor a PDF, whatever its name says."
        raise Invalid(message, field="page")
    row = db.session.scalar(select(PassportPage).where(PassportPage.enrolment_id == enrolment_id))
    if row is None:
        row = PassportPage(enrolment_id=enrolment_id)
        db.session.add(row)
    row.kind, row.sealed, row.uploaded_at = kind, seal_bytes(body, PAGE_PURPOSE, enrolment_id), clock.now()
    db.session.flush()


def remove_page(enrolment_id: int) -> None:
    """Delete the picture of a passport's page."""
    db.session.execute(delete(PassportPage).where(PassportPage.enrolment_id == enrolment_id))


def page(enrolment_id: int) -> tuple[str, bytes]:
    """Give the media type and the bytes of a passport's page; raise `NotFound`."""
    row = db.session.execute(select(PassportPage.kind, PassportPage.sealed).where(PassportPage.enrolment_id == enrolment_id)).first()
    if row is None:
        message = "There is no passport page."
        raise NotFound(message)
    return row[0], unseal_bytes(row[1], PAGE_PURPOSE, enrolment_id)


def delete_due() -> None:
    """Delete the travel details of every workshop whose day for that has come, and put it on record."""
    tomorrow = (clock.now() + timedelta(days=1)).date()
    here = Invitation.edition_id == Gathering.edition_id
    left = or_(*(select(table.id).join(Invitation, Invitation.enrolment_id == table.enrolment_id).where(here).exists() for table in SEALED))
    for edition_id in db.session.scalars(select(Gathering.edition_id).where(Gathering.delete_on <= tomorrow, left)).all():
        gathering = queries.require_gathering(edition_id)
        if rules.deleted(gathering, clock.today(edition_by_id(edition_id).zone)):
            _delete(edition_id)


def _delete(edition_id: int) -> None:
    here = select(Invitation.enrolment_id).where(Invitation.edition_id == edition_id)
    with unit_of_work():
        results = [db.session.execute(delete(table).where(table.enrolment_id.in_(here))) for table in SEALED]
        rows = sum(result.rowcount for result in results if isinstance(result, CursorResult))
        if rows:
            audit.record(NOBODY, "travel.delete", "edition", edition_id, edition_id=edition_id, rows=rows)


def forget_one(enrolment_id: int) -> None:
    """Delete all that somebody said for the journey who does not come."""
    forget(select(Enrolment.id).where(Enrolment.id == enrolment_id))


def forget(enrolment_ids: Select[int]) -> None:
    """Delete all that some enrolments said for the journey."""
    for table in SEALED:
        db.session.execute(delete(table).where(table.enrolment_id.in_(enrolment_ids)))
