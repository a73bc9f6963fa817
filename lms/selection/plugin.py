"""Selection: which of the certified are invited to the workshop, found exactly within quotas and explained."""

from __future__ import annotations

from lms.core.permissions import administrator, staff
from lms.core.plugins import NavItem, Plugin, Sweep
from lms.selection import cards, reporting, tasks
from lms.selection.acts import ACTS
from lms.selection.privacy import personal_data
from lms.selection.score_views import blueprint

plugin = Plugin(
    name="selection",
    requires=("editions", "applications", "gradebook", "certification"),
    blueprint=blueprint,
    acts=ACTS,
    rules={"selection.manage": administrator, "selection.assess": staff},
    nav=(NavItem("Selection", "selection.index", "selection.manage", icon="clipboard-list", order=51, place="desk"),),
    slots={"people.stages": reporting.stages, "people.queues": reporting.queues, "editions.dashboard": cards.dashboard},
    personal_data=personal_data,
    sweeps=(Sweep(tasks.SWEEP, 20.0),),
)
