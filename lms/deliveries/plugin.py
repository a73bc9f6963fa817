"""Deliveries: what became of mails to many, which mails did not arrive and why, addresses corrected."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.plugins import NavItem, Plugin
from lms.deliveries import permissions
from lms.deliveries.views import blueprint

plugin = Plugin(
    name="deliveries",
    requires=("accounts",),
    blueprint=blueprint,
    rules={"deliveries.read": permissions.read, "deliveries.correct": administrator},
    nav=(NavItem("Deliveries", "deliveries.index", "deliveries.read", icon="mail", order=70, place="desk"),),
    acts={"deliveries.again": "Sent a mail again"},
)
