"""Several workers at once, each in a thread with an application context and a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask

Result = TypeVar("Result")


def at_once(app: Flask, count: int, job: Callable[[], Result]) -> list[Result]:
    """Start `job` so many times at the same moment and give what each returned."""
    barrier = Barrier(count)

    def run(_: int) -> Result:
        with app.app_context():
            barrier.wait(10)
            return job()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
