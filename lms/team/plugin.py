"""The team: who is tutor or administrator of an edition, for which modules, and who administers the installation."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.plugins import NavItem, Plugin
from lms.team import views

plugin = Plugin(
    name="team",
    requires=("accounts", "editions", "modules"),
    blueprint=views.blueprint,
    acts={
        "team.add": "Put somebody on the team",
        "team.change": "Changed a role",
        "team.remove": "Took somebody off the team",
        "team.preview": "Began to see the edition as a tutor does",
        "team.restore": "Put somebody back on the team",
        "team.add_administrator": "Made somebody an administrator of the installation",
        "team.remove_administrator": "Took the installation's administration from somebody",
    },
    rules={"team.manage": administrator},
    slots={"editions.team": views.link},
    nav=(
        NavItem("Team", "team.index", "team.manage", icon="users", order=80, place="desk"),
        NavItem("Administrators", "team.administrators", "site-administrator", icon="users", order=80, place="account"),
    ),
)
