"""`lms doctor`: what is configured, what is reachable, what is missing."""

from __future__ import annotations

import json
import smtplib
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import click
import redis
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from lms.core.plugins import Registry, discover
from lms.settings import SECRET_FILE, Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    fine: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Say what is configured, reachable and missing; exits 1 if something is wrong."""
    findings = list(examine(Settings.from_env()))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.fine else 'BAD'}  {finding.what:<10} {finding.detail}")
    sys.exit(not all(finding.fine for finding in findings))


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at each part of the installation in turn."""
    checks: dict[str, Callable[[Settings], str]] = {
        "data": _data,
        "secret": _secret,
        "database": _database,
        "broker": _broker,
        "mail": _mail,
        "content": _content,
        "plugins": _plugins,
    }
    for what, look in checks.items():
        try:
            yield Finding(what, True, look(settings))  # noqa: FBT003 - reads well
        except (_Wrong, SQLAlchemyError, redis.RedisError, OSError, smtplib.SMTPException) as error:
            yield Finding(what, False, str(error).splitlines()[0])  # noqa: FBT003 - reads well


class _Wrong(Exception):
    pass


def _data(settings: Settings) -> str:
    if not settings.data.is_dir():
        message = f"{settings.data} does not exist yet: `lms db upgrade` creates it"
        raise _Wrong(message)
    return str(settings.data)


def _secret(settings: Settings) -> str:
    if not settings.secret_key:
        message = f"no {SECRET_FILE} in the data folder and no LMS_SECRET_KEY: `lms db upgrade` creates one"
        raise _Wrong(message)
    return "is set"


def _database(settings: Settings) -> str:
    engine = create_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            ready = inspect(connection).has_table("alembic_version")
    finally:
        engine.dispose()
    if not ready:
        message = f"{engine.dialect.name} answers but is empty: run `lms db upgrade`"
        raise _Wrong(message)
    return f"{engine.dialect.name} answers"


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
        raise _Wrong(message)
    return ", ".join(map(str, settings.content))


def _plugins(settings: Settings) -> str:
    return ", ".join(plugin.name for plugin in Registry(discover(settings.disabled)).plugins)
