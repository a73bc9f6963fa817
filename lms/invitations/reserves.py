"""Seats that become free go to reserves, one by one, in the order that keeps the quotas."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.core import clock
from lms.core.db import db
from lms.core.errors import Conflict
from lms.core.viewer import NOBODY, Viewer, edition_by_id
from lms.invitations import queries, rules, travel
from lms.invitations.events import InvitationDeclined, InvitationExpired
from lms.invitations.models import Invitation
from lms.invitations.moving import hold, move
from lms.invitations.placing import invite, put_forward
from lms.invitations.values import Act
from lms.selection.api import SelectionApproved, approved, next_reserve

Enrolments = tuple[int, ...]
Next = Callable[[int, Enrolments, Enrolments], int | None]


def propose(edition_id: int, by: Viewer = NOBODY) -> Enrolments:
    """Propose everybody on the approved list of the selection, and reserves for those who have left; raise `Conflict` without one."""
    found = approved(edition_id)
    if found is None:
        message = "No selection is approved in this edition yet."
        raise Conflict(message)
    return (*put_forward(edition_id, found.selected, by), *move_up(edition_id, by))


def move_up(edition_id: int, by: Viewer = NOBODY) -> Enrolments:
    """Let reserves of the approved selection have the seats that are free, and tell who they are."""
    found = approved(edition_id)
    return fill(edition_id, len(found.selected), next_reserve, by) if found else ()


def begin(event: SelectionApproved) -> None:
    """Propose those selected as soon as a selection is approved."""
    propose(event.edition_id)


def refill(event: InvitationExpired) -> None:
    """Let a reserve have the seat of somebody who did not answer."""
    move_up(event.edition_id)


def pass_on(event: InvitationDeclined) -> None:
    """Delete what somebody said for the journey who does not come, and let a reserve have the seat."""
    travel.forget_one(event.enrolment_id)
    move_up(event.edition_id)


def fill(edition_id: int, seats: int, next_reserve: Next, by: Viewer = NOBODY) -> Enrolments:
    """Propose a reserve for every free seat, and tell who they are; where the workshop says so they are invited at once.

    `next_reserve` is asked with the edition, with those who hold a seat and with those who were tried.
    """
    gathering, zone = queries.gathering(edition_id), edition_by_id(edition_id).zone
    if gathering and not rules.moves_up(gathering, clock.today(zone)):
        return ()
    hold(edition_id)
    holding, tried = _seated(edition_id)
    found: list[int] = []
    while len(holding) < seats and (number := next_reserve(edition_id, tuple(holding), tuple(tried))) is not None:
        placed = _put(edition_id, number, by)
        (holding if placed else tried).append(number)
        found += [number] if placed else []
    if found and gathering and gathering.automatic:
        invite(edition_id, rules.end_of_day(rules.usual_deadline(gathering, clock.today(zone)), zone), by, found)
    return tuple(found)


def _seated(edition_id: int) -> tuple[list[int], list[int]]:
    """List who holds a seat, and who had one or was offered one."""
    query = select(Invitation.enrolment_id, Invitation.state).where(Invitation.edition_id == edition_id).order_by(Invitation.id)
    rows = [(number, state in rules.HOLDING) for number, state in db.session.execute(query)]
    return [number for number, holds in rows if holds], [number for number, holds in rows if not holds]


def _put(edition_id: int, enrolment_id: int, by: Viewer) -> bool:
    """Propose a reserve in the place of whoever gave a seat up first; `False` for somebody who can't be proposed."""
    after = aliased(Invitation)
    freed = Invitation.state.in_(sorted(rules.FREED)), Invitation.edition_id == edition_id, after.id.is_(None)
    query = select(Invitation).outerjoin(after, after.instead_of_id == Invitation.id).where(*freed)
    given_up = db.session.scalars(query.order_by(Invitation.changed_at, Invitation.id).limit(1)).first()
    if not put_forward(edition_id, [enrolment_id], by, given_up.id if given_up else None):
        return False
    if given_up:
        move(given_up, Act.REPLACE, by, given_up.reason)
    return True
