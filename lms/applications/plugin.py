"""Applications: how people come into an edition, by applying or by being nominated, and how that is decided."""

from __future__ import annotations

from lms.applications import applying, lists, tasks, views
from lms.applications.acts import ACTS
from lms.applications.duplicate_views import blueprint
from lms.applications.permissions import decide
from lms.applications.privacy import personal_data
from lms.core.plugins import NavItem, Plugin, Sweep
from lms.editions.api import EnrolmentApplied, EnrolmentConfirmed

plugin = Plugin(
    name="applications",
    requires=("accounts", "editions"),
    blueprint=blueprint,
    acts=ACTS,
    rules={"applications.decide": decide},
    nav=(
        NavItem("Applications", "applications.index", "applications.decide", icon="inbox", order=8, place="desk"),
        NavItem("Privacy notice", "applications.notice", "signed-in", icon="file-text", order=31, place="account"),
    ),
    slots={
        "editions.entry": views.entry,
        "editions.home": views.at_home,
        "editions.dashboard": views.dashboard,
        "editions.checks": views.checks,
        "people.columns": lists.columns,
    },
    personal_data=personal_data,
    sweeps=(Sweep(tasks.SWEEP, 20.0),),
    on={
        EnrolmentApplied: lambda event: applying.acknowledge(event.enrolment_id),
        EnrolmentConfirmed: lambda event: applying.welcome(event.enrolment_id),
    },
)
