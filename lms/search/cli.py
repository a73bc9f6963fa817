"""`lms search`: the index, made anew."""

from __future__ import annotations

import click

from lms.core.cli import example, in_app, progress, say
from lms.search import commands


@click.group()
def search() -> None:
    """Look after the search index."""


@search.command(epilog=example("lms search rebuild"))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@in_app
def rebuild(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Index every text anew.

    People go on searching meanwhile. It is needed only after search was switched off for a while.
    """
    done = 0
    with progress(commands.everything(), "Indexing") as bar:
        for batch in bar:
            done += commands.index(batch)
    say({"indexed": done}, as_json=as_json)
