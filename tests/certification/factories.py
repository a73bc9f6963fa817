"""Editions that close with a result, for tests about certificates."""

from __future__ import annotations

from lms.core.db import unit_of_work
from lms.core.domain import Course
from lms.core.viewer import Viewer
from lms.editions.api import close_edition, confirm
from lms.quizzes.api import items_of, right_answer, save_answer, start_attempt, submit_attempt
from tests.core import factories


def edition(course: Course) -> int:
    """Store an edition of the small course in which both modules are open."""
    return factories.edition(course.id, starts_on=factories.someday(-10), ends_on=factories.someday(3))


def learner(edition_id: int, rights: dict[str, int], **facts: str) -> int:
    """Enrol somebody who takes the quizzes named, with so many right answers of seven, and give the enrolment's id."""
    enrolment_id = factories.enrolment(edition_id, factories.person(**facts), state="applied")
    with unit_of_work():
        confirm(enrolment_id)
    for module, count in rights.items():
        with unit_of_work():
            attempt_id = start_attempt(enrolment_id, module)
            for item in list(items_of(attempt_id))[:count]:
                save_answer(attempt_id, item.position, right_answer(item.asked.question))
            submit_attempt(attempt_id)
    return enrolment_id


def close(edition_id: int) -> None:
    """Close the edition as an administrator would."""
    administrator = Viewer(person_id=factories.person(administrator=True), administrator=True, role="administrator")
    with unit_of_work():
        close_edition(edition_id, administrator)
