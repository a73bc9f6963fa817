"""A place for discussion, ready for each test."""

from __future__ import annotations

import pytest

from lms.core.domain import Course
from tests.forums.factories import Place, place


@pytest.fixture(name="place")
def make_place(course: Course) -> Place:
    """Give an edition with people in it."""
    return place(course)
