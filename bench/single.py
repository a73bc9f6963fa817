"""Measuring one page: by many learners at once, or by one member of the staff alone."""

from __future__ import annotations

from bench.load import converse
from bench.pages import ask_in_turn, read_on
from bench.rehearsal import rehearse
from bench.report import Line
from bench.run import CONNECTIONS, Case, Run, Site
from bench.talk import Ask
from bench.world import RUNNING

KILOBYTE = 1000


def page(run: Run, site: Site, name: str, *paths: str, size: str = "") -> Line:
    """Measure a page of the running edition, asked for by several learners at once; of several, each goes from one to the next."""
    visitors = site.world.visitors(RUNNING, CONNECTIONS)
    for visitor in visitors:
        visitor.asks = [Ask(f"/e/{RUNNING}/{path}") for path in paths]
        converse(site.server.port, visitor, read_on)
    rehearse(site.world.app, read_on, visitors[0])
    seen = rehearse(site.world.app, read_on, visitors[0])
    line = run.measure(name, size or f"{seen.shown / KILOBYTE:.0f} KB", site.server, Case(read_on, visitors))
    line.queries, line.kb = seen.queries, round(seen.sent / KILOBYTE, 1)
    return line


def desk(run: Run, name: str, size: str, address: str) -> Line:
    """Measure a page of the staff, asked for by an administrator, one request at a time."""
    site = run.site
    visitor = site.world.visitor(site.world.administrator)
    visitor.asks = [Ask(address)]
    rehearse(site.world.app, ask_in_turn, visitor)
    seen = rehearse(site.world.app, ask_in_turn, visitor)
    line = run.alone(name, size, site.server, Case(ask_in_turn, [visitor]))
    line.queries, line.kb = seen.queries, round(seen.sent / KILOBYTE, 1)
    return line
