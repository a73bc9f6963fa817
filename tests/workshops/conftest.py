"""A workshop, at three minutes past nine on its first day."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from lms.core import clock
from lms.core.domain import Course
from tests.core import factories
from tests.workshops.factories import MORNING, Shop
from tests.workshops.factories import shop as make


@pytest.fixture(name="shop")
def _shop(course: Course) -> Iterator[Shop]:
    with clock.at(MORNING):
        yield make(course)


@pytest.fixture
def browse(shop: Shop, signed_in: Callable[[int], FlaskClient]) -> Callable[[int | str], FlaskClient]:
    """Make browsers in which somebody of the staff, or who has an enrolment, is signed in."""
    return lambda who: signed_in(factories.person_of(getattr(shop, who) if isinstance(who, str) else who))
