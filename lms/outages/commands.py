"""Outages: noted, entered by hand, decided about, and made good for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from lms.core import audit, clock, mail
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, EditionState, Enrolment, Person, Role
from lms.core.errors import Conflict, DomainError, Invalid
from lms.core.pulse import ServedAgain
from lms.core.tasks import enqueue
from lms.core.urls import absolute_url
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.core.work import DONE, WAITING, claim, due, failed
from lms.editions.api import More, countries_there, grant
from lms.outages import emails, proposing, rules
from lms.outages.models import Outage, OutageDecision, OutageRemedy
from lms.outages.values import Approval, Entry, Part
from lms.quizzes.api import Gap, make_good

MAKE_GOOD = "outages.make-good"
TRIES = 5


def note(event: ServedAgain) -> None:
    """Put down an outage that was detected."""
    db.session.add(Outage(since=event.since, until=event.until))
    db.session.flush()


def enter(edition: EditionInfo, viewer: Viewer, entry: Entry) -> int:
    """Put down an outage of an edition that was not detected, and give its id; raise `Invalid`, naming the field, or `Conflict`."""
    _require_open(edition.id)
    rules.require_possible(entry.since, entry.until, clock.now())
    if entry.country and entry.country not in countries_there(edition.id):
        message = "Nobody of this country learns in this edition."
        raise Invalid(message, field="country")
    same = Outage.since == entry.since, Outage.until == entry.until, Outage.country.is_not_distinct_from(entry.country)
    if db.session.scalar(select(Outage.id).where(Outage.edition_id == edition.id, *same)):
        message = "This outage is entered already."
        raise Invalid(message, field="since")
    facts: dict[str, Any] = {"since": entry.since, "until": entry.until, "country": entry.country, "note": entry.note}
    row = Outage(edition_id=edition.id, entered_by_id=viewer.person_id, **facts)
    db.session.add(row)
    db.session.flush()
    said = facts | {"since": entry.since.isoformat(), "until": entry.until.isoformat()}
    audit.record(viewer, "outages.enter", "outage", row.id, edition_id=edition.id, **said)
    return row.id


def _require_open(edition_id: int) -> None:
    """Keep an edition from being closed, and two decisions apart, until the transaction ends."""
    held = db.session.get_one(Edition, edition_id, with_for_update=True, populate_existing=True)
    if held.state != EditionState.OPEN:
        message = "This edition is not open, so there is no time to give."
        raise Conflict(message)


def approve(edition: EditionInfo, viewer: Viewer, outage_id: int, approval: Approval) -> int:
    """Give more time as it was proposed and shown, and tell to how many; the worker does it. Raise `Conflict` or `Invalid`."""
    _require_open(edition.id)
    found = proposing.one(edition.id, outage_id)
    _require_undecided(edition.id, outage_id)
    _require_reason(approval.reason)
    if not 1 <= approval.hours <= rules.MOST_HOURS:
        message = f"Please give a number of hours from 1 to {rules.MOST_HOURS}."
        raise Invalid(message, field="hours")
    proposal = proposing.proposal(edition, found, approval.hours)
    if proposal.mark != approval.shown:
        message = "Something changed since you looked: this is how it stands now. Nothing was given yet."
        raise Conflict(message, field="shown")
    if not proposal.people:
        message = "Nobody is affected, so there is no time to give."
        raise Conflict(message, field="shown")
    decision = _decide(edition, viewer, outage_id, approval.reason, len(proposal.people))
    columns = {"decision_id": decision, "state": WAITING, "tries": 0, "last_error": "", "due_at": clock.now()}
    rows = [columns | {"enrolment_id": one.enrolment_id, "parts": [part.stored() for part in one.parts]} for one in proposal.people]
    db.session.execute(insert(OutageRemedy), rows)
    enqueue(MAKE_GOOD)
    return len(rows)


def dismiss(edition: EditionInfo, viewer: Viewer, outage_id: int, reason: str) -> None:
    """Decide that an outage needs no more time; raise `Conflict` or `Invalid`."""
    _require_open(edition.id)
    proposing.one(edition.id, outage_id)
    _require_undecided(edition.id, outage_id)
    _require_reason(reason)
    _decide(edition, viewer, outage_id, reason)


def _require_undecided(edition_id: int, outage_id: int) -> None:
    query = select(Person.name).select_from(OutageDecision).outerjoin(Person, Person.id == OutageDecision.decided_by_id)
    row = db.session.execute(query.where(OutageDecision.edition_id == edition_id, OutageDecision.outage_id == outage_id)).first()
    if row is not None:
        message = f"This outage is decided already, by {row[0] or 'the system'}."
        raise Conflict(message)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        message = "Please say why."
        raise Invalid(message, field="reason")


def _decide(edition: EditionInfo, viewer: Viewer, outage_id: int, reason: str, people: int = 0) -> int:
    facts: dict[str, Any] = {"reason": reason, "people": people}
    where = {"edition_id": edition.id, "outage_id": outage_id}
    row = OutageDecision(**where, **facts, approved=people > 0, decided_by_id=viewer.person_id)
    db.session.add(row)
    db.session.flush()
    action = "outages.approve" if people else "outages.dismiss"
    audit.record(viewer, action, "outage", outage_id, edition_id=edition.id, **facts)
    return row.id


def carry_out_all() -> None:
    """Give learners what was approved and is not given yet."""
    while waiting := due(OutageRemedy):
        for remedy_id in waiting:
            carry_out(remedy_id)


def carry_out(remedy_id: int) -> None:
    """Give a learner what was decided, once, and tell them by mail; what can't be given any more is noted and left."""
    if not claim(OutageRemedy, remedy_id):
        return
    try:
        with unit_of_work():
            _carry_out(remedy_id)
    except DomainError as error:
        failed(OutageRemedy, remedy_id, error, tries=1)
    except Exception as error:
        failed(OutageRemedy, remedy_id, error, tries=TRIES)
        raise


