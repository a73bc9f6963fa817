"""The team: who is tutor or administrator of an edition, for which modules, and who administers the installation."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.plugins import NavItem, Plugin
from lms.team import views

plugin = Plugin(
    name="team",
    requires=("accounts", "editions", "modules"),
    blueprint=views.blueprint,
    rules={"team.manage": administrator},
    slots={"editions.team": views.link},
    nav=(
        NavItem("Team", "team.index", "team.manage", icon="users", order=80, place="desk"),
        NavItem("Administrators", "team.administrators", "site-administrator", icon="users", order=80, place="account"),
    ),
)
