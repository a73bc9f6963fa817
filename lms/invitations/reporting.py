"""What invitations tell the staff and reports: who was invited, who accepted, who came."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select

from lms.core.domain import Enrolment
from lms.core.figures import Phase
from lms.core.reporting import Stage, StageRate
from lms.core.viewer import EditionInfo
from lms.invitations import queries, rules
from lms.invitations.models import Invitation
from lms.invitations.values import State


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
