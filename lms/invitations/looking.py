"""One invitation as administrators see it: how it stands, what can be done, and everything that became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import NotFound
from lms.core.viewer import edition_by_id
from lms.invitations import placing, queries, rules
from lms.invitations.forms import DEEDS
from lms.invitations.models import Invitation, InvitationStep
from lms.invitations.placing import Guest
from lms.invitations.values import Act, GatheringInfo, Standing, State

MOST = 100


@dataclass(frozen=True, slots=True)
class Full:
    """An invitation with whom it is for and what can be done with it now."""

    guest: Guest
    country: str
    institution: str
    reason: str
    instead_of: str
    can_be_invited: bool
    acts: tuple[Act, ...]

    @property
    def comes(self) -> bool:
        """Whether there is a journey to know of."""
        return self.guest.standing.state in rules.COMING


@dataclass(frozen=True, slots=True)
class Step:
    """A line of an invitation's history."""

    at: datetime
    before: str
    after: State
    by: str
    reason: str

    @property
    def in_words(self) -> str:
        """What became of it."""
        return rules.told(self.before, self.after)


def full(edition_id: int, enrolment_id: int) -> Full:
    """Read an invitation for administrators; raise `NotFound`."""
    found = placing.prospect(edition_id, [enrolment_id])
    for guest in (*found.ready, *(guest for guest, _ in found.skipped)):
        columns = (Enrolment.country, Enrolment.institution, Invitation.reason, Invitation.instead_of_id)
        query = select(*columns).join(Enrolment, Enrolment.id == Invitation.enrolment_id)
        country, institution, reason, other = db.session.execute(query.where(Enrolment.id == enrolment_id)).one()
        where, today, now = queries.gathering(edition_id), clock.today(edition_by_id(edition_id).zone), clock.now()
        acts = tuple(act for act in DEEDS if not rules.obstacle(act, guest.standing, now) and _fits(act, guest.standing, where, today))
        return Full(guest, country, institution, reason, _named(other), bool(found.ready), acts)
    message = "There is no such invitation in this edition."
    raise NotFound(message)


def _fits(act: Act, standing: Standing, where: GatheringInfo | None, today: date) -> bool:
    """Only a proposal is taken back by hand; other seats are passed on when they become free. Who comes is known by the days."""
    if act in {Act.ATTEND, Act.MISS}:
        return where is not None and rules.begun(where, today)
    if act == Act.CONFIRM:
        return where is not None and rules.confirms(standing, where, today)
    return act != Act.REPLACE or standing.state == State.PROPOSED


def _named(invitation_id: int | None) -> str:
    query = select(Person.name).join(Enrolment, Enrolment.person_id == Person.id)
    query = query.join(Invitation, Invitation.enrolment_id == Enrolment.id)
    return db.session.scalar(query.where(Invitation.id == invitation_id)) or "" if invitation_id else ""


def history(enrolment_id: int) -> Sequence[Step]:
    """List what became of an invitation, newest first."""
    columns = (InvitationStep.at, InvitationStep.before, InvitationStep.after, Person.name, InvitationStep.reason)
    query = select(*columns).join(Invitation, Invitation.id == InvitationStep.invitation_id)
    about = query.outerjoin(Person, Person.id == InvitationStep.by_id).where(Invitation.enrolment_id == enrolment_id)
    rows = db.session.execute(about.order_by(InvitationStep.id.desc()).limit(MOST))
    return [Step(at, before, State(after), name or "the platform", reason) for at, before, after, name, reason in rows]
