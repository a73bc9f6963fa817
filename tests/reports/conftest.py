"""An edition with learners from three countries, one of whom passed, and its administrator's browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from lms.core.db import unit_of_work
from lms.core.domain import Course, Role
from lms.core.viewer import EditionInfo, Viewer, edition_by_id
from lms.reports.api import take_snapshot
from tests.certification.factories import learner
from tests.core import factories


@dataclass(frozen=True)
class Place:
    """An edition and its administrator."""

    info: EditionInfo
    admin: Viewer

    @property
    def base(self) -> str:
        """Where the pages of the report begin."""
        return f"/e/{self.info.slug}/report/"

    def snapshot(self) -> int:
        """Take a snapshot."""
        with unit_of_work():
            return take_snapshot(self.info.id, self.admin)


@pytest.fixture
def place(course: Course) -> Place:
    """Make it: two women of KH, of whom one passed with all right, a man of SG; nobody of ID."""
    edition = factories.edition(course.id, starts_on=factories.someday(-10), ends_on=factories.someday(3))
    admin = factories.enrolment(edition, role=Role.ADMINISTRATOR)
    learner(edition, {"module1": 7, "module2": 7}, country="KH", gender="woman")
    factories.enrolment(edition, country="KH", gender="woman")
    factories.enrolment(edition, country="SG", gender="man")
    return Place(edition_by_id(edition), factories.viewer_of(admin))


@pytest.fixture
def admin(place: Place, signed_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """Give the administrator's browser."""
    return signed_in(place.admin.person_id or 0)
