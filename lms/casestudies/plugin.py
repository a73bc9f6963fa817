"""Case studies: handed in by participants of the workshop, assessed by several tutors, released all at once."""

from __future__ import annotations

from lms.casestudies import queries, reporting, tasks, views
from lms.casestudies.permissions import assess, manage
from lms.casestudies.privacy import personal_data
from lms.casestudies.staff_views import blueprint
from lms.core.plugins import NavItem, Plugin, Sweep

plugin = Plugin(
    name="casestudies",
    requires=("editions", "invitations", "modules"),
    blueprint=blueprint,
    rules={"casestudies.assess": assess, "casestudies.manage": manage},
    nav=(NavItem("Case studies", "casestudies.to_grade", "casestudies.assess", icon="file-text", order=62, place="desk"),),
    slots={
        "editions.dashboard": views.dashboard,
        "people.queues": reporting.queues,
        "reports.figures": reporting.figures,
        "reports.annexes": reporting.annexes,
    },
    acts={
        "case.rubric": "Changed the rubric of the case studies",
        "case.bank": "Kept, changed or removed a comment of the comment bank",
        "case.draft": "Saved a draft of a case study's grading",
        "case.grade": "Graded a case study",
        "case.settle": "Settled the score of a case study",
        "case.release": "Released the grades of case studies",
    },
    sweeps=(Sweep(tasks.SWEEP, tasks.SECONDS),),
    activities=queries.activities,
    counts=False,
    personal_data=personal_data,
)
