"""Editions: their public pages, the dashboard and the closing."""

from __future__ import annotations

from lms.core.permissions import administrator, staff
from lms.core.plugins import NavItem, Plugin
from lms.editions.staff_views import banner, blueprint

plugin = Plugin(
    name="editions",
    blueprint=blueprint,
    acts={
        "edition.create": "Set up an edition",
        "edition.clone": "Cloned an edition",
        "edition.change": "Changed an edition",
        "edition.publish": "Published an edition",
        "edition.close": "Closed an edition",
        "extension.grant": "Gave more time",
        "extension.withdraw": "Withdrew more time",
    },
    rules={"editions.close": administrator, "editions.set_up": administrator, "editions.extend": staff},
    nav=(
        NavItem("Dashboard", "editions.dashboard", "participant", icon="layout-dashboard", order=10),
        NavItem("More time", "editions.more_time", "editions.extend", icon="clock", order=35, place="desk"),
        NavItem("See as a learner", "editions.look", "staff", icon="book-open", order=37, place="desk"),
        NavItem("Set-up", "editions.checklist", "editions.set_up", icon="settings", order=85, place="desk"),
        NavItem("Editions", "editions.listing", "site-administrator", icon="calendar", order=50, place="account"),
        NavItem("Close the edition", "editions.closing", "editions.close", icon="flag", order=90, place="desk"),
    ),
    slots={"page.banner": banner},
    hosts=(
        "editions.about",
        "editions.entry",
        "editions.home",
        "editions.dashboard",
        "editions.staff",
        "editions.closing",
        "editions.result",
        "editions.modules",
        "editions.attempts",
        "editions.checks",
        "editions.outlook",
        "editions.team",
    ),
)
