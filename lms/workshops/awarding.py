"""The workshop's certificate: who has earned it, waivers by two administrators, awarding, and doubts afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.casestudies.api import graded
from lms.certification.api import WORKSHOP, request, revoked
from lms.core import clock
from lms.core.audit import record
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.viewer import NOBODY, Viewer
from lms.invitations.api import State as Invited
from lms.invitations.api import mark, participant
from lms.questionnaires.api import of_edition, receipts
from lms.workshops import rules, sheets
from lms.workshops.events import AttendanceChanged
from lms.workshops.models import Award, Waiver
from lms.workshops.rules import Facts, Need, State
from lms.workshops.values import AskedWaiver, AttendanceSheet, Attendee, Candidate

HOUR = 3600
OVERALL = "workshop-overall"


def dry_run(edition_id: int) -> tuple[Candidate, ...]:
    """Say of each participant of whom anything is marked what is met, what is missing and why."""
    sheet = sheets.attendance(edition_id)
    known, awards, gone = _facts(edition_id, sheet), _awards(edition_id), revoked(edition_id, WORKSHOP)
    seen = [one for one in sheet.attendees if one.marks or one.enrolment_id in awards]
    return tuple(_candidate(one, known[one.enrolment_id], awards.get(one.enrolment_id), gone) for one in seen)


def candidate(edition_id: int, enrolment_id: int) -> Candidate | None:
    """Say how it stands with one participant; `None` for who is none."""
    sheet = sheets.attendance(edition_id)
    found = next((one for one in sheet.attendees if one.enrolment_id == enrolment_id), None)
    if found is None:
        return None
    award = _awards(edition_id).get(enrolment_id)
    return _candidate(found, _facts(edition_id, sheet)[enrolment_id], award, revoked(edition_id, WORKSHOP))


def _facts(edition_id: int, sheet: AttendanceSheet) -> dict[int, Facts]:
    assessed, answers, waived = graded(edition_id), answered(edition_id), _granted(edition_id)
    return {
        one.enrolment_id: Facts(
            half_days=len(sheet.half_days),
            attended=one.attended(sheet.half_days, sheet.now),
            graded=one.enrolment_id in assessed,
            answered=one.enrolment_id in answers,
            waived=waived.get(one.enrolment_id, frozenset()),
        )
        for one in sheet.attendees
    }


def answered(edition_id: int) -> frozenset[int]:
    """Tell who has answered the questionnaire about the whole workshop, by enrolment."""
    overall = [found.id for found in of_edition(edition_id) if found.template == OVERALL]
    return frozenset(enrolment for questionnaire in overall for enrolment in receipts(questionnaire))


def _granted(edition_id: int) -> dict[int, frozenset[Need]]:
    query = select(Waiver.enrolment_id, Waiver.need).join(Enrolment, Enrolment.id == Waiver.enrolment_id)
    found: dict[int, frozenset[Need]] = {}
    for enrolment, need in db.session.execute(query.where(Enrolment.edition_id == edition_id, Waiver.granted_at.is_not(None))):
        found[enrolment] = found.get(enrolment, frozenset()) | {Need(need)}
    return found


def _awards(edition_id: int) -> dict[int, Award]:
    rows = db.session.scalars(select(Award).where(Award.edition_id == edition_id))
    return {row.enrolment_id: row for row in rows}


def _candidate(one: Attendee, facts: Facts, award: Award | None, gone: frozenset[int]) -> Candidate:
    open_question = award is not None and not award.kept_why and one.enrolment_id not in gone
    return Candidate(
        enrolment_id=one.enrolment_id,
        name=one.name,
        country=one.country,
        gender=one.gender,
        needs=rules.needs(facts),
        ok=rules.earns(facts),
        why_not=rules.why_not(facts),
        certificate_id=award.certificate_id if award else None,
        doubt=award.doubt if award and open_question else "",
        kept_why=award.kept_why if award else "",
        revoked=one.enrolment_id in gone,
    )


def require_candidate(edition_id: int, enrolment_id: int) -> Candidate:
    """Say how it stands with one participant; raise `NotFound` for who is none."""
    one = candidate(edition_id, enrolment_id)
    if one is None:
        message = "There is no such participant."
        raise NotFound(message)
    return one


def asked(edition_id: int) -> tuple[AskedWaiver, ...]:
    """List the waivers that wait for another administrator."""
    by, whose = aliased(Person), aliased(Person)
    query = select(Waiver.id, whose.name, Waiver.need, Waiver.reason, by.name, Waiver.asked_by_id, Waiver.asked_at)
    query = query.join(Enrolment, Enrolment.id == Waiver.enrolment_id).join(whose, whose.id == Enrolment.person_id)
    query = query.join(by, by.id == Waiver.asked_by_id).where(Enrolment.edition_id == edition_id, Waiver.granted_at.is_(None))
    return tuple(AskedWaiver(*row) for row in db.session.execute(query.order_by(Waiver.id)))


def ask_waiver(edition_id: int, enrolment_id: int, need: Need, reason: str, viewer: Viewer) -> int:
    """Ask that a participant need not have something for the certificate; another administrator has to grant it."""
    if not reason:
        message = "Please give the reason."
        raise Invalid(message, field="reason")
    one = require_candidate(edition_id, enrolment_id)
    if next(met for met in one.needs if met.need == need).done:
        message = "That is met already."
        raise Conflict(message)
    asked = Waiver.enrolment_id == enrolment_id, Waiver.need == need
    db.session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update(key_share=True))
    if db.session.scalar(select(Waiver.id).where(*asked)):
        message = "Somebody has asked for that already. It waits for another administrator."
        raise Conflict(message)
    row = Waiver(enrolment_id=enrolment_id, need=need, reason=reason, asked_by_id=_person(viewer))
    db.session.add(row)
    db.session.flush()
    record(viewer, "waiver.ask", "enrolment", enrolment_id, edition_id=edition_id, need=need, reason=reason)
    return row.id


def _person(viewer: Viewer) -> int:
    if viewer.person_id is None:
        message = "Only somebody who is signed in can do this."
        raise Forbidden(message)
    return viewer.person_id


def _waiver(edition_id: int, waiver_id: int) -> Waiver:
    query = select(Waiver).join(Enrolment, Enrolment.id == Waiver.enrolment_id)
    found = Waiver.id == waiver_id, Enrolment.edition_id == edition_id
    row = db.session.scalars(query.where(*found).with_for_update(of=Waiver)).one_or_none()
    if row is None:
        message = "There is no such waiver."
        raise NotFound(message)
    if row.granted_at is not None:
        message = "It is granted already."
        raise Conflict(message)
    return row


def grant_waiver(edition_id: int, waiver_id: int, viewer: Viewer) -> None:
    """Grant what another administrator has asked for; nobody grants what they asked for themselves."""
    row = _waiver(edition_id, waiver_id)
    if row.asked_by_id == viewer.person_id:
        message = "You have asked for this waiver, so another administrator has to grant it."
        raise Forbidden(message)
    row.granted_by_id, row.granted_at = _person(viewer), clock.now()
    record(viewer, "waiver.grant", "enrolment", row.enrolment_id, edition_id=edition_id, need=row.need, reason=row.reason)


def refuse_waiver(edition_id: int, waiver_id: int, viewer: Viewer) -> None:
    """Refuse a waiver, or take one's own request back; it can be asked for again."""
    row = _waiver(edition_id, waiver_id)
    record(viewer, "waiver.refuse", "enrolment", row.enrolment_id, edition_id=edition_id, need=row.need, reason=row.reason)
    db.session.delete(row)


