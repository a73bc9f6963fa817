"""Workshops: half-days and who was there, the agenda and its records, and the certificate that follows."""

from __future__ import annotations

from lms.core.plugins import NavItem, Plugin
from lms.workshops import annexes, audiences, awarding, days, reporting, views
from lms.workshops.acts import ACTS
from lms.workshops.award_views import blueprint
from lms.workshops.events import AttendanceChanged
from lms.workshops.permissions import desk, manage
from lms.workshops.privacy import personal_data

plugin = Plugin(
    name="workshops",
    requires=("casestudies", "certification", "editions", "invitations", "questionnaires", "recommendations"),
    blueprint=blueprint,
    rules={"workshops.desk": desk, "workshops.manage": manage},
    nav=(NavItem("Workshop", "workshops.desk_index", "workshops.desk", icon="calendar", order=60, place="desk"),),
    acts=ACTS,
    slots={
        "editions.dashboard": views.dashboard,
        "questionnaires.audiences": audiences.audiences,
        "invitations.half_days": days.signed,
        "people.timeline": reporting.timeline,
        "people.stages": reporting.stages,
        "reports.figures": annexes.figures,
        "reports.annexes": annexes.annexes,
    },
    on={AttendanceChanged: awarding.follow},
    personal_data=personal_data,
)
