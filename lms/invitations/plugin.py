"""Invitations: who is invited to the workshop of an edition, who comes, and what they need for the journey."""

from __future__ import annotations

from lms.core.plugins import Plugin
from lms.invitations.permissions import manage, travel
from lms.invitations.views import blueprint

plugin = Plugin(
    name="invitations",
    requires=("accounts", "editions"),
    blueprint=blueprint,
    rules={"invitations.manage": manage, "invitations.travel": travel},
    acts={
        "invitations.arrange": "Said where and when the workshop is",
        "invitations.invite": "Invited somebody to the workshop",
        "invitations.attend": "Put down that somebody was at the workshop",
        "invitations.miss": "Put down that somebody was not at the workshop",
    },
)
