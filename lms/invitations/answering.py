"""What invited people answer, and what becomes of those who don't."""

from __future__ import annotations

from datetime import date

from lms.core import clock, mail
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import Conflict
from lms.core.events import publish
from lms.core.mail import Message
from lms.core.urls import absolute_url
from lms.core.viewer import NOBODY, Viewer, edition_by_id
from lms.invitations import emails, queries, rules
from lms.invitations.events import InvitationAccepted, InvitationDeclined
from lms.invitations.models import Invitation
from lms.invitations.moving import held, move, require
from lms.invitations.values import Act, State

WHERE = {State.ATTENDED: Act.ATTEND, State.ABSENT: Act.MISS}


def accept(enrolment_id: int, by: Viewer = NOBODY) -> bool:
    """Accept an invitation, and tell whether that is new; raise `Conflict` where it is too late."""
    row = held(enrolment_id)
    if rules.repeated(Act.ACCEPT, State(row.state)):
        return False
    require(Act.ACCEPT, row)
    move(row, Act.ACCEPT, by)
    found = queries.require_gathering(row.edition_id)
    booked = rules.frozen(found, clock.today(edition_by_id(row.edition_id).zone))
    post(row, emails.accepted(name_of(row), found, "" if booked else emails.day(found.freeze_on), page_of(row)), "accepted")
    publish(InvitationAccepted(row.edition_id, enrolment_id))
    return True


def decline(enrolment_id: int, reason: str = "", by: Viewer = NOBODY) -> bool:
    """Decline an invitation, before or after accepting it, and tell whether that is new; raise `Conflict`."""
    row = held(enrolment_id)
    if rules.repeated(Act.DECLINE, State(row.state)):
        return False
    require(Act.DECLINE, row)
    move(row, Act.DECLINE, by, reason)
    post(row, emails.declined(name_of(row), queries.require_gathering(row.edition_id), page_of(row)), "declined")
    publish(InvitationDeclined(row.edition_id, enrolment_id))
    return True


def confirm_again(enrolment_id: int, by: Viewer = NOBODY) -> bool:
    """Confirm to come, shortly before the workshop or when asked to, and tell whether that is new; raise `Conflict`."""
    row = held(enrolment_id)
    if rules.repeated(Act.CONFIRM, State(row.state)):
        return False
    require(Act.CONFIRM, row)
    found = queries.require_gathering(row.edition_id)
    if row.confirm_by is None and clock.today(edition_by_id(row.edition_id).zone) < found.starts_on - rules.AGAIN:
        message = f"Please confirm from {emails.day(found.starts_on - rules.AGAIN)} on: a week before, you know for sure."
        raise Conflict(message)
    move(row, Act.CONFIRM, by)
    return True


def ask(row: Invitation, day: date, by: Viewer = NOBODY) -> None:
    """Let somebody who comes confirm it until the end of a day; who had confirmed before has not any more."""
    move(row, Act.ASK, by)
    row.asked_again_at, row.confirm_by = clock.now(), rules.end_of_day(day, edition_by_id(row.edition_id).zone)


def mark(enrolment_id: int, state: State, by: Viewer = NOBODY, reason: str = "") -> bool:
    """Put down that somebody was there, or was not, and tell whether that is new; raise `Conflict` for who had not accepted."""
    act, row = WHERE[state], held(enrolment_id)
    if rules.repeated(act, State(row.state)):
        return False
    require(act, row)
    if by.is_staff and not rules.begun(queries.require_gathering(row.edition_id), clock.today(edition_by_id(row.edition_id).zone)):
        message = "The workshop has not begun. Put down that they don't come: then the seat is free for somebody else."
        raise Conflict(message)
    move(row, act, by, reason)
    return True


def require_shown(enrolment_id: int, act: Act, shown: str) -> None:
    """Hold an invitation; raise `Conflict`, naming `shown`, where it is not in the state that was shown, and the act not done already."""
    state = State(held(enrolment_id).state)
    if state != shown and not rules.repeated(act, state):
        message = f"Something changed since you opened this page: this person {rules.IN_WORDS[state]}. Nothing was put down yet."
        raise Conflict(message, field="shown")


def take_back(enrolment_id: int, reason: str = "", by: Viewer = NOBODY) -> bool:
    """Take a proposal back before anybody was invited, and tell whether that is new; raise `Conflict`."""
    row = held(enrolment_id)
    if rules.repeated(Act.REPLACE, State(row.state)):
        return False
    require(Act.REPLACE, row)
    move(row, Act.REPLACE, by, reason)
    publish(InvitationDeclined(row.edition_id, enrolment_id))
    return True


def post(row: Invitation, message: Message, kind: str) -> None:
    """Mail to whom an invitation is for."""
    person = db.session.get_one(Person, db.session.get_one(Enrolment, row.enrolment_id).person_id)
    mail.post(message, person.email, kind=f"invitations.{kind}", person_id=person.id, edition_id=row.edition_id)


def page_of(row: Invitation) -> str:
    """Give the full address of the page on which an invitation is answered."""
    return absolute_url("invitations.own", edition=edition_by_id(row.edition_id).slug)


def name_of(row: Invitation) -> str:
    """Tell whom an invitation is for."""
    return db.session.get_one(Enrolment, row.enrolment_id).person.name
