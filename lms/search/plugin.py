"""Search: everything that features hand over as documents, found by its words by those who may open it."""

from __future__ import annotations

from lms.core.documents import DocumentsChanged
from lms.core.plugins import Plugin, Sweep
from lms.search import cli, commands, slot_views, tasks
from lms.search.views import blueprint

plugin = Plugin(
    name="search",
    requires=("modules",),
    blueprint=blueprint,
    slots={"page.header": slot_views.header},
    on={DocumentsChanged: commands.follow},
    sweeps=(Sweep(tasks.SWEEP, 120.0),),
    commands=(cli.search,),
)
