"""Invitations: who is invited to the workshop of an edition, who comes, and what they need for the journey."""

from __future__ import annotations

from lms.core.plugins import NavItem, Plugin, Sweep
from lms.invitations import cards, reporting, reserves, tasks
from lms.invitations.acts import ACTS
from lms.invitations.events import InvitationDeclined, InvitationExpired
from lms.invitations.permissions import manage, see_travel
from lms.invitations.privacy import personal_data
from lms.invitations.staff_views import blueprint
from lms.selection.api import SelectionApproved

plugin = Plugin(
    name="invitations",
    requires=("accounts", "editions", "selection"),
    blueprint=blueprint,
    rules={"invitations.manage": manage, "invitations.travel": see_travel},
    acts=ACTS,
    nav=(NavItem("Invitations", "invitations.index", "invitations.manage", icon="mail", order=52, place="desk"),),
    hosts=("invitations.half_days",),
    slots={
        "people.timeline": reporting.timeline,
        "people.stages": reporting.stages,
        "people.queues": reporting.queues,
        "editions.dashboard": cards.dashboard,
    },
    personal_data=personal_data,
    on={
        SelectionApproved: reserves.begin,
        InvitationDeclined: reserves.pass_on,
        InvitationExpired: reserves.refill,
    },
    sweeps=(Sweep(tasks.SWEEP, tasks.SECONDS),),
)
