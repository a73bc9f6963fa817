"""Two courses on one installation, and two editions of the same course, with the same people: nothing of one shows in the other."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core import content, courses
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Role
from lms.core.viewer import NOBODY
from lms.editions.api import close_edition
from lms.forums.api import start_topic
from lms.gradebook.api import standing
from lms.modules.api import mark_read, modules_of
from lms.quizzes.api import items_of, right_answer, save_answer, start_attempt, submit_attempt
from tests.conftest import COURSE
from tests.core import factories

ROOT = Path(__file__).parents[2]
SignedIn = Callable[[int], FlaskClient]
TOPIC = "Only said in the first edition"


@pytest.fixture
def both(ctx: Flask) -> dict[str, int]:
    """Load the course of this repository and the small one of the tests; give their ids by slug."""
    for folder in (ROOT / "content", COURSE):
        assert courses.load_course(content.read_course(folder), ctx.extensions["lms"].content_parts).loaded
    return {slug: course_id for course_id, slug in db.session.execute(select(Course.id, Course.slug))}


def _study(edition_id: int, enrolment_id: int) -> None:
    """Read a lesson, write in a forum, and give right answers to the quiz of the first module."""
    module = modules_of(edition_id)[0]
    with unit_of_work():
        mark_read(enrolment_id, module.lessons[0].id)
        start_topic(edition_id, enrolment_id, module.slug, TOPIC, "This is what I think.")
        attempt_id = start_attempt(enrolment_id, module.slug)
        for item in items_of(attempt_id):
            save_answer(attempt_id, item.position, right_answer(item.asked.question))
        submit_attempt(attempt_id)


def _final(enrolment_id: int) -> Decimal | None:
    found = standing(enrolment_id)
    return found.final if found else None


def _page(signed_in: SignedIn, edition_id: int, person_id: int, path: str) -> str:
    answer = signed_in(person_id).get(f"/e/{factories.slug_of(edition_id)}/{path}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("course", ["ditd", "small"])
def test_two_editions_of_a_course(both: dict[str, int], signed_in: SignedIn, course: str) -> None:
    """Somebody who learns in one and leads the other has a place, a grade and a role in each."""
    first, second = (factories.edition(both[course]) for _ in range(2))
    sokha, mai = factories.person(), factories.person()
    learns, leads = factories.enrolment(first, sokha), factories.enrolment(second, sokha, role=Role.TUTOR)
    again = factories.enrolment(second, mai)
    _study(first, learns)
    module = modules_of(first)[0].slug
    assert (_final(learns), _final(leads), _final(again)) == (Decimal(100) / len(modules_of(first)), None, None)
    assert TOPIC in _page(signed_in, first, sokha, f"forums/{module}/")
    assert TOPIC not in _page(signed_in, second, sokha, f"forums/{module}/")
    assert TOPIC not in _page(signed_in, second, mai, f"forums/{module}/")
    assert [signed_in(sokha).get(f"/e/{factories.slug_of(e)}/forums/flags").status_code for e in (first, second)] == [403, 200]
    assert signed_in(mai).get(f"/e/{factories.slug_of(first)}/modules/").status_code == 403


def test_one_edition_closes_and_the_other_goes_on(both: dict[str, int]) -> None:
    """Each opens its modules by its own dates, and freezes its own grades."""
    old, new = factories.edition(both["small"], starts_on=factories.someday(-40)), factories.edition(both["small"])
    sokha = factories.person()
    before, now = factories.enrolment(old, sokha), factories.enrolment(new, sokha)
    with unit_of_work():
        close_edition(old, NOBODY)
    _study(new, now)
    assert (_final(before), _final(now)) == (Decimal(0), Decimal(50))


def test_two_courses_have_their_own_modules_and_grades(both: dict[str, int], signed_in: SignedIn) -> None:
    """Their modules have the same names; what is done in one counts in it alone."""
    ditd, small = factories.edition(both["ditd"]), factories.edition(both["small"])
    sokha = factories.person()
    here, there = factories.enrolment(ditd, sokha), factories.enrolment(small, sokha)
    assert {len(modules_of(ditd)), len(modules_of(small))} == {5, 2}
    assert modules_of(ditd)[0].slug == modules_of(small)[0].slug
    _study(ditd, here)
    _study(small, there)
    assert (_final(here), _final(there)) == (Decimal(20), Decimal(50))
    assert "Module number 1" in _page(signed_in, small, sokha, "modules/")
    assert "Module number 1" not in _page(signed_in, ditd, sokha, "modules/")
