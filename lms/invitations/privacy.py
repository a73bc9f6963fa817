"""What invitations hold of a person, and how it is given out and erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, select, update

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.plugins import PersonalData
from lms.invitations import travel
from lms.invitations.models import Invitation, InvitationStep, PassportPage

HOLDS = (
    "Your invitations to workshops, what you answered and why, and until its day of deletion what you said for the journey: passport, "
    "travel, diet, access needs and whom to call in an emergency."
)


def export(person_id: int) -> Mapping[str, Any]:
    """Give the invitations with their history, and all that was said for the journey, unsealed; of a passport's page, that it is there."""
    mine = _mine(person_id)
    row = Invitation
    columns = (row.enrolment_id, row.edition_id, row.state, row.answer_by, row.confirm_by, row.reason)
    steps = select(InvitationStep.at, InvitationStep.before, InvitationStep.after, InvitationStep.reason)
    steps = steps.join(Invitation, Invitation.id == InvitationStep.invitation_id).where(Invitation.enrolment_id.in_(mine))
    pages = select(PassportPage.kind, PassportPage.uploaded_at).where(PassportPage.enrolment_id.in_(mine))
    found = {number: travel.read(number) for number in db.session.scalars(mine)}
    return {
        "invitations": _rows(select(*columns).where(Invitation.enrolment_id.in_(mine)).order_by(Invitation.id)),
        "history": _rows(steps.order_by(InvitationStep.id)),
        "journeys": [asdict(one.journey) for one in found.values() if one.version],
        "changes_asked_for": [asdict(one.asked) for one in found.values() if one.asked],
        "passport_pages": _rows(pages),
    }


def erase(person_id: int) -> None:
    """Delete all that was said for journeys and the reasons; that there was an invitation, and how it ended, stays for the figures."""
    mine = _mine(person_id)
    travel.forget(mine)
    theirs = select(Invitation.id).where(Invitation.enrolment_id.in_(mine))
    db.session.execute(update(InvitationStep).where(InvitationStep.invitation_id.in_(theirs)).values(reason=""))
    db.session.execute(update(Invitation).where(Invitation.enrolment_id.in_(mine)).values(reason=""))


def _mine(person_id: int) -> Select[int]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _rows(query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(query).mappings()]


personal_data = PersonalData(HOLDS, export, erase)
