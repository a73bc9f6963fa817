"""Browsers in which somebody has signed in before, and the mail about one that is new."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from lms.accounts import devices, emails
from lms.accounts.models import KnownBrowser
from lms.core import clock, mail
from lms.core.db import db, upsert
from lms.core.domain import Person
from lms.core.urls import absolute_url

KEPT = timedelta(days=400)
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 3  # whoever knows the password can't fill the mailbox of its owner


def recognise(person: Person, agent: str) -> None:
    """Remember in what kind of browser a person signs in, and mail about one that is new; the first ever is no news."""
    now, kind = clock.now(), devices.kind(agent)
    rows = db.session.execute(select(KnownBrowser.kind, KnownBrowser.first_at).where(KnownBrowser.person_id == person.id))
    known = {row.kind: row.first_at for row in rows}
    db.session.execute(upsert(KnownBrowser, {"person_id": person.id, "kind": kind}, {"first_at": now, "last_at": now}, {"last_at": now}))
    if known and kind not in known and sum(at > now - HOUR for at in known.values()) < MOST_AN_HOUR:
        url = absolute_url("accounts.security") + "#devices"
        letter = emails.new_browser(person.name, devices.describe(agent), now, person.zone, url)
        mail.post(letter, person.email, kind="accounts.new_browser", person_id=person.id)


def forget() -> None:
    """Forget browsers in which nobody has signed in for long."""
    db.session.execute(delete(KnownBrowser).where(KnownBrowser.last_at < clock.now() - KEPT))
