"""Questionnaires: opinions that are asked for, anonymous for real, and the satisfaction that follows from them."""

from __future__ import annotations

from lms.core.plugins import NavItem, Plugin, Sweep
from lms.questionnaires import catalogue, figures, permissions, tasks, views
from lms.questionnaires.privacy import personal_data
from lms.questionnaires.staff_views import blueprint

plugin = Plugin(
    name="questionnaires",
    requires=("editions", "modules"),
    blueprint=blueprint,
    rules={"questionnaires.run": permissions.run},
    nav=(NavItem("Questionnaires", "questionnaires.desk", "questionnaires.run", icon="square-check", order=55, place="desk"),),
    hosts=(catalogue.SLOT,),
    slots={"editions.dashboard": views.dashboard, "reports.figures": figures.figures, "reports.annexes": figures.annexes},
    personal_data=personal_data,
    sweeps=(Sweep(tasks.SWEEP, 60.0),),
    acts={
        "questionnaires.create": "Planned a questionnaire",
        "questionnaires.change": "Changed a questionnaire",
        "questionnaires.close": "Closed a questionnaire",
        "questionnaires.remind": "Reminded those who had not answered",
        "questionnaires.tag": "Put a tag on an anonymous comment",
        "questionnaires.look": "Looked at who had not answered a questionnaire",
    },
)
