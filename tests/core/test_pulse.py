"""The periodic tasks of features wait while somebody replays the past; those of the core go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from lms.core import clock, pulse

SWEEP = "questionnaires.sweep"


@pytest.fixture
def ran(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note which tasks run."""
    found: list[str] = []
    for name in (SWEEP, pulse.BEAT):
        monkeypatch.setattr(ctx.extensions["celery"].tasks[name], "run", lambda *_, name=name: found.append(name))
    return found


def test_periodic_tasks_wait_and_go_on(ctx: Flask, ran: list[str]) -> None:
    tasks = ctx.extensions["celery"].tasks
    pulse.hold()
    tasks[SWEEP]()
    tasks[pulse.BEAT]()
    assert ran == [pulse.BEAT]
    pulse.release()
    tasks[SWEEP]()
    assert ran == [pulse.BEAT, SWEEP]


def test_what_was_killed_holds_nothing_up(ctx: Flask, ran: list[str]) -> None:
    """A hold that nobody renews is over after a minute; work that is asked for by its number never waits."""
    pulse.hold()
    task = ctx.extensions["celery"].tasks[SWEEP]
    task(7)
    with clock.at(clock.now() + timedelta(minutes=1, seconds=1)):
        task()
    assert ran == [SWEEP, SWEEP]
