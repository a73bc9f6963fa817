"""Workshops: half-days and who was there, the agenda and its records, and the certificate that follows."""

from __future__ import annotations

from lms.core.plugins import Plugin
from lms.workshops import annexes, awarding, reporting
from lms.workshops.acts import ACTS
from lms.workshops.events import AttendanceChanged
from lms.workshops.privacy import personal_data

plugin = Plugin(
    name="workshops",
    requires=("casestudies", "certification", "editions", "invitations", "recommendations"),
    acts=ACTS,
    hosts=("workshops.answered",),
    slots={
        "people.timeline": reporting.timeline,
        "people.stages": reporting.stages,
        "reports.figures": annexes.figures,
        "reports.annexes": annexes.annexes,
    },
    on={AttendanceChanged: awarding.follow},
    personal_data=personal_data,
)
