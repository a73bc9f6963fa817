"""The platform as its users have it: web processes, a worker and its sweep on a free port, with data of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
import psutil
from flask import Flask

from lms import cli, schema
from lms.app import create_app
from lms.core import content, courses
from lms.core.db import db
from lms.settings import Settings
from tests.servers import find_binary

ROOT = Path(__file__).parents[2]
COURSES = (ROOT / "content", ROOT / "tests" / "course")
FOREIGN = ("DATABASE_URL", "REDIS_URL", "SMTP_URL", "LMS_SECRET_KEY", "LMS_DISABLED", "LMS_CLOCK", "LMS_TRUSTED_PROXIES")
PATIENCE = 60.0
TRACE = "Traceback (most recent call last)"


class SiteError(Exception):
    """A process of the site did not start, did not stop, or complained in its log."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running platform; `app` is the same application in this process, to prepare rows and to look at them."""

    origin: str
    folder: Path
    app: Flask


@contextmanager
def live_site(folder: Path) -> Iterator[Site]:
    """Run the platform for the length of the block, its two courses loaded; nothing of it is left running."""
    env = environment(folder)
    settings = _settings(env)
    app = create_app(settings)
    with app.app_context():
        schema.attach(app)
        flask_migrate.upgrade()
        for course in COURSES:
            loaded = courses.load_course(content.read_course(course), app.extensions["lms"].content_parts)
            if not loaded.loaded:
                raise SiteError("\n".join(map(str, loaded.problems)))
    _make_key(env)
    with running(folder, env):
        yield Site(settings.base_url, folder, app)
    with app.app_context():
        db.engine.dispose()


def _make_key(env: Mapping[str, str]) -> None:
    """Let the issuer have a key, as an operator does, so that certificates are no specimens."""
    command = [sys.executable, "-m", "lms.cli", "certificates", "keys", "--new"]
    subprocess.run(command, cwd=ROOT, env=dict(env), check=True, capture_output=True)


@contextmanager
def running(folder: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Run the processes that the `lms` command would: the web server and a worker with its sweep."""
    settings = _settings(env)
    with ExitStack() as stack:
        stack.enter_context(_process("web", cli.web_command(settings, 2), folder, env))
        stack.enter_context(_process("worker", cli.worker_command(1), folder, env))
        _wait_for(f"{settings.base_url}/", folder / "web.log")
        yield


def environment(folder: Path) -> dict[str, str]:
    """Give the settings of a platform of its own in this folder: embedded database and broker, mail kept, a free port."""
    port = _free_port()
    own = {
        "LMS_DATA": str(folder / "data"),
        "LMS_CONTENT": os.pathsep.join(map(str, COURSES)),
        "LMS_STAFF_SECOND_FACTOR": "optional",
        "LMS_ISSUER": "Harbour Training Centre",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LMS_BASE_URL": f"http://127.0.0.1:{port}",
    }
    return {name: value for name, value in os.environ.items() if name not in FOREIGN} | own


def _settings(env: Mapping[str, str]) -> Settings:
    cli.prepare(Settings.from_env(env))
    return Settings.from_env(env)


@contextmanager
def _process(name: str, command: list[str], folder: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Run a process for the length of the block; it ends with this one, however that ends."""
    log = folder / f"{name}.log"
    guarded = [find_binary("setpriv"), "--pdeathsig", "TERM", *command]
    with log.open("ab") as stream:
        process = psutil.Popen(
            guarded, cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        yield
        if process.poll() is not None:
            message = f"{name} ended by itself with {process.returncode}:\n{_tail(log)}"
            raise SiteError(message)
    finally:
        _stop(name, process)
    if TRACE in log.read_text(errors="replace"):
        message = f"{name} met an error:\n{_tail(log)}"
        raise SiteError(message)


def _stop(name: str, process: psutil.Popen) -> None:
    """Let a process and its children finish in order; whoever doesn't is killed and named."""
    family = [*_children(process), process]
    if process.poll() is None:
        process.terminate()
    _, left = psutil.wait_procs(family, PATIENCE)
    for survivor in left:
        survivor.kill()
    if left:
        message = f"{name}: {len(left)} processes did not stop when they were told to"
        raise SiteError(message)


def _children(process: psutil.Popen) -> list[psutil.Process]:
    try:
        children: list[psutil.Process] = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return children


def _wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(address):
        if time.monotonic() > deadline:
            message = f"{address} does not answer:\n{_tail(log)}"
            raise SiteError(message)
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except OSError:
        return False


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
