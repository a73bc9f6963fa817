"""Rules, runs and their approval by a second administrator."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, EnrolmentState, Gender
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.gradebook.models import Standing
from lms.selection import commands, freshness, marking, queries, solving
from lms.selection.models import CriterionScore, MotivationScore
from lms.selection.values import AVERAGE, MOTIVATION, Criterion, Range, Rules, Source
from tests.core import factories
from tests.core.threads import at_once
from tests.selection.conftest import Place, acts, listed, the_run

ESSAY = Criterion("essay", "Essay", Source.NUMBER, Decimal(1), Decimal(20))


def test_the_best_are_selected_and_the_next_are_reserves(place: Place) -> None:
    low, high, middle = place.crowd(70, 90, 80)
    place.candidate("Not certified", 95, certified=False)
    place.candidate("Withdrawn", 99, state=EnrolmentState.WITHDRAWN)
    place.rules(1, reserves=1)
    run_id = place.run()
    assert (listed(run_id), listed(run_id, "reserve"), listed(run_id, "not selected")) == ([high], [middle], [low])
    row = the_run(run_id)
    assert (row.number, row.candidates, row.feasible, row.outcome["total"]) == (1, 3, True, 90_000)


def test_quotas_bring_in_whom_points_would_not(place: Place) -> None:
    place.crowd(99, 98, gender=Gender.MAN, country="SG")
    woman = place.candidate("Woman", 60, country="LA", institution="")
    place.rules(2, women=50, each_country=Range(1, 1))
    run_id = place.run()
    assert woman in listed(run_id)
    prices = {price["key"]: price["points"] for price in the_run(run_id).outcome["prices"]}
    assert prices == {"women": 0, "country-min:LA": 0, "country-min:SG": 0, "country-max:LA": 0, "country-max:SG": 0}


def test_what_contradicts_itself_is_named(place: Place) -> None:
    place.crowd(99, 98, gender=Gender.MAN)
    place.rules(2, women=50)
    run_id = place.run()
    row = the_run(run_id)
    assert row.feasible is False
    assert row.outcome["conflict"]["keys"] == ["women"]
    assert row.outcome["conflict"]["alone"] == [{"key": "women", "by": 1, "up": False}]
    assert listed(run_id) == []
    with pytest.raises(Conflict, match="no list"):
        place.approve(run_id)


def test_there_must_be_rules(place: Place) -> None:
    with pytest.raises(Conflict, match="no rules"):
        place.run()


def test_rules_that_make_no_sense_are_refused(place: Place) -> None:
    with pytest.raises(Invalid, match="from 1 to") as refusal, unit_of_work():
        commands.set_rules(place.info.id, place.viewer, Rules(0, seed="s"))
    assert refusal.value.field == "seats"


def test_two_who_change_the_rules_at_once(place: Place) -> None:
    place.rules(3)
    with unit_of_work():
        assert commands.set_rules(place.info.id, place.viewer, Rules(4, seed="s"), before=1) == 2
    with pytest.raises(Conflict, match="Somebody else"), unit_of_work():
        commands.set_rules(place.info.id, place.other, Rules(5, seed="s"), before=1)


def test_only_another_administrator_approves_and_only_once(place: Place) -> None:
    place.crowd(70, 90)
    place.rules(1)
    run_id, again = place.run(), place.run(place.other)
    with pytest.raises(Forbidden, match="yourself"):
        place.approve(run_id, place.viewer)
    assert queries.approved(place.info.id) is None
    place.approve(run_id)
    found = queries.approved(place.info.id)
    assert found is not None
    assert (found.run_id, found.selected) == (run_id, tuple(listed(run_id)))
    for refused in (lambda: place.approve(run_id), lambda: place.approve(again, place.viewer), place.run):
        with pytest.raises(Conflict, match="stands as it is"):
            refused()
    assert acts() == ["selection.rules", "selection.run", "selection.run", "selection.approve"]
    with pytest.raises(NotFound):
        place.approve(10**6)


def test_two_who_approve_at_once(place: Place, ctx: Flask) -> None:
    """One of two runs stands; the other administrator is told."""
    place.crowd(70, 90)
    place.rules(1)
    pairs = iter([(place.run(), place.other), (place.run(place.other), place.viewer)])

    def approve() -> bool:
        try:
            place.approve(*next(pairs))
        except Conflict:
            return False
        return True

    assert sorted(at_once(ctx, 2, approve)) == [False, True]


def _moves(what: str, place: Place, low: int, run_id: int) -> None:
    row = db.session.get_one(Enrolment, low)
    if what == "grade":
        db.session.query(Standing).filter_by(enrolment_id=low).update({"final": Decimal(71)})
    elif what == "facts":
        row.institution = "Elsewhere"
    elif what == "withdrawn":
        row.state = EnrolmentState.WITHDRAWN
    elif what == "value":
        marking.set_value(place.info.id, low, place.viewer, ESSAY.key, Decimal(1))
    elif what == "motivation":
        db.session.add(MotivationScore(edition_id=place.info.id, enrolment_id=low, assessor_id=row.person_id, score=1))
    elif what == "mark":
        marking.mark(place.info.id, low, place.viewer, must=True, reason="Speaks for the port")
    else:  # which took no stamp
        the_run(run_id).stamp = ""


@pytest.mark.parametrize("what", ["grade", "facts", "withdrawn", "value", "motivation", "mark", "rules", "certified", "earlier version"])
def test_a_run_on_data_that_have_changed_is_not_approved(place: Place, what: str) -> None:
    low, _ = place.crowd(70, 90)
    place.rules(1, criteria=(AVERAGE, MOTIVATION, ESSAY))
    run_id = place.run()
    assert not freshness.stale(run_id)
    if what == "rules":
        place.rules(1, reserves=1)
    elif what == "certified":
        place.candidate("Late", 60)
    else:
        with unit_of_work():
            _moves(what, place, low, run_id)
    if what == "earlier version":
        assert not freshness.stale(run_id)
        place.candidate("Late", 60)
    assert freshness.stale(run_id)
    with pytest.raises(Conflict, match="changed since"):
        place.approve(run_id)


def test_criteria_count_by_their_weights(place: Place) -> None:
    good, keen = place.crowd(90, 80)
    place.rules(1, criteria=(AVERAGE, MOTIVATION, ESSAY))
    with unit_of_work():
        db.session.add(CriterionScore(edition_id=place.info.id, criterion="essay", enrolment_id=keen, value=Decimal("19.5")))
    run_id = place.run()
    assert listed(run_id) == [keen]
    assert the_run(run_id).outcome["total"] == 88_750  # (80 + 97.5) / 2
    assert the_run(run_id).outcome["unbound"] == 88_750
    assert good in listed(run_id, "not selected")


def test_a_solver_that_fails_is_tried_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.crowd(70)
    place.rules(1)
    monkeypatch.setattr(solving, "TOP", "/nowhere")
    run_id = place.run()
    row = the_run(run_id)
    assert (row.state, row.tries, row.feasible) == ("waiting", 1, None)
    assert "nowhere" in row.last_error
    monkeypatch.undo()
    with unit_of_work():
        the_run(run_id).due_at = row.asked_at
    commands.carry_out(run_id)
    assert listed(run_id)
    assert not commands.carry_out(run_id)


def test_the_next_reserve_keeps_the_quotas(place: Place) -> None:
    one, two = place.crowd(99, 98, country="SG")
    lao = place.candidate("Lao", 60, country="LA")
    third, other = place.candidate("Third", 97, country="SG"), place.candidate("Other Lao", 50, country="LA")
    place.rules(3, reserves=2, each_country=Range(1, None))
    assert queries.next_reserve(place.info.id, (), ()) is None
    run_id = place.run()
    place.approve(run_id)
    found = queries.approved(place.info.id)
    assert found is not None
    assert set(found.selected) == {one, two, lao}
    assert found.reserves == (third, other)
    assert queries.next_reserve(place.info.id, (one, lao), (two,)) == third
    assert queries.next_reserve(place.info.id, (one, two), (lao,)) == other
    assert queries.next_reserve(place.info.id, (one, two), (lao, other)) is None
    assert queries.next_reserve(place.info.id, (one, two, lao), ()) is None


def test_who_is_selected_counts_in_the_funnel(place: Place, admin: Any) -> None:
    place.crowd(90, 80)
    place.rules(1)
    place.approve(place.run())
    page = admin.get(f"/e/{place.info.slug}/funnel")
    assert "Selected" in page.text
    assert factories.slug_of(place.info.id) in page.request.path
