"""An edition of the small course with staff, and browsers for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core.domain import Course, Role
from lms.core.viewer import EditionInfo, edition_by_id
from tests.core import factories

SignIn = Callable[[int], FlaskClient]


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

    def learner(self, name: str = "Sokha Pov", **facts: Any) -> int:
        """Register a learner; facts of the enrolment, such as the country."""
        email = facts.pop("email", None)
        person = factories.person(name=name, printed_name=str(facts.pop("printed_name", name)), **({"email": email} if email else {}))
        return factories.enrolment(self.info.id, person, **facts)


def says_why(browser: FlaskClient, address: str) -> FlaskClient:
    """Let a tutor say why somebody's records are opened, and give the tutor's browser."""
    assert browser.post(address, data={"purpose": "answer a question"}).status_code == 302
    return browser


def make_place(course: Course) -> Place:
    """Make it; the course has been open for ten days."""
    edition = factories.edition(course.id)
    admin = factories.enrolment(edition, factories.person(name="Mira Adler", printed_name="Mira Adler"), role=Role.ADMINISTRATOR)
    tutor = factories.enrolment(edition, factories.person(name="Rosa Lindqvist", printed_name="Rosa Lindqvist"), role=Role.TUTOR)
    return Place(edition_by_id(edition), admin, tutor)


@pytest.fixture
def place(course: Course) -> Place:
    """Make it."""
    return make_place(course)


@pytest.fixture
def admin(place: Place, signed_in: SignIn) -> FlaskClient:
    """Give the administrator's browser."""
    return signed_in(factories.person_of(place.admin))


@pytest.fixture
def tutor(place: Place, signed_in: SignIn) -> FlaskClient:
    """Give the tutor's browser."""
    return signed_in(factories.person_of(place.tutor))
