"""Reports: a register of figures with their definitions, snapshots of it, and the report of an edition made from one."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.plugins import NavItem, Plugin, Sweep
from lms.reports import naming, naming_views, tasks
from lms.reports.cli import report
from lms.reports.naming_views import blueprint

plugin = Plugin(
    name="reports",
    requires=("editions", "gradebook", "invitations"),
    blueprint=blueprint,
    acts={
        "report.snapshot": "Took a snapshot for the report",
        "report.write": "Wrote a text of the report",
        "report.make": "Had the report made as a file",
        "report.take": "Took the report as a file",
    },
    rules={"reports.manage": administrator},
    nav=(NavItem("Report", "reports.index", "reports.manage", icon="file-text", order=70, place="desk"),),
    slots={"reports.annexes": naming.annexes, "editions.dashboard": naming_views.dashboard},
    personal_data=naming.personal_data,
    sweeps=(Sweep(tasks.SWEEP, 20.0),),
    commands=(report,),
)
