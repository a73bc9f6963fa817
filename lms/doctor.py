"""`lms doctor`: what is configured, what is reachable, what is missing."""

from __future__ import annotations

import json
import shutil
import smtplib
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import redis
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from lms import health
from lms.app import create_app
from lms.core import clock
from lms.core.cli import example, working
from lms.core.errors import DomainError
from lms.core.plugins import Registry, discover
from lms.health import Wrong
from lms.settings import SECRET_FILE, Settings

LEAST_SPACE = 500_000_000
MARKS = {True: "ok ", False: "BAD"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    fine: bool
    detail: str


@click.command(epilog=example("lms doctor", "lms doctor --json"))
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one line of JSON.")
def doctor(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Say what is configured, reachable and missing.

    It looks at the data folder, the database and its version, the broker, the worker and its periodic tasks, mail, waiting work,
    courses, plugins and the keys that sign certificates. It changes nothing, and exits with 1 if something is wrong.
    """
    settings = Settings.from_env()
    if settings.clock_start:
        clock.start_at(clock.parse(settings.clock_start))
    findings = list(examine(settings))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{MARKS[finding.fine]}  {finding.what:<12} {finding.detail}")
    sys.exit(not all(finding.fine for finding in findings))


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at each part of the installation in turn; at what the database knows only where it answers."""
    broken = set()
    for what, look in INSTALLED.items():
        finding = _look(what, look, settings)
        broken |= set() if finding.fine else {what}
        yield finding
    if broken & {"secret", "database"}:
        return
    with working(app := create_app(settings)):
        for what, look in health.RUNNING.items():
            yield (finding := _look(what, look, settings))
            if what == "migrations" and not finding.fine:
                return
        for what, ask in app.extensions["lms"].health.items():
            yield _look(what, _asked(ask), settings)


def _asked(ask: Callable[[], str]) -> Callable[[Settings], str]:
    return lambda _settings: ask()


def _look(what: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(what, fine=True, detail=look(settings))
    except (Wrong, DomainError, SQLAlchemyError, redis.RedisError, OSError, smtplib.SMTPException) as error:
        reason = getattr(error, "orig", None) or error
        return Finding(what, fine=False, detail=" ".join(str(reason).split("\n\n")[0].split()))


def _data(settings: Settings) -> str:
    if not settings.data.is_dir():
        message = f"{settings.data} does not exist yet: `lms db upgrade` creates it"
        raise Wrong(message)
    free = shutil.disk_usage(settings.data).free
    if free < LEAST_SPACE:
        message = f"{settings.data} has only {free / 1e6:.0f} MB free"
        raise Wrong(message)
    return f"{settings.data}, {free / 1e9:.1f} GB free"


def _secret(settings: Settings) -> str:
    if not settings.secret_key:
        message = f"no {SECRET_FILE} in the data folder and no LMS_SECRET_KEY: `lms db upgrade` creates one"
        raise Wrong(message)
    return "is set"


def _database(settings: Settings) -> str:
    url = make_url(settings.database_url)
    if url.drivername == "sqlite" and not Path(url.database or "").is_file():
        message = f"{url.database} does not exist yet: `lms db upgrade` creates it"
        raise Wrong(message)
    engine = create_engine(url)
    try:
        with engine.connect():
            return f"{url.render_as_string(hide_password=True)} answers"
    finally:
        engine.dispose()


def _broker(settings: Settings) -> str:
    if not settings.redis_url:
        return "embedded, in the data folder (no REDIS_URL)"
    with redis.Redis.from_url(settings.redis_url, socket_timeout=3, socket_connect_timeout=3) as server:
        durable = server.config_get("appendonly").get("appendonly") == "yes"
    return "Redis answers" + ("" if durable else "; switch its append-only file on so that it forgets nothing")


def _mail(settings: Settings) -> str:
    if not settings.smtp_url:
        return "kept in the mailbox page (no SMTP_URL)"
    parts = urlsplit(settings.smtp_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25), timeout=5) as server:
        server.noop()
    return f"{parts.hostname} answers"


def _content(settings: Settings) -> str:
    missing = [str(folder) for folder in settings.content if not (folder / "course.toml").is_file()]
    if missing:
        message = f"no course.toml in {', '.join(missing)}"
        raise Wrong(message)
    return ", ".join(map(str, settings.content))


def _plugins(settings: Settings) -> str:
    names = ", ".join(plugin.name for plugin in Registry(discover(settings.disabled)).plugins)
    return names + (f"; switched off: {', '.join(sorted(settings.disabled))}" if settings.disabled else "")


INSTALLED: dict[str, Callable[[Settings], str]] = {
    "data": _data,
    "secret": _secret,
    "plugins": _plugins,
    "content": _content,
    "broker": _broker,
    "mail": _mail,
    "database": _database,
}
