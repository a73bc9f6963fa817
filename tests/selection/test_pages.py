"""Pages of administrators: rules, runs, approval by a second of them, candidates, what two runs differ in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.certification.models import Certificate
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, EnrolmentState, Gender
from lms.core.mail import OutgoingMail
from lms.selection import candidates, freshness, queries
from lms.selection.models import SelectionApproval
from lms.selection.values import AVERAGE, MOTIVATION, Range
from tests.core import factories
from tests.selection.conftest import Place, SignIn, acts, listed, the_run

RULES = {
    "seats": "2",
    "reserves": "1",
    "seed": "lot",
    "weight_average": "1",
    "weight_motivation": "0",
    "assessors": "2",
    "each_country_low": "0",
    "women": "50",
}


def test_rules_by_the_form(place: Place, admin: FlaskClient, second: FlaskClient) -> None:
    """What is wrong is said beside its field, what was typed stays; whoever was slower is told."""
    too_much = {"seats": "1", "sector_government": "60", "sector_private": "60"}
    wrong = admin.post(f"{place.base}/rules", data={**RULES, "before": "0", **too_much})
    assert (wrong.status_code, "The shares of the sectors are 2 persons together" in wrong.text) == (422, True)
    assert 'value="60"' in wrong.text
    assert admin.post(f"{place.base}/rules", data={**RULES, "before": "0", "new_label": "Experience", "new_most": "10"}).status_code == 302
    found = candidates.current(place.info.id)
    assert found is not None
    assert [(c.key, c.weight, c.most) for c in found[1].criteria][2:] == [("experience", Decimal(0), Decimal(10))]
    late = second.post(f"{place.base}/rules", data={**RULES, "before": "0"})
    assert (late.status_code, "Somebody else has changed the rules" in late.text) == (409, True)
    assert 'name="before" type="hidden" value="1"' in late.text
    assert second.post(f"{place.base}/rules", data={**RULES, "before": "1", "weight_experience": "2"}).status_code == 302


def test_rules_are_shown_as_they_are(place: Place, admin: FlaskClient) -> None:
    """A weight with all its places; rules of single countries unfolded where there are some."""
    folded = "<details><summary>Countries with"
    place.crowd(80, country="KH")
    assert folded in admin.get(f"{place.base}/rules").text
    weighed = replace(AVERAGE, weight=Decimal("0.125")), replace(MOTIVATION, weight=Decimal(100))
    place.rules(3, criteria=weighed, countries={"KH": Range(0, 2)})
    page = admin.get(f"{place.base}/rules").text
    assert folded not in page
    for value in ("0.125", "100"):
        assert f'value="{value}"' in page


def test_what_an_earlier_version_kept(place: Place, admin: FlaskClient, second: FlaskClient) -> None:
    """A run whose result says less is shown as far as it goes; an approval without a dossier gets one."""
    first, _ = place.crowd(90, 80, gender=Gender.MAN)
    place.candidate("Woman", 70)
    place.rules(2, women=50, reserves=1)
    run_id, _ = place.run(), place.run()
    with unit_of_work():
        row = the_run(run_id)
        row.rules = {"seats": 2, "of_old": True}
        row.outcome = {"prices": [{"key": "women", "points": 10}, {"key": "institution"}, {"key": "country-max:KH"}]}
    page = admin.get(f"{place.base}/runs/1")
    assert (page.status_code, "Not all of this run is known" in page.text, "At most so many from one" in page.text) == (200, True, True)
    assert admin.get(f"{place.base}/runs/1/2").status_code == 200
    with unit_of_work():
        db.session.add(SelectionApproval(edition_id=place.info.id, run_id=run_id))
    assert queries.next_reserve(place.info.id, (), (first,)) is not None
    assert "There is no dossier of this selection" in admin.get(f"{place.base}/").text
    for _ in range(2):
        assert second.post(f"{place.base}/dossier").status_code == 302
    assert admin.get(f"{place.base}/dossier.pdf").data.startswith(b"%PDF")
    with unit_of_work():
        the_run(run_id).outcome = {"conflict": {"keys": ["women"], "alone": [{"key": "women", "by": 1, "up": False}]}}
        the_run(run_id).feasible = False
    assert "Women: 1 fewer" in admin.get(f"{place.base}/runs/1").text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("seats", "0"),
        ("seats", "\ud800"),
        ("seats", "9" * 400),
        ("women", "-1"),
        ("weight_average", "NaN"),
        ("seed", "\0"),
        ("new_most", "5"),
    ],
)
def test_numbers_that_are_none(place: Place, admin: FlaskClient, field: str, text: str) -> None:
    body = {**RULES, "before": "0", field: text}
    answer = admin.post(f"{place.base}/rules", data={key: value.encode("utf-8", "surrogatepass") for key, value in body.items()})
    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)


def test_a_selection_from_run_to_approval(place: Place, admin: FlaskClient, second: FlaskClient) -> None:
    """Whoever asked for a run can't approve it: by the page there is no button, and the address refuses."""
    low = place.candidate("Low", 60, gender=Gender.WOMAN, institution="Port")
    place.crowd(99, 98, 97, gender=Gender.MAN)
    place.rules(2, reserves=1, women=50)
    there = admin.post(f"{place.base}/run").location
    page = admin.get(there)
    assert "Waits for a second administrator" in page.text
    assert re.search(r"Women</dt>\s*<dd[^>]*>1 of 2|1 of 2", page.text)
    assert "Women: at least 1" in page.text
    own = admin.post(f"{there}/approve")
    assert (own.status_code, "another administrator has to approve it" in own.text) == (403, True)
    assert "Approve this list" in second.get(there).text
    assert second.post(f"{there}/approve").status_code == 302
    for path, words in (("", "The signed dossier holds"), ("why", "")):
        assert words in admin.get(f"{place.base}/{path}").text
    again = second.post(f"{there}/approve")
    assert (again.status_code, "stands as it is" in again.text) == (409, True)
    assert acts() == ["selection.rules", "selection.run", "selection.approve"]
    kinds = [mail.kind for mail in db.session.query(OutgoingMail).order_by(OutgoingMail.id)]
    assert kinds.count("selection.out") == 1
    assert kinds.count("selection.reserve") == 1
    with unit_of_work():
        db.session.get_one(Enrolment, low).state = EnrolmentState.WITHDRAWN
    assert re.search(r"1 of the list is no candidate any more.*Low", admin.get(f"{place.base}/").text, re.DOTALL)


