"""Reports: a register of figures with their definitions, snapshots of it, and the report of an edition made from one."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.plugins import NavItem, Plugin
from lms.reports.views import blueprint

plugin = Plugin(
    name="reports",
    requires=("editions", "gradebook"),
    blueprint=blueprint,
    acts={"report.snapshot": "Took a snapshot for the report"},
    rules={"reports.manage": administrator},
    nav=(NavItem("Report", "reports.index", "reports.manage", icon="file-text", order=70, place="desk"),),
)
