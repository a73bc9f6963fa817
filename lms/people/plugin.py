"""People: who is in an edition, how far they come, who is at risk; a learner's page, and who looked at it."""

from __future__ import annotations

from lms.core.plugins import NavItem, Plugin, Sweep
from lms.people import permissions, reporting, story, tasks
from lms.people.account_views import blueprint

plugin = Plugin(
    name="people",
    requires=("accounts", "editions", "gradebook"),
    blueprint=blueprint,
    rules={"people.manage": permissions.manage, "people.write": permissions.write},
    nav=(
        NavItem("Today", "people.today", "staff", icon="clock", order=5, place="desk"),
        NavItem("People", "people.index", "staff", icon="users", order=10, place="desk"),
        NavItem("At risk", "people.at_risk", "staff", icon="triangle-alert", order=12, place="desk"),
        NavItem("Funnel", "people.funnel_page", "people.manage", icon="chart-column", order=14, place="desk"),
        NavItem("Privacy", "people.who_looked", "signed-in", icon="lock", order=30, place="account"),
    ),
    acts={
        "people.look": "Looked at a learner's page",
        "people.export": "Took a list of people as a file",
        "people.note": "Wrote a note to a learner",
    },
    slots={"people.timeline": story.own, "reports.figures": reporting.figures},
    sweeps=(Sweep(tasks.SWEEP, tasks.SECONDS),),
)
