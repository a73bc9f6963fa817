"""Accounts: sign-up to an edition, sign-in and -out, new passwords, the profile."""

from __future__ import annotations

from lms.accounts import commands
from lms.accounts.permissions import visitor
from lms.accounts.views import blueprint
from lms.core.plugins import NavItem, Plugin
from lms.editions.api import EnrolmentConfirmed

plugin = Plugin(
    name="accounts",
    requires=("editions",),
    blueprint=blueprint,
    rules={"accounts.visitor": visitor},
    nav=(
        NavItem("Sign in", "accounts.sign_in", "accounts.visitor", icon="log-in", place="account"),
        NavItem("Profile", "accounts.profile", "signed-in", icon="user", order=10, place="account"),
        NavItem("Sign out", "accounts.sign_out", "signed-in", icon="log-out", order=99, place="account"),
    ),
    on={EnrolmentConfirmed: lambda event: commands.welcome(event.enrolment_id)},
)
