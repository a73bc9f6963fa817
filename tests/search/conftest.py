"""An edition with people in it, and what each of them finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lms.core.domain import Course
from lms.core.viewer import edition_by_id
from lms.search import queries
from lms.search.queries import Found
from lms.search.rules import parse
from tests.forums.factories import Place, place

Finds = Callable[..., list[Found]]


@pytest.fixture(name="place")
def make_place(course: Course) -> Place:
    """Give an edition whose modules are open, with two learners, a tutor and an administrator."""
    return place(course)


@pytest.fixture
def browse(place: Place, signed_in: Callable[[int], FlaskClient]) -> Callable[[str], FlaskClient]:
    """Make browsers in which somebody of the place is signed in."""
    return lambda who: signed_in(place.person(who))


@pytest.fixture
def finds(place: Place) -> Finds:
    """Give what somebody finds."""

    def look(who: str, asked: str, kind: str = "", where: Place = place) -> list[Found]:
        results = queries.search(edition_by_id(where.edition), where.viewer(who), parse(asked), kind)
        assert len(results.found) == min(results.total, 20), "what is counted is what is listed"
        return list(results.found)

    return look
