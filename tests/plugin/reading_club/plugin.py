"""A reading club: a page on which learners say what they have read, which counts towards the final average."""

from __future__ import annotations

from lms.core.plugins import NavItem, Plugin

from . import queries
from .views import blueprint

plugin = Plugin(
    name="reading_club",
    requires=("editions",),
    blueprint=blueprint,
    nav=(NavItem("Reading club", "reading_club.club", "participant", icon="users", order=60),),
    activities=queries.activities,
)
