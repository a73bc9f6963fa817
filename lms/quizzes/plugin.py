"""Quizzes: drawn from a module's bank, saved as they are answered, marked by rules."""

from __future__ import annotations

from lms.core.content import ContentPart
from lms.core.plugins import Plugin, Sweep
from lms.editions.api import EditionClosing, ExtensionGranted
from lms.quizzes import banks, checks, commands, loading, queries, reporting, setting_up, tasks, views

plugin = Plugin(
    name="quizzes",
    requires=("editions", "modules"),
    blueprint=views.blueprint,
    slots={
        "people.timeline": reporting.timeline,
        "people.deeds": reporting.deeds,
        "people.milestones": reporting.milestones,
        "modules.module": views.staff_links,
        "editions.closing": views.closing_notice,
        "editions.attempts": setting_up.own_attempts,
        "editions.checks": setting_up.checks,
        "editions.outlook": setting_up.outlook,
    },
    on={EditionClosing: lambda event: commands.hand_in_all(event.edition_id), ExtensionGranted: commands.extend},
    activities=queries.activities,
    content=ContentPart(checks.check, loading.load, banks.measure),
    sweeps=(Sweep(tasks.SWEEP, 20.0),),
)
