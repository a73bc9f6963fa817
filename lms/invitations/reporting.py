"""What invitations tell the staff and reports: who was invited, who comes, who was there, and what waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.figures import Phase
from lms.core.reporting import Happening, Queue, Stage, StageRate, Subject, Waiting, newest
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, Viewer
from lms.invitations import queries, rules
from lms.invitations.choice import UNCONFIRMED, Choice, conditions
from lms.invitations.models import Invitation, InvitationStep, TravelChange
from lms.invitations.permissions import manage
from lms.invitations.values import State

FIRST = 5


def timeline(subject: Subject, until: datetime, most: int) -> Iterator[Happening]:
    """Tell what became of the invitation; reasons to those alone who may know."""
    step = InvitationStep
    query = select(step.at, step.before, step.after, step.reason, Person.name)
    query = query.join(Invitation, Invitation.id == step.invitation_id).outerjoin(Person, Person.id == step.by_id)
    mine = query.where(Invitation.enrolment_id == subject.enrolment_id)
    for at, before, after, reason, name in db.session.execute(newest(mine, step.at, step.id, until, most)):
        url = path_for("invitations.one", edition=subject.edition.slug, enrolment=subject.enrolment_id) if subject.private else ""
        said = reason if subject.private else ""
        yield Happening(at, "invitation", rules.told(before, after), said, by=name or "the platform", url=url)


def stages(edition: EditionInfo) -> Iterator[Stage]:
    """Name being invited, accepting and having been there, once it is said where and when the workshop is."""
    if queries.gathering(edition.id) is None:
        return
    sent = _reached(Invitation.invited_at.is_not(None))
    yield Stage("invited", "Invited", "Registered, and the invitation to the workshop was sent.", sent, Phase.WORKSHOP, ("invited",))
    words = "Invited, and accepted; whoever declined later is not counted."
    rates = (StageRate("acceptance_rate", "Acceptance rate", "invited", ("acceptance rate",)),)
    accepted = _reached(Invitation.state.in_(sorted(rules.COMING)))
    yield Stage("accepted", "Accepted", words, accepted, Phase.WORKSHOP, ("accepted",), rates)
    rates = (StageRate("attendance_rate", "Attendance rate", "invited", ("attendance rate",)),)
    spoken = ("attended", "workshop participants")
    there = _reached(Invitation.state == State.ATTENDED)
    yield Stage("attended", "Attended", "Invited, and was at the workshop at least once.", there, Phase.WORKSHOP, spoken, rates)


def _reached(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(1).where(Invitation.enrolment_id == Enrolment.id, condition).correlate(Enrolment).exists()


def queues(viewer: Viewer, edition: EditionInfo) -> Iterator[Queue]:
    """Count what waits for administrators: proposals to send, changes of travel, and who was asked to confirm again, and has not."""
    found = queries.gathering(edition.id) if manage(viewer) else None
    if found is None:
        return
    yield _waiting(edition, State.PROPOSED, "Invitations to send", "Nobody is proposed and not invited.")
    yield _changes(edition)
    near = rules.asks_again(found, clock.today(edition.zone))
    label, empty = "Have not confirmed again", "Everybody who comes has confirmed it again."
    waiting = _waiting(edition, State.ACCEPTED if near else UNCONFIRMED, label, empty)
    if near or waiting.count:
        yield waiting


def _waiting(edition: EditionInfo, state: str, label: str, empty: str) -> Queue:
    here = conditions(edition.id, Choice(state=state))
    count, oldest = db.session.execute(select(func.count(), func.min(Invitation.changed_at)).where(*here)).one()
    return Queue(label, count, oldest, empty, path_for("invitations.index", edition=edition.slug, state=state))


def _changes(edition: EditionInfo) -> Queue:
    query = select(TravelChange.enrolment_id, Person.name, TravelChange.asked_at, func.count().over())
    query = query.join(Invitation, Invitation.enrolment_id == TravelChange.enrolment_id)
    query = query.join(Enrolment, Enrolment.id == TravelChange.enrolment_id).join(Person, Person.id == Enrolment.person_id)
    waits = Invitation.edition_id == edition.id, TravelChange.decided_at.is_(None)
    rows = db.session.execute(query.where(*waits).order_by(TravelChange.asked_at, TravelChange.id).limit(FIRST)).all()
    first = tuple(
        Waiting(name, path_for("invitations.travel_of", edition=edition.slug, enrolment=enrolment), at) for enrolment, name, at, _ in rows
    )
    count, oldest = (rows[0][3], rows[0][2]) if rows else (0, None)
    return Queue("Changes of travel", count, oldest, "Nobody asks for a change of travel.", first=first)
