"""What the calendar does: invitations run out, and those who come are asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

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


def ask_again() -> None:
    """Ask those who have accepted, once, whether they still come, from a week before on."""
    now = clock.now()
    near = Gathering.starts_on.between((now - timedelta(days=1)).date(), (now + rules.AGAIN + timedelta(days=1)).date())
    query = select(Edition.id, Edition.zone).join(Gathering, Gathering.edition_id == Edition.id)
    for edition_id, zone in db.session.execute(query.where(near)).all():
        found = queries.require_gathering(edition_id)
        if rules.asks_again(found, clock.today(zone)):
            _ask(edition_id)


def _ask(edition_id: int) -> None:
    unasked = Invitation.state == State.ACCEPTED, Invitation.asked_again_at.is_(None)
    for enrolment_id in _some(*unasked, Invitation.edition_id == edition_id):
        with unit_of_work():
            row = held(enrolment_id)
            if row.state != State.ACCEPTED or row.asked_again_at is not None:
                continue
            row.asked_again_at = clock.now()
            post(row, emails.asked_again(name_of(row), queries.require_gathering(edition_id), page_of(row)), "asked-again")


def _some(*conditions: object) -> Sequence[int]:
    query = select(Invitation.enrolment_id).join(Enrolment, Enrolment.id == Invitation.enrolment_id).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalars(query.order_by(Invitation.id).limit(MOST)).all()
