"""Editions: their public pages, the dashboard and the closing."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.plugins import NavItem, Plugin
from lms.editions.views import blueprint

plugin = Plugin(
    name="editions",
    blueprint=blueprint,
    rules={"editions.close": administrator},
    nav=(
        NavItem("Dashboard", "editions.dashboard", "participant", icon="layout-dashboard", order=10),
        NavItem("Close the edition", "editions.closing", "editions.close", icon="flag", order=90, place="desk"),
    ),
    hosts=(
        "editions.about",
        "editions.dashboard",
        "editions.staff",
        "editions.closing",
    ),
)
