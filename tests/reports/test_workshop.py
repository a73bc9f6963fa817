"""What a workshop puts into the report: its steps, attendance, case studies, recommendations, agenda, names of those who agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core import clock
from lms.core.db import unit_of_work
from lms.core.domain import Course, Role
from lms.invitations.api import participants
from lms.recommendations.api import Draft, Level, adopt, recommend
from lms.reports import register
from lms.reports.naming import personal_data, say
from lms.reports.rules import Contents, in_full
from lms.workshops.api import Kind, Plan, Speaker, plan
from lms.workshops.rules import How, State
from tests.core import factories
from tests.workshops.factories import AFTER, MORNING, Shop, shop


@pytest.fixture(name="held")
def _held(course: Course) -> Iterator[Shop]:
    """Hold a workshop: Ana was there all the time, Ben half a day, Cai never."""
    with clock.at(MORNING):
        made = shop(course)
    with clock.at(AFTER):
        ana, ben = made.participant("Ana Lim", country="KH"), made.participant("Ben Sok", country="SG", gender="man")
        cai = made.participant("Cai Tan", country="KH")
        made.attends(ana)
        made.attends(ben, 0)
        made.mark(0, cai, State.ABSENT, How.LIST)
        made.study(ana)
        with unit_of_work():
            drafts = [recommend(made.edition, ana, Draft(Level.POLICY, text)) for text in ("Agree on terms.", "Train people.")]
            adopt(made.edition, drafts, made.viewer("admin"))
        yield made


def contents(held: Shop) -> Contents:
    """Give what a snapshot taken now would hold."""
    return register.contents(held.edition)


def test_steps_and_rates(held: Shop) -> None:
    """By the words of their definitions; workshop's figures belong to its phase."""
    found = {figure.name: figure for figure in contents(held).figures}
    shown = {name: in_full(found[name].kind, found[name].numerator, found[name].denominator) for name in found}
    assert [name for name in found if found[name].phase == "workshop"][:4] == ["invited", "accepted", "attended", "awarded"]
    assert {name: shown[name] for name in ("invited", "accepted", "attended", "awarded")} == {
        "invited": "3",
        "accepted": "3",
        "attended": "2",
        "awarded": "0",
    }
    assert shown["attendance_rate"] == "66.67 % (2 / 3)"
    assert shown["award_rate"] == "0.00 % (0 / 2)"
    assert shown["full_attendance"] == "50.00 % (1 / 2)"
    assert shown["daily_attendance"] == "62.50 % (5 / 8)"
    assert [part.numerator for part in found["attended"].by["country_men"]] == [0, 0, 1]
    assert [(part.label, part.numerator) for part in found["recommendations"].by["level"]] == [
        ("At the policy level", 2),
        ("To development partners", 0),
    ]
    assert [(part.value, part.numerator) for part in found["case_studies"].by["country"]] == [("KH", 1), ("ID", 0), ("SG", 0)]


def test_annexes(held: Shop) -> None:
    """The agenda in the edition's zone, summaries without names, the final list."""
    talk = Plan("Opening", Kind.TALK, MORNING, MORNING + timedelta(hours=1), "Hall 1", speakers=(Speaker("Uma Rao", "ASEAN"),))
    with unit_of_work():
        plan(held.edition, talk, held.viewer("admin"))
    found = contents(held)
    agenda, studies, final = (found.annex(name) for name in ("agenda", "case_studies", "recommendations"))
    assert agenda is not None
    assert agenda.rows == (("29 October, 09:03 to 10:03", "Opening", "Hall 1", "Uma Rao"),)
    assert studies is not None
    assert studies.rows[0][1].startswith("Cambodia. ")
    assert "Ana" not in str(studies)
    assert final is not None
    assert [row[::2] for row in final.rows] == [("1", "Agree on terms."), ("2", "Train people.")]


def test_names_of_those_who_agree(held: Shop, signed_in: Callable[[int], FlaskClient]) -> None:
    """Nobody without consent; who takes it back is not named any more; others can't say."""
    ana = next(line for line in _people(held) if line.name == "Ana Lim").enrolment_id
    browser = signed_in(factories.person_of(ana))
    assert "Your name in the report" in browser.get(f"{held.base}/dashboard").text
    assert browser.post(f"{held.base}/report/my-name", data={"agree": "perhaps"}).status_code == 422
    for answer, rows in (("yes", (("Cambodia", "Ana Lim", "Ministry of Trade"),)), ("no", ())):
        assert browser.post(f"{held.base}/report/my-name", data={"agree": answer}).status_code == 302
        annex = contents(held).annex("participants")
        assert annex is not None
        assert annex.rows == rows
        assert annex.note == f"{len(rows)} of 2 participants agreed to be named."
    person = factories.person_of(ana)
    assert [row["agrees"] for row in personal_data.export(person)["named_in_report"]] == [False]
    with unit_of_work():
        personal_data.erase(person)
    assert personal_data.export(person)["named_in_report"] == []
    other = factories.enrolment(held.edition, role=Role.LEARNER)
    assert signed_in(factories.person_of(other)).post(f"{held.base}/report/my-name", data={"agree": "yes"}).status_code == 403


def _people(held: Shop) -> Any:
    return participants(held.edition)


def test_statements_do_not_grow_with_people(held: Shop, statements: Callable[[], Any]) -> None:
    with statements() as few:
        contents(held)
    for number in range(4):
        one = held.participant(f"Person {number}")
        held.attends(one, 0, 1)
        held.study(one)
        with unit_of_work():
            say(one, agrees=True)
    with statements() as many:
        contents(held)
    assert len(many) <= len(few)
    few.at_most(60)
