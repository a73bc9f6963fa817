"""What the pages about invitations, and other features, read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, bindparam, func, select

from lms.core import clock
from lms.core.db import db, read, remembered
from lms.core.domain import Enrolment, EnrolmentState, Person
from lms.core.errors import Conflict, NotFound
from lms.core.viewer import EditionInfo
from lms.invitations import rules
from lms.invitations.models import Gathering, Invitation, InvitationStep
from lms.invitations.values import Act, GatheringInfo, Participant, Standing, State
from lms.selection.api import approved

_GATHERING = select(*(getattr(Gathering, name) for name in GatheringInfo.__dataclass_fields__)).where(
    Gathering.edition_id == bindparam("edition")
)
_PARTICIPANT = (
    select(Enrolment.id, Person.name, Enrolment.country, Enrolment.gender, Enrolment.institution, Invitation.state)
    .join(Enrolment, Enrolment.id == Invitation.enrolment_id)
    .join(Person, Person.id == Enrolment.person_id)
    .where(Invitation.state.in_(sorted(rules.COMING)), Enrolment.state == EnrolmentState.CONFIRMED)
)


def gathering(edition_id: int) -> GatheringInfo | None:
    """Tell where and when the workshop of an edition is; `None` as long as nobody has said so. A page asks once, for all its parts."""
    found = remembered()
    key = gathering, edition_id
    if key not in found:
        row = read(_GATHERING, edition=edition_id).first()
        found[key] = GatheringInfo(*row) if row else None
    known: GatheringInfo | None = found[key]
    return known


def require_gathering(edition_id: int) -> GatheringInfo:
    """Tell where and when the workshop is; raise `Conflict` as long as nobody has said so."""
    found = gathering(edition_id)
    if found is None:
        message = "Nobody has said yet where and when the workshop is."
        raise Conflict(message, remedy="An administrator says so on the page of the invitations.")
    return found


def participants(edition_id: int) -> tuple[Participant, ...]:
    """List those who have accepted, whatever came later, by name."""
    found = db.session.execute(_PARTICIPANT.where(Invitation.edition_id == edition_id).order_by(Enrolment.search_key, Enrolment.id))
    return tuple(Participant(*row[:5], State(row[5])) for row in found)


def participant(enrolment_id: int) -> Participant | None:
    """Read one of those who have accepted; `None` for everybody else. A page asks once, for all its parts."""
    found = remembered()
    key = participant, enrolment_id
    if key not in found:
        row = db.session.execute(_PARTICIPANT.where(Invitation.enrolment_id == enrolment_id)).first()
        found[key] = Participant(*row[:5], State(row[5])) if row else None
    known: Participant | None = found[key]
    return known


def person_of(*enrolment_ids: int) -> Select[int]:
    """Select whose enrolments they are."""
    return select(Enrolment.person_id).where(Enrolment.id.in_(enrolment_ids))


def free(edition_id: int) -> int:
    """Count the seats that nobody holds: of the approved selection, or of those put forward without one."""
    holds = Invitation.state.in_(sorted(rules.HOLDING))
    first, held = func.count().filter(Invitation.instead_of_id.is_(None)), func.count().filter(holds)
    seats, taken = db.session.execute(select(first, held).where(Invitation.edition_id == edition_id)).one()
    found = approved(edition_id)
    return max(0, (len(found.selected) if found else int(seats)) - int(taken))


def passes_on(edition_id: int, found: GatheringInfo | None, today: date) -> bool:
    """Tell whether free seats go to reserves at once, so that one which is free has nobody who could take it."""
    return (found is None or rules.moves_up(found, today)) and approved(edition_id) is not None


@dataclass(frozen=True, slots=True)
class Own:
    """An invitation as the person sees it who is invited; one whose seat was `passed_on` is in the state in which it was given up."""

    enrolment_id: int
    state: State
    answer_by: datetime | None
    reason: str
    changed_at: datetime
    gathering: GatheringInfo
    today: date
    now: datetime
    passed_on: bool = False
    confirm_by: datetime | None = None

    @property
    def may_accept(self) -> bool:
        """Whether there is still time to accept."""
        return self.state == State.INVITED and not rules.late(self.answer_by, self.now)

    @property
    def may_decline(self) -> bool:
        """Whether one can say that one doesn't come."""
        return self.state in rules.FROM[Act.DECLINE]

    @property
    def may_confirm(self) -> bool:
        """Whether it is time to confirm again."""
        return rules.confirms(Standing(self.state, confirm_by=self.confirm_by), self.gathering, self.today)

    @property
    def is_near(self) -> bool:
        """Whether the workshop begins within a week."""
        return rules.asks_again(self.gathering, self.today)

    @property
    def comes(self) -> bool:
        """Whether the person is expected."""
        return self.state in {State.ACCEPTED, State.CONFIRMED}


_SENT = select(Invitation.state, Invitation.answer_by, Invitation.reason, Invitation.changed_at, Invitation.confirm_by).where(
    Invitation.enrolment_id == bindparam("enrolment"), Invitation.invited_at.is_not(None)
)


def sent(enrolment_id: int, edition: EditionInfo) -> Own | None:
    """Read an invitation for whom it is for; `None` as long as nobody has sent it."""
    row = read(_SENT, enrolment=enrolment_id).first()
    if row is None:
        return None
    state, answer_by, reason, changed_at, confirm_by = row
    found, today = require_gathering(edition.id), clock.today(edition.zone)
    passed_on = state == State.REPLACED
    shown = State(_given_up(enrolment_id) if passed_on else state)
    return Own(enrolment_id, shown, answer_by, reason, changed_at, found, today, clock.now(), passed_on, confirm_by)


def _given_up(enrolment_id: int) -> str:
    query = select(InvitationStep.before).join(Invitation, Invitation.id == InvitationStep.invitation_id)
    query = query.where(Invitation.enrolment_id == enrolment_id, InvitationStep.after == State.REPLACED)
    return db.session.scalars(query.order_by(InvitationStep.id.desc()).limit(1)).one()


def own(enrolment_id: int, edition: EditionInfo) -> Own:
    """Read an invitation for whom it is for; raise `NotFound` as long as nobody has sent it."""
    found = sent(enrolment_id, edition)
    if found is None:
        message = "There is no invitation for you in this edition."
        raise NotFound(message, remedy="If you are invited, you get a mail.")
    return found