def issue(edition_id: int, viewer: Viewer, *, expected: int | None = None) -> int:
    """Award the certificate to everybody who has earned it and has none, and tell how many; each is requested in this transaction.

    Raise `Conflict` where the dry run that was seen had another number.
    """
    found = [one for one in dry_run(edition_id) if one.ok and one.certificate_id is None]
    if expected is not None and expected != len(found):
        message = f"There are {len(found)} to award now, not {expected}. Please look at the list again."
        raise Conflict(message)
    facts = _printed(edition_id)
    for one in found:
        certificate_id = request(one.enrolment_id, WORKSHOP, facts)
        db.session.add(Award(edition_id=edition_id, enrolment_id=one.enrolment_id, certificate_id=certificate_id, by_id=viewer.person_id))
    if found:
        awarded = [one.enrolment_id for one in found]
        record(viewer, "workshop.award", "edition", edition_id, edition_id=edition_id, enrolments=awarded)
    return len(found)


def _printed(edition_id: int) -> Mapping[str, Any]:
    """Give what the certificate says of the workshop: its days and hours."""
    halves = sheets.attendance(edition_id).half_days
    seconds = sum((half.closes_at - half.opens_at).total_seconds() for half in halves)
    days = [half.on for half in halves]
    return {"started_on": min(days).isoformat(), "completed_on": max(days).isoformat(), "hours": round(seconds / HOUR)} if days else {}


def follow(event: AttendanceChanged) -> None:
    """Let the invitation say whether they came, and doubt a certificate that attendance does not bear any more."""
    there = any(one.state == State.PRESENT for one in sheets.marks_of(event.enrolment_id).values())
    one = participant(event.enrolment_id)
    if one is not None and (there or one.state == Invited.ATTENDED):
        mark(event.enrolment_id, Invited.ATTENDED if there else Invited.ABSENT, NOBODY)
    award = db.session.scalars(select(Award).where(Award.enrolment_id == event.enrolment_id)).one_or_none()
    if award is None:
        return
    now = candidate(event.edition_id, event.enrolment_id)
    doubt = now.why_not if now else "No participant any more"
    if doubt != award.doubt:
        award.doubt, award.doubted_at, award.kept_why, award.kept_by_id = doubt, clock.now(), "", None


def in_doubt(edition_id: int, enrolment_id: int) -> Award:
    """Take an award for a change that attendance does not bear any more; raise `NotFound`."""
    found = Award.edition_id == edition_id, Award.enrolment_id == enrolment_id
    award = db.session.scalars(select(Award).where(*found).with_for_update()).one_or_none()
    if award is None or not award.doubt:
        message = "There is no certificate in doubt."
        raise NotFound(message)
    return award


def keep(edition_id: int, enrolment_id: int, viewer: Viewer, why: str) -> None:
    """Let a certificate stand though attendance does not bear it any more, and say why."""
    award = in_doubt(edition_id, enrolment_id)
    if not why:
        message = "Please say why it stands."
        raise Invalid(message, field="why")
    award.kept_why, award.kept_by_id = why, viewer.person_id
    record(viewer, "workshop.keep", "enrolment", enrolment_id, edition_id=edition_id, doubt=award.doubt, why=why)
