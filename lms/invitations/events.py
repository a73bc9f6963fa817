"""What happens to invitations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """Somebody comes to the workshop."""

    edition_id: int
    enrolment_id: int


@dataclass(frozen=True, slots=True)
class InvitationDeclined:
    """Somebody who was invited does not come; after accepting, too."""

    edition_id: int
    enrolment_id: int


@dataclass(frozen=True, slots=True)
class InvitationExpired:
    """Somebody who was invited did not answer in time."""

    edition_id: int
    enrolment_id: int
