"""A place for discussion, ready for each test, and browsers of the people in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lms.core.domain import Course
from tests.forums.factories import Place, place


@pytest.fixture(name="place")
def make_place(course: Course) -> Place:
    """Give an edition with people in it."""
    return place(course)


@pytest.fixture
def browse(place: Place, signed_in: Callable[[int], FlaskClient]) -> Callable[[str], FlaskClient]:
    """Make browsers in which somebody of the place is signed in."""
    return lambda who: signed_in(place.person(who))
