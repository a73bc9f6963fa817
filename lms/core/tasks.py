"""Background work: tasks take ids, are idempotent, and are only a nudge; the row they are about is the queue."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from celery import Celery
from celery import Task as CeleryTask
from flask import Flask, current_app
from kombu.exceptions import OperationalError
from kombu.transport import TRANSPORT_ALIASES

from lms.core.db import after_commit

log = logging.getLogger(__name__)
Function = TypeVar("Function", bound=Callable[..., None])
TRANSPORT_ALIASES["filesystem"] = "lms.core.embedded:Transport"
TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "lms.core.redis_broker:Transport"
_tasks: dict[str, Callable[..., None]] = {}


def task(name: str) -> Callable[[Function], Function]:
    """Declare a background task under a fixed name such as 'mail.send'."""

    def declare(function: Function) -> Function:
        _tasks[name] = function
        return function

    return declare


def enqueue(name: str, *ids: int) -> None:
    """Nudge the worker once the current unit of work is committed; a lost nudge is made good by a sweep."""
    celery: Celery = current_app.extensions["celery"]
    after_commit(lambda: _nudge(celery, name, ids))


def _nudge(celery: Celery, name: str, ids: tuple[int, ...]) -> None:
    try:
        celery.tasks[name].apply_async(ids, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no broker for %s%s, left to the sweep: %s", name, ids, error)


def sweep_at_once(celery: Celery) -> None:
    """Nudge every periodic task, so that what was left while no worker ran need not wait for its time."""
    for name in celery.conf.beat_schedule:
        _nudge(celery, name, ())


def run(name: str, *ids: int) -> None:
    """Do a task's work here and now."""
    _tasks[name](*ids)


def make_celery(  # noqa: PLR0913 - each is a part of one thing
    app: Flask, broker_url: str, data: Path, sweeps: Mapping[str, float], *, waits: Callable[[str], bool], eager: bool
) -> Celery:
    """Build the Celery application with every declared task inside `app`'s context; a periodic task that `waits` is left out this time."""

    class TaskInContext(CeleryTask):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                waiting = not args and not self.request.is_eager and waits(self.name)
                return None if waiting else self.run(*args, **kwargs)

    celery = Celery(app.name, broker=broker_url, task_cls=TaskInContext, set_as_current=False)
    celery.conf.update(
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # for ever: Celery's own hundred tries are over after three quarters of an hour
        broker_transport_options=_transport(broker_url, data),
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_always_eager=eager,
        task_eager_propagates=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        timezone="UTC",
        beat_scheduler="celery.beat:Scheduler",
        beat_schedule=_schedule(sweeps.items()),
    )
    for name, function in _tasks.items():
        celery.task(function, name=name)
    return celery


def _schedule(sweeps: Iterable[tuple[str, float]]) -> dict[str, Any]:
    return {name: {"task": name, "schedule": seconds, "options": {"expires": seconds}} for name, seconds in sweeps}


def _transport(broker_url: str, data: Path) -> dict[str, Any]:
    if broker_url.startswith("filesystem"):
        queue = queue_folder(data)
        return {
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),
            "control_folder": str(queue / "control"),
            "polling_interval": 0.05,
        }
    return {
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "visibility_timeout": 120,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
    }


def queue_folder(data: Path) -> Path:
    """Tell where the embedded broker keeps its messages."""
    return data / "queue"
