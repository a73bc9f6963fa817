"""The desk of administrators: the installation's mailbox, the audit log of the installation and of each edition."""

from __future__ import annotations

from lms.core.plugins import NavItem, Plugin
from lms.desk.views import blueprint

plugin = Plugin(
    name="desk",
    blueprint=blueprint,
    acts={"audit.export": "Took the audit log as a file"},
    nav=(
        NavItem("Mailbox", "desk.mailbox", "site-administrator", icon="mail", order=60, place="account"),
        NavItem("Audit log", "desk.audit", "site-administrator", icon="history", order=70, place="account"),
        NavItem("Audit log", "desk.edition_audit", "administrator", icon="history", order=90, place="desk"),
    ),
)
