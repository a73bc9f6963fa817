"""Lessons in a browser without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core.domain import Course, Role
from lms.modules import queries
from tests.core import factories


@pytest.fixture
def place(course: Course) -> tuple[str, int, int]:
    """Give the address of an edition of the small course, and a learner's ids (enrolment, person)."""
    edition_id = factories.edition(course.id)
    enrolment_id = factories.enrolment(edition_id)
    return f"/e/{factories.slug_of(edition_id)}", enrolment_id, factories.person_of(enrolment_id)


def test_a_lesson_is_read(place: tuple[str, int, int], signed_in: Callable[[int], FlaskClient]) -> None:
    """A learner opens a lesson, marks it as read and is brought to the next; again changes nothing."""
    base, enrolment_id, person_id = place
    browser = signed_in(person_id)
    page = browser.get(f"{base}/modules/module1/first")
    assert page.status_code == 200
    assert 'href="glossary#identifier-1"' in page.text
    assert 'href="second"' in page.text
    for _ in range(2):
        answer = browser.post(f"{base}/modules/module1/first/read")
        assert answer.location == f"{base}/modules/module1/second"
    assert len(queries.reading(enrolment_id).read) == 1
    done = [activity.key for activity in queries.activities(enrolment_id) if activity.done]
    assert done == ["module1/first"]


def test_a_module_opens_on_its_day(course: Course, signed_in: Callable[[int], FlaskClient]) -> None:
    """Before its day a module is closed to learners, with the time in the refusal, and open to tutors."""
    edition_id = factories.edition(course.id, starts_on=factories.someday(-1))
    learner = factories.person_of(factories.enrolment(edition_id))
    tutor = factories.person_of(factories.enrolment(edition_id, role=Role.TUTOR))
    url = f"/e/{factories.slug_of(edition_id)}/modules/module2/first"
    refused = signed_in(learner).get(url)
    assert refused.status_code == 403
    assert "Module 2 opens on" in refused.text
    assert signed_in(tutor).get(url).status_code == 200


@pytest.mark.parametrize("path", ["modules/none/", "modules/module1/none", "modules/module1/none/read"])
def test_what_is_not_there(place: tuple[str, int, int], signed_in: Callable[[int], FlaskClient], path: str) -> None:
    """Unknown modules and lessons are not found."""
    base, _, person_id = place
    browser = signed_in(person_id)
    answer = browser.post(f"{base}/{path}") if path.endswith("read") else browser.get(f"{base}/{path}")
    assert answer.status_code == 404


def test_few_queries(
    place: tuple[str, int, int], signed_in: Callable[[int], FlaskClient], statements: Callable[[], Any]
) -> None:
    """A lesson that was open before costs two statements."""
    base, _, person_id = place
    browser = signed_in(person_id)
    browser.get(f"{base}/modules/module1/first")
    with statements() as seen:
        assert browser.get(f"{base}/modules/module1/first").status_code == 200
    seen.at_most(2)
