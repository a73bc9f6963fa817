"""Pages about grades, in a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.core.domain import Role
from tests.core import factories
from tests.gradebook.factories import Work, class_of, close, staff
from tests.gradebook.reading import tables

SignIn = Callable[[int], FlaskClient]


def acts(action: str) -> int:
    """Count the audit rows of an action."""
    return db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)) or 0


def test_a_learner_sees_how_the_grades_come_about(work: Work, signed_in: SignIn) -> None:
    """The page has both averages with the learner's own numbers, what is missing, the scores and their history."""
    edition, (learner,) = class_of(work, 60)
    for module in ("m3", "m4", "m5"):
        work.take(learner, module)
    work.give(learner, m1=80, m2=85, why="Attempt 2 was handed in.", actor_id=factories.person_of(learner))
    work.due_at["m3"] = clock.now() + timedelta(days=2)
    work.opens_at["m4"] = clock.now() + timedelta(days=5)
    page = signed_in(factories.person_of(learner)).get(f"/e/{edition.slug}/grades")
    text = " ".join(page.text.split())
    assert "82.5 %" in text
    assert "(80.0 + 85.0) / 2 modules graded" in text
    assert "33.0 %" in text
    assert "(80.0 + 85.0 + 0 + 0 + 0) / 5 modules" in text
    assert "1 Module called m1 · 80.0" in text
    assert "3 Module called m3 · due <time" in text
    assert "4 Module called m4 · opens <time" in text
    assert "5 Module called m5 · not graded yet" in text
    assert ('href="/tests/m3"' in text, 'href="/tests/m4"' in text, 'href="/modules/m4"' in text) == (True, False, False)
    assert "you need 85.0 more points over 3 modules, an average of 28.4 % there." in text
    scores, history = tables(page.text)
    assert scores[1] == ["1 Module called m1", "Test of m1", "80.0 %", "1", "2 of 3 attempts, the best one counts"]
    assert history[1][1:] == ["Test of m2 2 Module called m2", "60.0 %", "85.0 %", "Attempt 2 was handed in.", "you"]
    assert history[-1][2:] == ["–", "60.0 %", "Attempt 1 was handed in.", "the platform"]
    assert len(history) == 1 + 5 + 3 + 2


def test_before_anything_is_graded(work: Work, signed_in: SignIn) -> None:
    """A newcomer whose ledger isn't open yet sees what will count."""
    edition_id = factories.edition()
    browser = signed_in(factories.person_of(factories.enrolment(edition_id)))
    page = browser.get(f"/e/{factories.slug_of(edition_id)}/grades")
    assert page.status_code == 200
    assert "Nothing is graded yet." in page.text
    assert "you need 250.0 more points over 5 modules" in page.text
    work.weights.clear()
    assert "Nothing counts yet" in browser.get(f"/e/{factories.slug_of(edition_id)}/grades").text


@pytest.mark.parametrize(
    ("score", "shown", "verdict"),
    [("49.96", "49.96 %", "0.1 points were missing"), ("50", "50.0 %", "you reached 50.0 %"), ("49.999999", "49.999999 %", "were missing")],
)
def test_after_closing(work: Work, signed_in: SignIn, score: str, shown: str, verdict: str) -> None:
    """The final average is never shown as if it were enough where it isn't."""
    edition, (learner,) = class_of(work, score)
    close(edition.id)
    text = signed_in(factories.person_of(learner)).get(f"/e/{edition.slug}/grades").text
    assert "Final average" in text
    assert f'<dd class="big">{shown}</dd>' in text
    assert verdict in text
    assert ("not passed" in text) is (verdict != "you reached 50.0 %")


def test_modules_of_unequal_weight(work: Work, signed_in: SignIn) -> None:
    """The formula shows the weights where they differ."""
    work.weights = {"m1": Decimal(2), "m2": Decimal(1), "m3": Decimal("1.5")}
    edition, (learner,) = class_of(work, 60)
    work.take(learner, "m3")
    text = signed_in(factories.person_of(learner)).get(f"/e/{edition.slug}/grades").text
    assert "(60.0 × 2 + 60.0 × 1) / 3" in text
    assert "(60.0 × 2 + 60.0 × 1 + 0 × 1.5) / 4.5" in text
    assert "you need an average of 30.0 % there (1 module not complete)." in text


