"""Names in the report: participants of the workshop are named if they agree to it, and counted otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, delete, select

from lms.core import clock, countries
from lms.core.db import db, upsert
from lms.core.domain import Enrolment
from lms.core.errors import Forbidden
from lms.core.figures import Annex
from lms.core.plugins import PersonalData
from lms.invitations.api import State, participant, participants
from lms.reports.models import NameConsent

HOLDS = "Whether you agree to be named in the report of the workshop. A report that was made while you agreed keeps your name."


def say(enrolment_id: int, *, agrees: bool) -> None:
    """Write down whether a participant agrees to be named; raise `Forbidden` for others."""
    if participant(enrolment_id) is None:
        message = "Only participants of the workshop can be named in its report."
        raise Forbidden(message)
    db.session.execute(upsert(NameConsent, {"enrolment_id": enrolment_id}, {"agrees": agrees, "at": clock.now()}))


def agrees(enrolment_id: int) -> bool:
    """Tell whether somebody agrees to be named; who has not said so does not."""
    return bool(db.session.scalar(select(NameConsent.agrees).where(NameConsent.enrolment_id == enrolment_id)))


def annexes(edition_id: int) -> Iterator[Annex]:
    """List the participants who were there and agree to be named, by country, and count the others."""
    there = [one for one in participants(edition_id) if one.state == State.ATTENDED]
    if not there:
        return
    agreed = NameConsent.agrees.is_(True), Enrolment.edition_id == edition_id
    query = select(NameConsent.enrolment_id).join(Enrolment, Enrolment.id == NameConsent.enrolment_id)
    named = set(db.session.scalars(query.where(*agreed)))
    rows = sorted((countries.name(one.country), one.name, one.institution) for one in there if one.enrolment_id in named)
    note = f"{len(rows)} of {len(there)} participants agreed to be named."
    yield Annex("participants", "Participants", ("Country", "Name", "Institution"), tuple(rows), note)


def _export(person_id: int) -> Mapping[str, Any]:
    query = select(NameConsent.agrees, NameConsent.at).where(NameConsent.enrolment_id.in_(_of(person_id)))
    return {"named_in_report": [dict(row) for row in db.session.execute(query.order_by(NameConsent.id)).mappings()]}


def _erase(person_id: int) -> None:
    db.session.execute(delete(NameConsent).where(NameConsent.enrolment_id.in_(_of(person_id))))


def _of(person_id: int) -> Select[int]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


personal_data = PersonalData(HOLDS, _export, _erase)
