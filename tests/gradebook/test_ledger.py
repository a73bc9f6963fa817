"""The ledger and the standings that follow from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from lms.core.cli import Invocation
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, EnrolmentState, Role
from lms.core.progress import ActivityChanged
from lms.core.viewer import edition_by_id
from lms.editions.api import apply, appoint, confirm
from lms.gradebook import api, commands, ledger
from lms.gradebook.cli import grades
from lms.gradebook.models import GradedGroup, GradeEntry, Standing
from tests.core import factories
from tests.gradebook.factories import MODULES, Work, class_of, close


def scores_of(enrolment_id: int) -> list[tuple[str, Decimal | None, Decimal | None, str]]:
    """List the changes of scores in the ledger."""
    return [
        (entry.item.group, entry.from_score, entry.item.score, entry.why)
        for entry in ledger.entries(enrolment_id)
        if entry.is_grade
    ]


def test_each_change_is_an_entry(work: Work) -> None:
    """Scores that changed are entered with the reason and the actor; the standing follows."""
    learner = factories.enrolment(factories.edition())
    tutor = factories.person()
    work.give(learner, m1=80)
    work.give(learner, m1=80, why="Nothing new.")
    work.give(learner, m1=85, m2=70, why="Graded by hand.", actor_id=tutor)
    work.take(learner, "m2")
    assert scores_of(learner) == [
        ("m1", None, Decimal(80), "Attempt 1 was handed in."),
        ("m1", Decimal(80), Decimal(85), "Graded by hand."),
        ("m2", None, Decimal(70), "Graded by hand."),
        ("m2", Decimal(70), None, "The attempt was annulled."),
    ]
    assert [entry.actor_id for entry in ledger.entries(learner) if entry.is_grade] == [None, tutor, tutor, None]
    standing = api.standing(learner)
    assert standing == api.StandingInfo(learner, Decimal(85), Decimal(17), graded=1, counted=5)


def test_the_ledger_opens_with_the_enrolment(work: Work) -> None:
    """Whoever is confirmed has a standing, and the ledger says what counts."""
    edition_id, person_id = factories.edition(), factories.person()
    with unit_of_work():
        enrolment_id = apply(edition_id, person_id)
        assert api.standing(enrolment_id) is None
        confirm(enrolment_id)
    assert api.standing(enrolment_id) == api.StandingInfo(enrolment_id, None, Decimal(0), graded=0, counted=len(work.weights))
    assert {(entry.item.group, entry.item.score, entry.why) for entry in ledger.entries(enrolment_id)} == {
        (module, None, "This counts from now on.") for module in MODULES
    }


def test_entries_stay(work: Work) -> None:
    """No way through the session changes or deletes an entry of the ledger."""
    learner = factories.enrolment(factories.edition())
    work.give(learner, m1=80)
    entry = db.session.scalars(select(GradeEntry)).first()
    assert entry is not None
    with pytest.raises(api.LastingError), unit_of_work():
        db.session.get_one(GradeEntry, entry.id).to_score = Decimal(90)
    with pytest.raises(api.LastingError), unit_of_work():
        db.session.delete(db.session.get_one(GradeEntry, entry.id))
    statements: list[Any] = [update(GradeEntry).values(to_score=Decimal(90)), delete(GradeEntry)]
    for statement in statements:
        with pytest.raises(api.LastingError), unit_of_work():
            db.session.execute(statement)
    assert scores_of(learner) == [("m1", None, Decimal(80), "Attempt 1 was handed in.")]


def test_nothing_is_entered_once_the_edition_is_closed(work: Work) -> None:
    """Closing freezes: a later score leaves ledger and standing alone."""
    edition, (learner,) = class_of(work, 60)
    close(edition.id)
    before = (scores_of(learner), api.standing(learner))
    work.give(learner, m1=100)
    assert (scores_of(learner), api.standing(learner)) == before


def test_closing_fixes_a_standing_for_every_learner(work: Work) -> None:
    """Learners without a grade, and such as came by other ways, have a final average of 0; others have none."""
    edition, (good,) = class_of(work, 60)
    silent = factories.enrolment(edition.id)
    factories.enrolment(edition.id, role=Role.TUTOR)
    factories.enrolment(edition.id, state=EnrolmentState.WITHDRAWN)
    person_id = factories.person()
    with unit_of_work():
        appointed = appoint(edition.id, person_id, Role.LEARNER)
    close(edition.id)
    finals = {standing.enrolment_id: (standing.final, standing.counted) for standing in api.standings(edition.id)}
    assert finals == {good: (Decimal(60), 5), silent: (Decimal(0), 5), appointed: (Decimal(0), 5)}


def test_closing_measures_everybody_alike(work: Work) -> None:
    """A module that was added or weighted otherwise after somebody's last score counts for them as well."""
    edition, (idle, busy) = class_of(work, 60, 60)
    work.weights |= {"m6": Decimal(1), "m1": Decimal(2)}
    work.give(busy, m1=61)
    close(edition.id)
    assert {s.enrolment_id: s.counted for s in api.standings(edition.id)} == {idle: 6, busy: 6}
    assert api.standing(idle) == api.StandingInfo(idle, Decimal(60), Decimal("51.428571"), graded=5, counted=6)
    assert len(scores_of(idle)) == len(MODULES)


