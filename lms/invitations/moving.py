"""Moving an invitation from one state to another, with a row of its history each time."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from lms.core import audit, clock
from lms.core.db import db
from lms.core.domain import Edition, Enrolment, EnrolmentState
from lms.core.errors import Conflict, NotFound
from lms.core.viewer import Viewer
from lms.invitations import rules
from lms.invitations.models import Invitation, InvitationStep
from lms.invitations.values import Act, Standing, State

# What goes on record when staff do it; nobody but the platform lets an invitation expire or lapse.
ON_RECORD: Mapping[Act, str] = {
    Act.INVITE: "invitations.invite",
    Act.ACCEPT: "invitations.accept",
    Act.DECLINE: "invitations.decline",
    Act.REPLACE: "invitations.replace",
    Act.ASK: "invitations.ask",
    Act.CONFIRM: "invitations.confirm",
    Act.ATTEND: "invitations.attend",
    Act.MISS: "invitations.miss",
}


def hold(edition_id: int) -> None:
    """Let nobody else propose, invite or replace in this edition until the transaction ends."""
    db.session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update(key_share=True))


def held(enrolment_id: int) -> Invitation:
    """Find the invitation of an enrolment, and hold it and all of its edition until the transaction ends; raise `NotFound`."""
    query = select(Invitation).where(Invitation.enrolment_id == enrolment_id)
    edition_id = db.session.scalar(query.with_only_columns(Invitation.edition_id))
    if edition_id is None:
        message = "There is no invitation for this person."
        raise NotFound(message)
    hold(edition_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def standing(invitation: Invitation, free: int = 0) -> Standing:
    """Give an invitation as the rules see it."""
    state = db.session.scalar(select(Enrolment.state).where(Enrolment.id == invitation.enrolment_id))
    return Standing(State(invitation.state), invitation.answer_by, state == EnrolmentState.CONFIRMED, free, invitation.confirm_by)


def require(act: Act, invitation: Invitation, free: int = 0) -> None:
    """Raise `Conflict` where an act can't be done with an invitation."""
    if why := rules.obstacle(act, standing(invitation, free), clock.now()):
        message = f"That can't be done: this person {why}."
        raise Conflict(message)


def move(invitation: Invitation, act: Act, by: Viewer, reason: str = "") -> None:
    """Move an invitation as an act says, and write down who did it and why; nothing that was asked for waits any more."""
    after = rules.BECOMES[act]
    step(invitation, after, by, reason)
    if by.is_staff:
        audit.record(by, ON_RECORD[act], "enrolment", invitation.enrolment_id, edition_id=invitation.edition_id, reason=reason)
    invitation.state, invitation.changed_at, invitation.reason, invitation.confirm_by = after, clock.now(), reason, None
    db.session.flush()


def step(invitation: Invitation, after: State, by: Viewer, reason: str, before: str | None = None) -> None:
    """Add a row to the history of an invitation."""
    known = invitation.state if before is None else before
    row = InvitationStep(invitation_id=invitation.id, by_id=by.person_id, before=known, after=after, reason=reason)
    row.at = clock.now()
    db.session.add(row)
