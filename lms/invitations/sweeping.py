"""What the calendar does: who has not answered is reminded, invitations run out, and those who come are asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Enrolment, EnrolmentState
from lms.core.events import publish
from lms.core.viewer import NOBODY, edition_by_id
from lms.invitations import emails, queries, rules
from lms.invitations.answering import ask, name_of, page_of, post
from lms.invitations.events import InvitationDeclined, InvitationExpired
from lms.invitations.models import Gathering, Invitation
from lms.invitations.moving import held, move, standing
from lms.invitations.values import Act, State

LEFT = "Has no place in the edition any more"
MOST = 500


def expire() -> None:
    """Let invitations run out whose last moment to answer is over, and tell whom they were for."""
    over = Invitation.state == State.INVITED, Invitation.answer_by < clock.now()
    for enrolment_id in _some(*over):
        with unit_of_work():
            row = held(enrolment_id)
            if row.answer_by is None or rules.obstacle(Act.EXPIRE, standing(row), clock.now()):
                continue  # answered, or invited anew, at the same moment
            move(row, Act.EXPIRE, NOBODY)
            found, zone = queries.require_gathering(row.edition_id), edition_by_id(row.edition_id).zone
            post(row, emails.expired(name_of(row), found, emails.moment(row.answer_by, zone), page_of(row)), "expired")
            publish(InvitationExpired(row.edition_id, enrolment_id))


def let_go() -> None:
    """Free the seats of those who have no place in the edition any more."""
    gone = Invitation.state.in_(sorted(rules.FROM[Act.LEAVE])), Enrolment.state != EnrolmentState.CONFIRMED
    for enrolment_id in _some(*gone):
        with unit_of_work():
            row = held(enrolment_id)
            if rules.obstacle(Act.LEAVE, standing(row), clock.now()) or standing(row).enrolled:
                continue
            move(row, Act.LEAVE, NOBODY, LEFT)
            publish(InvitationDeclined(row.edition_id, enrolment_id))


def remind() -> None:
    """Remind those, once, who have not answered two days before it is too late, if they were invited before that."""
    now = clock.now()
    near = Invitation.answer_by.between(now, now + rules.BEFORE_DEADLINE), Invitation.asked_again_at.is_(None)
    for enrolment_id in _some(Invitation.state == State.INVITED, *near):
        with unit_of_work():
            row = held(enrolment_id)
            if row.state != State.INVITED or row.asked_again_at is not None or row.answer_by is None or row.invited_at is None:
                continue
            row.asked_again_at = now
            if row.invited_at < row.answer_by - rules.BEFORE_DEADLINE:
                found, zone = queries.require_gathering(row.edition_id), edition_by_id(row.edition_id).zone
                post(row, emails.reminded(name_of(row), found, emails.moment(row.answer_by, zone), page_of(row)), "reminded")


def remind_to_confirm() -> None:
    """Remind those, once, who have not confirmed other days two days before they should have, if they were asked before that."""
    now = clock.now()
    near = Invitation.confirm_by.between(now, now + rules.BEFORE_DEADLINE), Invitation.asked_again_at < now - rules.BEFORE_DEADLINE
    for enrolment_id in _some(Invitation.state == State.ACCEPTED, *near):
        with unit_of_work():
            row = held(enrolment_id)
            found, zone = queries.require_gathering(row.edition_id), edition_by_id(row.edition_id).zone
            if row.confirm_by is None or rules.asks_again(found, clock.today(zone)) or not _some(Invitation.id == row.id, *near):
                continue  # confirmed at the same moment, or asked for by the reminders of the last week
            row.asked_again_at = now
            post(row, emails.unconfirmed(name_of(row), found, emails.moment(row.confirm_by, zone), page_of(row)), "unconfirmed")


def ask_again() -> None:
    """Ask those who come whether that still holds: a week before, also who confirmed earlier, and once more three days before."""
    now = clock.now()
    near = Gathering.starts_on.between((now - timedelta(days=1)).date(), (now + rules.AGAIN + timedelta(days=1)).date())
    query = select(Edition.id, Edition.zone).join(Gathering, Gathering.edition_id == Edition.id)
    for edition_id, zone in db.session.execute(query.where(near)).all():
        found = queries.require_gathering(edition_id)
        if day := rules.reminding_day(found, clock.today(zone)):
            first = rules.beginning_of_day(found.starts_on - rules.AGAIN, zone)
            _ask(edition_id, rules.beginning_of_day(day, zone), first, rules.last_deadline(found, clock.today(zone)))


def _ask(edition_id: int, since: datetime, first: datetime, last: date) -> None:
    """Ask those who have neither accepted nor been asked since then, nor confirmed since the `first` time that anybody is."""
    asked, changed = Invitation.asked_again_at, Invitation.changed_at
    accepted = and_(Invitation.state == State.ACCEPTED, changed < since, or_(asked.is_(None), asked < since))
    unasked = or_(accepted, and_(Invitation.state == State.CONFIRMED, changed < first))
    for enrolment_id in _some(Invitation.edition_id == edition_id, unasked):
        with unit_of_work():
            row = held(enrolment_id)
            if not _some(Invitation.id == row.id, unasked):
                continue  # confirmed, or asked, at the same moment
            if row.state == State.CONFIRMED:
                ask(row, last)
            row.asked_again_at, row.confirm_by = clock.now(), rules.end_of_day(last, edition_by_id(edition_id).zone)
            post(row, emails.asked_again(name_of(row), queries.require_gathering(edition_id), page_of(row)), "asked-again")


def _some(*conditions: object) -> Sequence[int]:
    query = select(Invitation.enrolment_id).join(Enrolment, Enrolment.id == Invitation.enrolment_id).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalars(query.order_by(Invitation.id).limit(MOST)).all()