def _carry_out(remedy_id: int) -> None:
    remedy = db.session.get_one(OutageRemedy, remedy_id, with_for_update=True, populate_existing=True)
    if remedy.state != WAITING:
        return
    decision = db.session.get_one(OutageDecision, remedy.decision_id)
    outage = db.session.get_one(Outage, decision.outage_id)
    _require_open(decision.edition_id)
    edition, viewer = edition_by_id(decision.edition_id), Viewer(person_id=decision.decided_by_id, role=Role.ADMINISTRATOR)
    parts = [Part.of(part) for part in remedy.parts]
    for part in parts:
        if part.hours:
            grant(edition, viewer, More(part.hours, decision.reason, part.module), enrolment_id=remedy.enrolment_id)
        if part.attempt_id is not None:
            goes_on = make_good(part.attempt_id, Gap(outage.since, outage.until, outage.country))
            facts: dict[str, Any] = {"quiz": part.quiz, "goes_on": goes_on}
            audit.record(viewer, "outages.make_good", "enrolment", remedy.enrolment_id, edition_id=edition.id, **facts)
    _tell(edition, remedy.enrolment_id, decision.reason, parts)
    remedy.state, remedy.last_error = DONE, ""


def _tell(edition: EditionInfo, enrolment_id: int, reason: str, parts: list[Part]) -> None:
    query = select(Person.id, Person.name, Person.email).join(Enrolment, Enrolment.person_id == Person.id)
    person_id, name, email = db.session.execute(query.where(Enrolment.id == enrolment_id)).one()
    url = absolute_url("editions.dashboard", edition=edition.slug)
    letter = emails.made_good(name, (edition.title, edition.zone), reason, parts, url)
    mail.post(letter, email, kind="outages.made-good", person_id=person_id, edition_id=edition.id)
