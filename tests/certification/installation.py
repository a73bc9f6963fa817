"""A whole installation whose web server, workers and broker can be killed at any moment, and started again."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

import flask_migrate
import psutil
from flask import Flask

from lms import cli, schema
from lms.app import create_app
from lms.core import clock
from lms.core.db import db
from lms.core.tasks import queue_folder
from lms.settings import Settings
from tests.browser.live import ROOT, environment
from tests.conftest import sign_in
from tests.servers import Redis, postgres, redis

PATIENCE = 120.0  # on a busy machine; only what fails takes so long
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_SHOWN = re.compile(r'name="shown"[^>]* value="([^"]+)"')


class Broker(Protocol):
    """What carries the nudges."""

    def kill(self) -> None:
        """Let it be gone, with all that it holds."""

    def start(self) -> None:
        """Let it be there again, empty."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The embedded broker: killed, its folder is gone."""

    place: Path

    def kill(self) -> None:
        """Take the folder away."""
        while self.place.exists():
            shutil.rmtree(self.place, ignore_errors=True)  # somebody may just be writing into it

    def start(self) -> None:
        """Make it as `lms` does when it starts."""
        (self.place / "control").mkdir(parents=True)


@dataclass(frozen=True, slots=True)
class Forgetful:
    """A Redis that loses its file when it is killed."""

    server: Redis

    def kill(self) -> None:
        """Kill the server and remove its file."""
        self.server.kill()
        shutil.rmtree(self.server.folder / "appendonlydir", ignore_errors=True)

    def start(self) -> None:
        """Start it."""
        self.server.start()


@dataclass
class Installation:
    """The programs of the platform, and an application in this process that sees the same database."""

    env: dict[str, str]
    app: Flask
    broker: Broker
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """What the programs are set to."""
        return Settings.from_env(self.env)

    def web(self) -> subprocess.Popen[bytes]:
        """Start the web server and wait until it answers."""
        process = self._start(cli.web_command(self.settings, 1))
        wait_until(lambda: self._answers(process), "the web server answers")
        return process

    def worker(self, hours: int = 0) -> subprocess.Popen[bytes]:
        """Start a worker whose clock is some hours ahead, so that what the dead had begun is due again."""
        return self._start(cli.worker_command(2), LMS_CLOCK=(clock.now() + timedelta(hours=hours)).isoformat())

    def kill(self) -> None:
        """Kill all that runs."""
        for process in self.running:
            kill(process)

    def _start(self, command: list[str], **more: str) -> subprocess.Popen[bytes]:
        with (self.settings.data / "log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.env | more, start_new_session=True, stdout=log, stderr=log)
        self.running.append(process)
        return process

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.poll() is None, (self.settings.data / "log").read_text(errors="replace")[-3000:]
        try:
            with urllib.request.urlopen(f"{self.settings.base_url}/", timeout=PATIENCE) as response:  # noqa: S310 - our own address
                return bool(response.status == 200)
        except OSError:
            return False

    def visitor(self, person_id: int) -> Client:
        """Sign somebody in."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = sign_in(self.app, person_id).get_cookie(name)
        assert cookie is not None
        return Client(self.settings.base_url, f"{name}={cookie.value}")


@dataclass(slots=True)
class Client:
    """A signed-in person without a browser."""

    origin: str
    cookie: str

    def closes(self, edition: str) -> bool:
        """Close an edition by its page, as its button does; `False` where the server died over it."""
        try:
            page = self._ask(f"/e/{edition}/close").decode()
            shown, token = _SHOWN.search(page), _TOKEN.search(page)
            assert shown, page
            assert token, page
            self._ask(f"/e/{edition}/close", f"shown={shown[1]}&csrf_token={token[1]}".encode())
        except (OSError, HTTPException):
            return False
        return True

    def _ask(self, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(self.origin + path, body, {"Cookie": self.cookie})  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310 - our own address
            if kept := response.headers["Set-Cookie"]:
                self.cookie = kept.partition(";")[0]
            return bytes(response.read())


@contextmanager
def installation(kind: str, folder: Path) -> Iterator[Installation]:
    """Set an installation up, embedded or with PostgreSQL and Redis, for the length of the block; nothing of it is left running."""
    with ExitStack() as stack:
        env = environment(folder) | {"LMS_SECRET_KEY": secrets.token_hex(20)}
        broker: Broker = Folder(queue_folder(Path(env["LMS_DATA"])))
        if kind == "servers":
            server = stack.enter_context(redis())
            env |= {"DATABASE_URL": stack.enter_context(postgres()).url, "REDIS_URL": server.url}
            broker = Forgetful(server)
        settings = Settings.from_env(env)
        cli.prepare(settings)
        app = create_app(settings)
        stack.enter_context(app.app_context())
        schema.attach(app)
        flask_migrate.upgrade()
        made = Installation(env, app, broker)
        stack.callback(made.kill)
        yield made
        db.session.remove()
        db.engine.dispose()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a program and all its processes at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def kill_one_child(process: subprocess.Popen[bytes]) -> None:
    """Kill one of the processes in which a worker works."""
    children = psutil.Process(process.pid).children()
    if children:
        secrets.choice(children).kill()


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Look again and again until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"not after {PATIENCE:.0f} s: {what}"
        time.sleep(0.02)

