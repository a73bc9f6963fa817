"""An edition in which administrators decide, people who apply, and browsers for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.applications.models import Application
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Edition, Enrolment, EnrolmentState, Role
from lms.core.mail import OutgoingMail
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from tests.core import factories

SignIn = Callable[[int], FlaskClient]
ANSWERS = {
    "email": "Sokha@Example.org",
    "password": "nine grey elephants",
    "name": "Sokha Pov",
    "printed_name": "សុខា ពៅ",
    "gender": "woman",
    "country": "KH",
    "sector": "government",
    "institution": "Ministry of Trade",
    "position": "Head of section",
    "motivation": "Our register of companies is on paper.",
}


@dataclass
class Place:
    """An edition with an administrator and a tutor, each by enrolment."""

    info: EditionInfo
    admin: int
    tutor: int

    @property
    def base(self) -> str:
        """Where its pages begin."""
        return f"/e/{self.info.slug}"

    @property
    def viewer(self) -> Viewer:
        """The administrator, as commands see who acts."""
        return factories.viewer_of(self.admin)

    def applicant(self, name: str = "Sokha Pov", **facts: Any) -> int:
        """Let somebody have applied, and give the enrolment; facts of the person or of the enrolment."""
        own: dict[str, Any] = {key: facts.pop(key) for key in ("email", "email_confirmed_at", "printed_name") if key in facts}
        said = {"position": facts.pop("position", "Officer"), "motivation": facts.pop("motivation", "I want to learn.")}
        state = facts.pop("state", EnrolmentState.APPLIED)
        person = factories.person(**({"name": name, "printed_name": name} | own))
        enrolment = factories.enrolment(self.info.id, person, state=state, confirmed_at=None, **facts)
        with unit_of_work():
            db.session.add(Application(enrolment_id=enrolment, **said))
        return enrolment

    def closed(self) -> EditionInfo:
        """Let registration be over since yesterday."""
        with unit_of_work():
            db.session.get_one(Edition, self.info.id).registration_closes_at = clock.now() - timedelta(days=1)
        self.info = edition_by_id(self.info.id)
        return self.info


@pytest.fixture
def place(course: Course) -> Place:
    """Make it; the course begins in ten days."""
    edition = factories.edition(course.id, by_decision=True, starts_on=factories.someday(10), ends_on=factories.someday(40))
    admin = factories.enrolment(edition, factories.person(name="Mira Adler", printed_name="Mira Adler"), role=Role.ADMINISTRATOR)
    tutor = factories.enrolment(edition, factories.person(name="Rosa Lindqvist", printed_name="Rosa Lindqvist"), role=Role.TUTOR)
    return Place(edition_by_id(edition), admin, tutor)


@pytest.fixture
def admin(place: Place, signed_in: SignIn) -> FlaskClient:
    """Give the administrator's browser."""
    return signed_in(factories.person_of(place.admin))


def state_of(enrolment: int) -> str:
    """Read how far an application is."""
    return db.session.get_one(Enrolment, enrolment, populate_existing=True).state


def mails() -> list[OutgoingMail]:
    """Give all mails, oldest first."""
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def kinds() -> list[str]:
    """Give the kinds of all mails, oldest first."""
    return [mail.kind for mail in mails()]


def acts() -> list[str]:
    """List what is on record, but looks."""
    found = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    return [action for action in found if not action.endswith((".look", ".export"))]


def link(mail: OutgoingMail) -> str:
    """Give the path of the link in a mail."""
    match = re.search(r"http://localhost(/\S+)", mail.text)
    assert match, mail.text
    return match[1]


def hidden(page: str) -> dict[str, str]:
    """Read the hidden fields of a page."""
    found = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", page)]
    return {tag["name"]: tag.get("value", "") for tag in found if tag.get("type") == "hidden"}