def test_only_learners_are_graded(work: Work) -> None:
    """A tutor who tries a test leaves no trace, a learner who becomes a tutor leaves the standings."""
    edition, (learner,) = class_of(work, 60)
    tutor = factories.enrolment(edition.id, role=Role.TUTOR)
    work.give(tutor, m1=100)
    assert scores_of(tutor) == []
    person_id = factories.person_of(learner)
    with unit_of_work():
        appoint(edition.id, person_id, Role.TUTOR)
    commands.ensure_settled(edition)
    assert list(api.standings(edition.id)) == []


def test_a_score_just_below_the_mark_stays_below(work: Work) -> None:
    """Averages are cut at the last place that is kept, so that 49.9999996 never becomes 50."""
    work.weights = dict.fromkeys(("m1", "m2", "m3"), Decimal(1))
    edition, (below, at) = class_of(work, 50, 50)
    work.give(below, m1="49.999999")
    close(edition.id)
    assert [standing.enrolment_id for standing in api.passing(edition_by_id(edition.id))] == [at]


def test_columns_of_the_ranking_follow_the_course(work: Work) -> None:
    """What counts is noted for the edition once, in the course's order."""
    edition, _ = class_of(work, 60, 70)
    query = select(GradedGroup.group).where(GradedGroup.edition_id == edition.id).order_by(GradedGroup.position)
    assert tuple(db.session.scalars(query)) == MODULES


def test_a_change_costs_few_statements(work: Work, statements: Callable[[], Any]) -> None:
    """Entering a score costs the same however much the ledger holds."""
    edition, learners = class_of(work, 60, 70, 80)
    with statements() as seen:
        work.give(learners[0], m1=61)
    first = len(seen)
    for score in range(62, 72):
        work.give(learners[0], m1=score)
    with statements() as seen:
        work.give(learners[0], m1=72)
    assert len(seen) == first
    seen.at_most(6)
    assert edition.id


SCORE = st.one_of(st.none(), st.decimals(0, 100, places=6), st.sampled_from([Decimal(0), Decimal(50), Decimal(100)]))
STEP = st.tuples(st.integers(0, 1), st.sampled_from(MODULES[:3]), SCORE, st.sampled_from(["score", "weight", "drop"]))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=12))
def test_standings_agree_with_the_ledger(work: Work, steps: list[tuple[int, str, Decimal | None, str]]) -> None:
    """After any sequence of scores, annulments and changes of the course, the ledger alone gives the same standings."""
    work.weights = dict.fromkeys(MODULES[:3], Decimal(1))
    edition_id = factories.edition()
    learners = [factories.enrolment(edition_id) for _ in range(2)]
    for who, module, score, what in steps:
        _step(work, learners[who], module, score, what)
    close(edition_id)
    before = db.session.execute(select(Standing.enrolment_id, Standing.final).order_by(Standing.enrolment_id)).all()
    with unit_of_work():
        assert commands.redraw(edition_id) == 0
        broken = update(Standing).where(Standing.enrolment_id == learners[0]).values(final=Decimal(99), graded=9)
        db.session.execute(broken)
        assert commands.redraw(edition_id) == 1
    after = db.session.execute(select(Standing.enrolment_id, Standing.final).order_by(Standing.enrolment_id)).all()
    assert before == after
    finals = {enrolment_id: final for enrolment_id, final in after if enrolment_id in learners}
    assert finals == {learner: _final(work, learner) for learner in learners}


def _step(work: Work, learner: int, module: str, score: Decimal | None, what: str) -> None:
    if what == "drop":
        work.weights.pop(module, None)
    elif what == "weight":
        work.weights[module] = Decimal(3)
    if score is not None:
        work.give(learner, **{module: score})  # type: ignore[arg-type]
    elif module in work.scores[learner]:
        work.take(learner, module)


def _final(work: Work, learner: int) -> Decimal:
    total = sum(work.weights.values())
    points = sum(work.scores[learner].get(module, 0) * weight for module, weight in work.weights.items())
    return Decimal(int(points * 10**6 / total)) / 10**6 if total else Decimal(0)


def test_a_broken_standing_is_found(ctx: Flask, work: Work) -> None:
    """`lms grades check` corrects what differs from the ledger, and says so by its exit code."""
    _, (learner,) = class_of(work, 60)
    with unit_of_work():
        db.session.execute(update(Standing).where(Standing.enrolment_id == learner).values(final=Decimal(99)))
    for corrected in (1, 0):
        result = CliRunner().invoke(grades, ["check", "--json"], obj=Invocation(lambda: ctx))
        assert json.loads(result.stdout) == {"editions": 1, "corrected": corrected}
        assert result.exit_code == corrected
    assert db.session.scalar(select(Standing.final).where(Standing.enrolment_id == learner)) == Decimal(60)


def test_names_are_followed(work: Work) -> None:
    """The sweep brings the sorting by name up to date with a changed name."""
    _, (learner,) = class_of(work, 60)
    with unit_of_work():
        db.session.get_one(Enrolment, learner).person.name = "Zoë Renamed"
    commands.refresh_names()
    assert db.session.scalar(select(Standing.name_key)) == "zoe renamed"


def test_a_change_of_nobody_known_is_nothing(work: Work) -> None:
    """An event about an enrolment that is not there writes nothing."""
    del work
    with unit_of_work():
        commands.follow(ActivityChanged(10**9, None, "No reason."))
    assert db.session.scalar(select(func.count()).select_from(GradeEntry)) == 0
