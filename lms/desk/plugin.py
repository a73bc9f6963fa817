"""The desk of the installation's administrators: mailbox and audit log."""

from __future__ import annotations

from lms.core.plugins import NavItem, Plugin
from lms.desk.views import blueprint

plugin = Plugin(
    name="desk",
    blueprint=blueprint,
    nav=(
        NavItem("Mailbox", "desk.mailbox", "site-administrator", icon="mail", order=60, place="account"),
        NavItem("Audit log", "desk.audit", "site-administrator", icon="history", order=70, place="account"),
    ),
)
