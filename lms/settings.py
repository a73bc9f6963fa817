"""What the installation is told from outside, read once and frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from lms.core import clock

NOBODY_NAMED = "Course secretariat"
SECRET_FILE = "secret.key"  # noqa: S105 - not a password


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with its default; see the table in `docs/operators.md`."""

    data: Path = Path("var")
    content: tuple[Path, ...] = (Path("content"),)
    database_url: str = ""
    redis_url: str = ""
    secret_key: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = "LMS <lms@localhost>"
    issuer: str = NOBODY_NAMED
    disabled: frozenset[str] = frozenset()
    clock_start: str = ""
    staff_second_factor: bool = True
    trusted_proxies: int = 0
    eager_tasks: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; raise `SettingsError` for a value that can't be used."""
        env = os.environ if env is None else env
        data = Path(env.get("LMS_DATA") or "var").resolve()
        port = _whole("PORT", env.get("PORT") or "8000", 0, 65535)
        host = env.get("HOST") or "127.0.0.1"
        return cls(
            data=data,
            content=_folders(env.get("LMS_CONTENT") or "content"),
            database_url=_database(env.get("DATABASE_URL") or f"sqlite:///{data / 'lms.sqlite3'}"),
            redis_url=_address("REDIS_URL", env.get("REDIS_URL") or "", {"redis", "rediss", "unix"}),
            secret_key=env.get("LMS_SECRET_KEY") or _stored_secret(data),
            host=host,
            port=port,
            base_url=(env.get("LMS_BASE_URL") or f"http://{_shown_host(host)}:{port}").rstrip("/"),
            smtp_url=_address("SMTP_URL", env.get("SMTP_URL") or "", {"smtp", "smtps"}),
            mail_from=env.get("MAIL_FROM") or "LMS <lms@localhost>",
            issuer=env.get("LMS_ISSUER") or NOBODY_NAMED,
            disabled=frozenset((env.get("LMS_DISABLED") or "").replace(",", " ").split()),
            clock_start=_moment(env.get("LMS_CLOCK") or ""),
            staff_second_factor=_required("LMS_STAFF_SECOND_FACTOR", env.get("LMS_STAFF_SECOND_FACTOR") or "required"),
            trusted_proxies=_whole("LMS_TRUSTED_PROXIES", env.get("LMS_TRUSTED_PROXIES") or "0", 0, 9),
        )

    @property
    def names_issuer(self) -> bool:
        """Whether somebody has said who issues certificates."""
        return self.issuer != NOBODY_NAMED

    @property
    def secure(self) -> bool:
        """Whether browsers reach the installation by HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def broker_url(self) -> str:
        """Celery's broker: Redis, or the embedded one in the data folder."""
        return self.redis_url or "filesystem://localhost//"


def _whole(name: str, text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        message = f"{name} must be a whole number from {low} to {high}, not {text!r}."
        raise SettingsError(message)
    return int(text)


def _required(name: str, text: str) -> bool:
    if text not in {"required", "optional"}:
        message = f"{name} must be required or optional, not {text!r}."
        raise SettingsError(message)
    return text == "required"


def _shown_host(host: str) -> str:
    return "localhost" if host in {"0.0.0.0", "::", "127.0.0.1"} else host  # noqa: S104 - compared, not bound


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(Path(part).resolve() for part in text.split(os.pathsep) if part)


def _database(url: str) -> str:
    scheme, _, rest = url.partition("://")
    with suppress(ArgumentError, ValueError):
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"} and make_url(f"postgresql+psycopg://{rest}").database:
            return f"postgresql+psycopg://{rest}"
        if scheme == "sqlite" and Path(make_url(url).database or "").is_absolute():
            return url
    message = "DATABASE_URL must be like postgresql://user:password@host:5432/name or sqlite:////absolute/path."
    raise SettingsError(message)


def _address(name: str, url: str, schemes: set[str]) -> str:
    if url and urlsplit(url).scheme not in schemes:
        message = f"{name} must begin with {' or '.join(f'{s}://' for s in sorted(schemes))}."
        raise SettingsError(message)
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        message = f"{name} names a port that is no number from 0 to 65535."
        raise SettingsError(message) from error
    return url


def _moment(text: str) -> str:
    if text:
        try:
            clock.parse(text)
        except ValueError as error:
            message = f"LMS_CLOCK must be a moment such as 2019-09-10T09:00:00+08:00: {error}."
            raise SettingsError(message) from error
    return text


def _stored_secret(data: Path) -> str:
    file = data / SECRET_FILE
    return file.read_text().strip() if file.exists() else ""
