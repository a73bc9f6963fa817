"""The privacy notice: versions that are only added, and who agreed to which, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from lms.applications.models import Consent, PrivacyNotice
from lms.core import audit, clock
from lms.core.db import db, read
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.viewer import Viewer

MOST = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """A version of the notice, and since when it holds."""

    version: int
    text: str
    published_at: datetime


_NOTICE = select(PrivacyNotice.version, PrivacyNotice.text, PrivacyNotice.published_at)


def current() -> Notice | None:
    """Read the version that holds now; `None` where nobody has written one."""
    row = db.session.execute(_NOTICE.order_by(PrivacyNotice.version.desc()).limit(1)).first()
    return Notice(*row) if row else None


_CURRENT = select(func.max(PrivacyNotice.version))


def current_version() -> int | None:
    """Give the number of the version that holds now."""
    version: int | None = read(_CURRENT).scalar()
    return version


def one(version: int) -> Notice:
    """Read a version; raise `NotFound`."""
    row: Sequence[Any] | None = db.session.execute(_NOTICE.where(PrivacyNotice.version == version)).first()
    if row is None:
        message = "There is no such version of the privacy notice."
        raise NotFound(message)
    return Notice(*row)


def versions() -> Sequence[tuple[int, datetime]]:
    """List the versions with their dates, newest first."""
    query = select(PrivacyNotice.version, PrivacyNotice.published_at).order_by(PrivacyNotice.version.desc())
    return [(version, at) for version, at in db.session.execute(query.limit(MOST))]


def publish(viewer: Viewer, text: str, before: int) -> int:
    """Add a version to `before`, the one that its author has read, and give its number; raise `Conflict` and `Invalid`."""
    held = current()
    if (held.version if held else 0) != before:
        message = "Somebody published another version since you opened this page. Read it; then send yours again if it is still needed."
        raise Conflict(message, field="text")
    if held and held.text == text:
        message = "This is the text that holds already."
        raise Invalid(message, field="text")
    notice = PrivacyNotice(version=before + 1, text=text, published_by_id=viewer.person_id)
    try:
        with db.session.begin_nested():
            db.session.add(notice)
    except IntegrityError as error:  # two at the same moment
        message = "Somebody published another version at the same moment. Please look at it first."
        raise Conflict(message, field="text") from error
    audit.record(viewer, "privacy.publish", "privacy notice", notice.id, version=notice.version)
    return notice.version


def agree(person_id: int, version: int) -> None:
    """Note that a person agreed to a version; again changes nothing."""
    if consent(person_id, version) is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.add(Consent(person_id=person_id, version=one(version).version, at=clock.now()))
    except IntegrityError:  # pressed twice at the same moment
        return


_CONSENT = select(Consent.at).where(Consent.person_id == bindparam("person"), Consent.version == bindparam("version"))


def consent(person_id: int, version: int) -> datetime | None:
    """Tell when a person agreed to a version."""
    at: datetime | None = read(_CONSENT, person=person_id, version=version).scalar()
    return at


def last_consent(person_id: int) -> tuple[int, datetime] | None:
    """Give the newest version that a person agreed to, and when."""
    query = select(Consent.version, Consent.at).where(Consent.person_id == person_id).order_by(Consent.version.desc()).limit(1)
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row else None


def owed(person_id: int) -> int | None:
    """Give the version that holds as long as a person has not agreed to it."""
    version = current_version()
    return None if version is None or consent(person_id, version) is not None else version
