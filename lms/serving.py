"""The web server's own process: it makes the application once, and the workers that are forked from it share its memory."""

from __future__ import annotations

import pkgutil
import sys

import click
from granian import Granian
from granian.constants import Interfaces
from granian.errors import FatalError
from granian.log import LogLevels

KILL_SECONDS = 5


def serve(factory: str, host: str, port: int, workers: int) -> None:
    """Serve what `factory` (`module:function`) makes until a signal ends it; it is made here, before there are workers.

    A function that keeps what it made gives every worker the same, so that each has memory of its own only for what it changes.
    """
    make = pkgutil.resolve_name(factory)
    make()
    server = Granian(
        factory,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        workers_kill_timeout=KILL_SECONDS,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=make, wrap_loader=False)


@click.command()
@click.argument("factory")
@click.option("--host", default="127.0.0.1")
@click.option("--port", type=int, default=5000)
@click.option("--workers", type=int, default=2)
def main(factory: str, host: str, port: int, workers: int) -> None:
    """Serve what FACTORY (`module:function`) makes."""
    try:
        serve(factory, host, port, workers)
    except FatalError:
        sys.exit(1)


if __name__ == "__main__":
    main()
