"""What other features may use of invitations."""

from __future__ import annotations

from lms.invitations.answering import accept, confirm_again, decline, mark
from lms.invitations.events import InvitationAccepted, InvitationDeclined, InvitationExpired
from lms.invitations.placing import arrange, invite, put_forward
from lms.invitations.queries import gathering, participant, participants
from lms.invitations.reserves import move_up, propose
from lms.invitations.tasks import sweep
from lms.invitations.values import GatheringInfo, Participant, State

__all__ = [
    "GatheringInfo",
    "InvitationAccepted",
    "InvitationDeclined",
    "InvitationExpired",
    "Participant",
    "State",
    "accept",
    "arrange",
    "confirm_again",
    "decline",
    "gathering",
    "invite",
    "mark",
    "move_up",
    "participant",
    "participants",
    "propose",
    "put_forward",
    "sweep",
]
