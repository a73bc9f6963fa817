"""Outages: detected or entered, whom they kept from a quiz, and more time for those, after a look at it, by one press."""

from __future__ import annotations

from lms.core.permissions import administrator
from lms.core.plugins import NavItem, Plugin, Sweep
from lms.core.pulse import ServedAgain
from lms.outages import commands, proposing, tasks, views

plugin = Plugin(
    name="outages",
    requires=("editions", "quizzes"),
    blueprint=views.blueprint,
    rules={"outages.decide": administrator},
    nav=(NavItem("Outages", "outages.index", "outages.decide", icon="triangle-alert", order=36, place="desk"),),
    acts={
        "outages.enter": "Entered an outage",
        "outages.approve": "Gave more time because of an outage",
        "outages.dismiss": "Decided that an outage needs no more time",
        "outages.make_good": "Made good for an attempt that an outage cut short",
    },
    slots={"people.queues": proposing.queue},
    on={ServedAgain: commands.note},
    sweeps=(Sweep(tasks.SWEEP, 60.0),),
)
