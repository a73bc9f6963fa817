"""The first administrator of an installation: made by an address that its operator is shown once, good for a day and for one use."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from lms.accounts.commands import NewPerson, make_administrator
from lms.accounts.models import FirstRun
from lms.accounts.rules import password_fault
from lms.core import clock
from lms.core.db import db, read
from lms.core.domain import Person
from lms.core.errors import Conflict, Invalid
from lms.core.urls import absolute_url
from lms.core.viewer import NOBODY, hash_token

OVER = "This installation has its first administrator already, so this address does nothing any more."
GOOD_FOR = timedelta(hours=24)
_WAITS = select(FirstRun.expires_at).where(FirstRun.used_at.is_(None))
_ADMINISTRATOR = select(Person.id).where(Person.administrator).limit(1)


def address() -> str | None:
    """Make the address by which the first administrator comes, in the place of any other; `None` where there is one already."""
    if db.session.scalar(_ADMINISTRATOR) is not None:
        return None
    token = secrets.token_urlsafe(24)
    db.session.execute(delete(FirstRun).where(FirstRun.used_at.is_(None)))
    db.session.add(FirstRun(token_hash=hash_token(token), expires_at=clock.now() + GOOD_FOR))
    return absolute_url("accounts.first_run", token=token)


def waits() -> bool:
    """Tell whether the installation waits for its first administrator."""
    return any(expires_at > clock.now() for (expires_at,) in read(_WAITS))


def require(token: str) -> None:
    """Make sure that a token can be used; raise `Conflict` where there is an administrator, `Invalid` for one unknown or too old."""
    if db.session.scalar(_ADMINISTRATOR) is not None:
        raise Conflict(OVER, remedy="Sign in instead. Administrators make others on the page Administrators.")
    if db.session.scalar(select(FirstRun.id).where(*_usable(token))) is None:
        message = "This address is not valid, or its day is over."
        raise Invalid(message, remedy="Whoever runs the installation gets a new one by `lms account first`.")


def _usable(token: str) -> tuple[ColumnElement[bool], ...]:
    return FirstRun.token_hash == hash_token(token), FirstRun.used_at.is_(None), FirstRun.expires_at > clock.now()


def begin(token: str, new: NewPerson) -> Person:
    """Make the first administrator, and let the address do nothing any more."""
    require(token)
    if fault := password_fault(new.password or "", new.name, new.email):
        raise Invalid(fault, field="password")
    used = update(FirstRun).where(*_usable(token)).values(used_at=clock.now())
    if db.session.scalar(used.returning(FirstRun.id)) is None:  # somebody pressed twice at the same moment
        raise Conflict(OVER)
    return db.session.get_one(Person, make_administrator(new, NOBODY))
