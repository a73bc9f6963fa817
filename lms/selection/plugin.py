"""Selection: which of the certified are invited to the workshop, found exactly within quotas and explained."""

from __future__ import annotations

from lms.core.permissions import administrator, staff
from lms.core.plugins import Plugin, Sweep
from lms.selection import reporting, tasks

plugin = Plugin(
    name="selection",
    requires=("editions", "gradebook", "certification"),
    acts={
        "selection.rules": "Changed the rules of the selection",
        "selection.run": "Asked for a run of the selection",
        "selection.approve": "Approved a run of the selection",
    },
    rules={"selection.manage": administrator, "selection.assess": staff},
    slots={"people.stages": reporting.stages},
    sweeps=(Sweep(tasks.SWEEP, 20.0),),
)