def test_the_dashboard_says_it_in_short(work: Work, signed_in: SignIn) -> None:
    """Averages and what is missing for the certificate are on the dashboard."""
    edition, (learner,) = class_of(work, 60)
    work.take(learner, "m5")
    text = signed_in(factories.person_of(learner)).get(f"/e/{edition.slug}/dashboard").text
    assert "(60.0 + 60.0 + 60.0 + 60.0) / 4 modules graded" in text
    assert "If nothing more is done: <b>48.0 %</b>" in text
    assert "Needs a final average of 50 %" in text


def test_staff_see_how_many_pass(work: Work, signed_in: SignIn) -> None:
    """The staff's dashboard has the rate with numerator and denominator; only administrators are sent to the ranking."""
    edition, _ = class_of(work, 60, 50, "49.99", 10)
    factories.enrolment(edition.id)
    for role, ranking in ((Role.TUTOR, False), (Role.ADMINISTRATOR, True)):
        text = signed_in(staff(edition.id, role)).get(f"/e/{edition.slug}/dashboard").text
        assert "2 of 5" in text
        assert (f"/e/{edition.slug}/ranking" in text) is ranking


def test_closing_is_tried_dry(work: Work, signed_in: SignIn) -> None:
    """Before closing one sees who would pass, and who is within five points below the mark, ten at most."""
    edition, learners = class_of(work, 60, 50, 45, "44.99", *["49.96"] * 11)
    text = signed_in(staff(edition.id)).get(f"/e/{edition.slug}/close").text
    facts = re.sub(r"<[^>]+>|\s+", " ", text)
    assert re.search(r"Learners +15 .*Would pass +2 .*Within five points below the mark +12 ", facts)
    assert re.search(r"who would be certified +55\.0 % +final averages of the 2 with at least 50 %", facts)
    assert re.search(r"Average of all +50\.0 % +final averages of all 15 confirmed learners", facts)
    assert text.count('<span class="meta num">49.96 %</span>') == 10
    assert f"grades/{learners[-1]}" not in text
    assert "The nearest 10 are listed" in text


def test_staff_look_at_a_learner(work: Work, signed_in: SignIn) -> None:
    """Tutors see a learner's grades, and that is recorded; of other editions they see nothing."""
    edition, (learner,) = class_of(work, 60)
    other, (stranger,) = class_of(work, 60)
    tutor = signed_in(staff(edition.id, Role.TUTOR))
    address = f"/e/{edition.slug}/grades/{learner}"
    assert "(60.0 + 60.0" in tutor.post(address, data={"purpose": "check progress and grades"}, follow_redirects=True).text
    assert acts("gradebook.look") == 1
    for address in (f"{edition.slug}/grades/{stranger}", f"{edition.slug}/grades/{10**12}"):
        assert tutor.get(f"/e/{address}").status_code == 404
    assert tutor.get(f"/e/{other.slug}/grades/{stranger}").status_code == 403
    assert acts("gradebook.look") == 1


def test_nobody_else_sees_grades(work: Work, signed_in: SignIn, client: FlaskClient) -> None:
    """Learners see no other's grades and no ranking; tutors no ranking; who isn't signed in nothing."""
    edition, (one, two) = class_of(work, 60, 70)
    learner = signed_in(factories.person_of(one))
    tutor = signed_in(staff(edition.id, Role.TUTOR))
    for path in (f"grades/{two}", "ranking", "ranking.csv"):
        assert learner.get(f"/e/{edition.slug}/{path}").status_code == 403
        assert client.get(f"/e/{edition.slug}/{path}").status_code == 302
    for path in ("grades", "ranking", "ranking.csv"):
        assert tutor.get(f"/e/{edition.slug}/{path}").status_code == 403


def test_few_queries(work: Work, signed_in: SignIn, statements: Callable[[], Any]) -> None:
    """A learner's page costs the viewer, the edition and the ledger, besides what the features report."""
    edition, (learner,) = class_of(work, 60)
    browser = signed_in(factories.person_of(learner))
    browser.get(f"/e/{edition.slug}/grades")
    with statements() as seen:
        assert browser.get(f"/e/{edition.slug}/grades").status_code == 200
    seen.at_most(3)
