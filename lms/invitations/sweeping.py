"""What the calendar does: who has not answered is reminded, invitations run out, and those who come are asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Enrolment, EnrolmentState
from lms.core.events import publish
from lms.core.viewer import NOBODY, edition_by_id
from lms.invitations import emails, queries, rules
from lms.invitations.answering import name_of, page_of, post
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


def ask_again() -> None:
    """Ask those who have accepted whether they still come: a week before, and once more three days before."""
    now = clock.now()
    near = Gathering.starts_on.between((now - timedelta(days=1)).date(), (now + rules.AGAIN + timedelta(days=1)).date())
    query = select(Edition.id, Edition.zone).join(Gathering, Gathering.edition_id == Edition.id)
    for edition_id, zone in db.session.execute(query.where(near)).all():
        found = queries.require_gathering(edition_id)
        if day := rules.reminding_day(found, clock.today(zone)):
            _ask(edition_id, rules.beginning_of_day(day, zone))


def _ask(edition_id: int, since: datetime) -> None:
    """Ask those who have neither accepted nor been asked since then."""
    asked = Invitation.asked_again_at
    unasked = Invitation.state == State.ACCEPTED, Invitation.changed_at < since, or_(asked.is_(None), asked < since)
    for enrolment_id in _some(*unasked, Invitation.edition_id == edition_id):
        with unit_of_work():
            row = held(enrolment_id)
            if row.state != State.ACCEPTED or (row.asked_again_at is not None and row.asked_again_at >= since):
                continue
            row.asked_again_at = clock.now()
            post(row, emails.asked_again(name_of(row), queries.require_gathering(edition_id), page_of(row)), "asked-again")


def _some(*conditions: object) -> Sequence[int]:
    query = select(Invitation.enrolment_id).join(Enrolment, Enrolment.id == Invitation.enrolment_id).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalars(query.order_by(Invitation.id).limit(MOST)).all()
