"""Gradebook: a ledger of scores, the averages that follow from it, the ranking."""

from __future__ import annotations

from lms.core.permissions import export
from lms.core.plugins import NavItem, Plugin, Sweep
from lms.core.progress import ActivityChanged, ScoreReleased
from lms.editions.api import EditionClosed, EnrolmentConfirmed
from lms.gradebook import cards, cli, commands, figures, reporting, tasks
from lms.gradebook.views import blueprint

plugin = Plugin(
    name="gradebook",
    requires=("editions",),
    blueprint=blueprint,
    rules={"gradebook.rank": export},
    nav=(
        NavItem("Grades", "gradebook.grades", "learner", icon="chart-column", order=40),
        NavItem("Ranking", "gradebook.ranking_page", "gradebook.rank", icon="chart-column", order=40, place="desk"),
    ),
    acts={"gradebook.look": "Looked at grades", "gradebook.export": "Took the ranking as a file"},
    slots={
        "people.timeline": reporting.timeline,
        "people.stages": reporting.stages,
        "reports.figures": figures.figures,
        "editions.dashboard": cards.dashboard,
        "editions.staff": cards.staff,
        "editions.closing": cards.closing,
        "editions.result": cards.result,
        "editions.outlook": cards.outlook,
    },
    on={
        ActivityChanged: commands.follow,
        ScoreReleased: commands.note,
        EnrolmentConfirmed: commands.begin,
        EditionClosed: commands.freeze,
    },
    sweeps=(Sweep(tasks.SWEEP, 600.0),),
    commands=(cli.grades,),
)
