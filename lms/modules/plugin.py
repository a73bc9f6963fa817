"""Modules: lessons, glossaries and reading progress."""

from __future__ import annotations

from lms.core.content import ContentPart
from lms.core.plugins import NavItem, Plugin
from lms.modules import checks, loading, queries, reporting, standards
from lms.modules.cli import book
from lms.modules.documents import documents
from lms.modules.views import blueprint

plugin = Plugin(
    name="modules",
    requires=("editions",),
    blueprint=blueprint,
    nav=(NavItem("Course", "modules.course", "participant", icon="book-open", order=20),),
    hosts=("modules.module",),
    slots={
        "editions.modules": queries.planned,
        "people.timeline": reporting.timeline,
        "people.deeds": reporting.deeds,
        "people.milestones": reporting.milestones,
        "reports.annexes": reporting.annexes,
    },
    activities=queries.activities,
    counts=False,
    content=ContentPart(checks.check, loading.load, standards.measure),
    documents=documents,
    commands=(book,),
)