def test_quotas_that_contradict_each_other_on_a_page(place: Place, admin: FlaskClient) -> None:
    place.crowd(99, 98, gender=Gender.MAN, country="KH")
    place.rules(2, women=50)
    page = admin.get(admin.post(f"{place.base}/run").location)
    for words in ("No list keeps all of this together", "Women: at least 1", "no minimum instead of: Women: at least 1"):
        assert words in page.text


@pytest.mark.parametrize("what", ["revoked", "superseded", "waiting", "withdrawn"])
def test_who_is_no_candidate_any_more(place: Place, admin: FlaskClient, what: str) -> None:
    """Certificates that are revoked, or not issued, don't count; the run is out of date and its page says so."""
    first, _ = place.crowd(90, 80)
    place.rules(1)
    run_id = place.run(place.other)
    with unit_of_work():
        row = db.session.query(Certificate).filter_by(enrolment_id=first).one()
        if what == "revoked":
            row.revoked_at = clock.now()
        elif what == "superseded":
            row.superseded_at = clock.now()
        elif what == "waiting":
            row.state, row.issued_at = "waiting", None
        else:
            db.session.get_one(Enrolment, first).state = EnrolmentState.WITHDRAWN
    page = admin.get(f"{place.base}/runs/1")
    assert "This run is out of date" in page.text
    assert "Approve this list" not in page.text
    assert admin.post(f"{place.base}/runs/1/approve").status_code == 409
    assert first not in listed(place.run())
    assert queries.counts(place.info.id).candidates == 1
    assert freshness.stale(run_id)


def test_somebody_is_decided_by_name(place: Place, admin: FlaskClient) -> None:
    """With a reason, for the next run; what differs from the run before is shown; and it can be taken back."""
    best, worst = place.crowd(90, 60)
    place.rules(1)
    place.run()
    address = f"{place.base}/candidates/{worst}"
    none = admin.post(f"{address}/mark", data={"mark": "must", "reason": " "})
    assert none.status_code == 422
    admin.post(f"{address}/mark", data={"mark": "must-not", "reason": "first thought"})
    assert admin.post(f"{address}/mark", data={"mark": "must", "reason": "Speaks for the port"}).status_code == 302
    assert listed(place.run()) == [worst]
    change = admin.get(f"{place.base}/runs/1/2")
    assert "Learner 60 must be selected" in change.text
    assert re.search(r"Quotas that differ</th><td>none</td><td>none</td>", change.text)
    assert re.search(r"Learner 90.*selected.*not selected", change.text, re.DOTALL)
    assert admin.post(f"{address}/free").status_code == 302
    assert admin.post(f"{address}/free").status_code == 404
    assert listed(place.run()) == [best]
    assert 'href="' + f"{place.base}/runs/2/3" in admin.get(f"{place.base}/runs/3").text
    chosen = admin.get(f"{place.base}/compare?before=1&after=3")
    assert chosen.location == f"{place.base}/runs/1/3"
    same = admin.get(chosen.location).text
    assert "Both have the same people selected" in same
    assert re.search(r'name="before">.*<option value="1" selected>', same, re.DOTALL)
    for query in ("", "before=1", "before=1&after=9", "before=x&after=1", f"before=1&after={10**14}"):
        assert admin.get(f"{place.base}/compare?{query}").status_code == 404
    assert acts()[1:] == ["selection.run", "selection.exclude", "selection.pin", "selection.run", "selection.free", "selection.run"]


def test_ties_are_marked_in_the_ranking(place: Place, admin: FlaskClient) -> None:
    place.crowd(90, 80)
    place.candidate("Also 80", 80)
    page = admin.get(f"{place.base}/candidates/").text
    assert page.count(">tied<") == 2
    assert page.index("Learner 90") < page.index("Learner 80")


def test_pages_are_for_administrators_of_the_edition(place: Place, signed_in: SignIn) -> None:
    learner = place.candidate("Somebody", 80)
    place.rules(1)
    place.run()
    for who in (learner, place.tutor):
        browser = signed_in(factories.person_of(who))
        for path in ("", "rules", "runs/1", "runs/1/1", "candidates/", f"candidates/{learner}", "scores/", "dossier.json"):
            assert browser.get(f"{place.base}/{path}").status_code == 403
        assert browser.post(f"{place.base}/runs/1/approve").status_code == 403


def test_pages_take_few_statements(place: Place, admin: FlaskClient, statements: Callable[[], Any]) -> None:
    """As many for fifty candidates as for one."""
    people = place.crowd(*range(40, 90), country="KH")
    place.rules(20, reserves=5, criteria=(AVERAGE, MOTIVATION), each_country=Range(0, 30))
    place.run()
    moment = clock.now()
    for path, most in (("", 6), ("rules", 4), ("runs/1", 13), ("candidates/", 6), (f"candidates/{people[0]}", 14), ("runs/1/1", 8)):
        with clock.at(moment):
            admin.get(f"{place.base}/{path}")
            with statements() as seen:
                assert admin.get(f"{place.base}/{path}").status_code == 200
            seen.at_most(most)
