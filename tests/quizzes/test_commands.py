"""Attempts: begun once, saved as they are answered, handed in once, by the learner or when the time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from lms.core import clock, tasks
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition
from lms.core.errors import Conflict, NotFound
from lms.core.marking import right_answer, wrong_answer
from lms.core.progress import ActivityChanged
from lms.core.viewer import Viewer
from lms.editions.api import close_edition
from lms.quizzes import commands, papers, queries
from lms.quizzes.events import AttemptSubmitted
from lms.quizzes.models import Item
from lms.quizzes.rules import GRACE
from tests.core import factories
from tests.quizzes.factories import (
    SMALL,
    Learner,
    answer_right,
    count_attempts,
    end_of_module,
    info,
    later,
    of_kind,
    paper,
    save,
    start,
    stored,
    submit,
    take,
)

WithRules = Callable[..., Learner]
ADMIN = Viewer(administrator=True)


def close(who: Learner) -> None:
    """Close a learner's edition."""
    with unit_of_work():
        close_edition(who.edition, ADMIN)


def test_an_attempt_draws_and_ends(who: Learner) -> None:
    before = clock.now()
    found = info(who, start(who))
    assert found.number == 1
    assert found.deadline == found.started_at + timedelta(minutes=20)
    assert before <= found.started_at <= clock.now()
    assert len({item.question_id for item in paper(found.id)}) == SMALL
    assert stored(found.id) == dict.fromkeys(range(1, SMALL + 1))


def test_a_second_start_goes_on_with_the_open_attempt(who: Learner) -> None:
    """Elsewhere, too, it has the same questions in the same order."""
    attempt = start(who)
    before = paper(attempt)
    papers.forget()
    assert start(who) == attempt
    assert paper(attempt) == before
    assert count_attempts(who) == 1


def test_a_new_attempt_draws_anew(who: Learner) -> None:
    first = start(who)
    submit(who, first)
    second = start(who)
    assert info(who, second).number == 2
    assert info(who, second).seed != info(who, first).seed
    orders = [[(item.slug, item.asked.order) for item in paper(attempt)] for attempt in (first, second)]
    assert orders[0] != orders[1]


def test_a_third_attempt_is_refused(who: Learner) -> None:
    take(who, 0)
    take(who, 0)
    with pytest.raises(Conflict, match="all 2 attempts"):
        start(who)
    assert count_attempts(who) == 2


def test_no_attempt_before_and_after_the_module(who: Learner) -> None:
    with clock.at(end_of_module(who)), pytest.raises(Conflict, match="its last day is over"):
        start(who)
    with clock.at(end_of_module(who) - timedelta(days=20)), pytest.raises(Conflict, match="not open yet"):
        start(who)


def test_no_attempt_in_a_closed_edition(who: Learner) -> None:
    close(who)
    with pytest.raises(Conflict, match="edition is over"):
        start(who)


def test_an_attempt_ends_with_its_module(who: Learner) -> None:
    with clock.at(end_of_module(who) - timedelta(minutes=5)):
        attempt = start(who)
    assert info(who, attempt).deadline == end_of_module(who)


def test_no_such_quiz_and_nobody(who: Learner) -> None:
    with pytest.raises(NotFound):
        start(who, "module9")
    with pytest.raises(NotFound), unit_of_work():
        commands.start_attempt(10**9, "module1")
    with pytest.raises(NotFound), unit_of_work():
        commands.submit_attempt(10**9)
    with pytest.raises(NotFound), unit_of_work():
        commands.save_answer(10**9, 1, None)


def test_answers_are_kept_and_replaced(who: Learner) -> None:
    attempt = start(who)
    item = of_kind(attempt, "single")
    save(attempt, item, [0])
    save(attempt, item, [0])
    save(attempt, item, [2])
    assert stored(attempt)[item.position] == [2]
    save(attempt, item, None)
    assert stored(attempt)[item.position] is None


@pytest.mark.parametrize(
    "kind", ["single", "multiple", "true-false", "numeric", "short", "matching", "ordering"]
)
def test_each_type_counts(who: Learner, kind: str) -> None:
    """One right answer of seven is a seventh; a wrong one earns nothing."""
    for attempt, answer, score in (
        (start(who), right_answer, Decimal("14.285714")),
        (None, wrong_answer, Decimal(0)),
    ):
        number = attempt or start(who)
        item = of_kind(number, kind)
        save(number, item, answer(item.asked.question))
        submit(who, number)
        assert info(who, number).score == score


def test_partial_credit_is_stored_with_each_question(who: Learner) -> None:
    attempt = start(who)
    multiple, matching = of_kind(attempt, "multiple"), of_kind(attempt, "matching")
    save(attempt, multiple, [0])
    save(attempt, matching, [0, 1, None])
    submit(who, attempt)
    found = papers.answers(attempt)
    assert found[multiple.position].credit == Decimal("0.5")
    assert found[matching.position].credit == Decimal("0.666667")
    assert info(who, attempt).score == Decimal("16.666667")  # (1/2 + 2/3) / 7, exact before it is rounded


def test_handing_in_is_done_once(who: Learner, happened: list[object]) -> None:
    attempt = start(who)
    answer_right(attempt, SMALL)
    assert submit(who, attempt)
    first = info(who, attempt)
    assert not submit(who, attempt)
    assert info(who, attempt) == first
    assert (first.score, first.automatic) == (Decimal(100), False)
    assert [type(event) for event in happened] == [AttemptSubmitted, ActivityChanged]


def test_nothing_is_saved_after_handing_in(who: Learner) -> None:
    attempt = start(who)
    submit(who, attempt)
    with pytest.raises(Conflict, match="handed in"):
        save(attempt, paper(attempt)[0], [0])
    assert set(stored(attempt).values()) == {None}


def test_the_time_limit_is_the_servers(who: Learner) -> None:
    """Until the deadline and some seconds of grace everything is taken, then nothing."""
    attempt = start(who)
    deadline = info(who, attempt).deadline
    assert deadline is not None
    item = of_kind(attempt, "single")
    with clock.at(deadline + GRACE):
        save(attempt, item, [0])
    with clock.at(deadline + GRACE + timedelta(seconds=1)), pytest.raises(Conflict, match="time is over"):
        save(attempt, item, [1])
    assert stored(attempt)[item.position] == [0]


def test_within_the_grace_it_is_the_learner_who_hands_in(who: Learner) -> None:
    attempt = start(who)
    with clock.at(later(20.2)):
        assert submit(who, attempt)
    assert not info(who, attempt).automatic


def test_after_its_time_an_attempt_is_handed_in_by_itself(who: Learner, happened: list[object]) -> None:
    """The sweep marks what was saved, as of the deadline, for nobody in particular; again it finds nothing."""
    attempt, other = start(who), start(who.another())
    answer_right(attempt, SMALL)
    with clock.at(later(20.4)):
        tasks.run("quizzes.sweep")
        assert info(who, attempt).submitted_at is None
    with clock.at(later(21)):
        assert sorted(queries.overdue()) == sorted([attempt, other])
        tasks.run("quizzes.sweep")
        tasks.run("quizzes.sweep")
    found = info(who, attempt)
    assert (found.score, found.automatic, found.submitted_at) == (Decimal(100), True, found.deadline)
    changes = [event for event in happened if isinstance(event, ActivityChanged)]
    assert [change.actor_id for change in changes] == [None, None]
    assert len(happened) == 4


def test_after_its_time_a_start_begins_a_new_attempt(who: Learner) -> None:
    attempt = start(who)
    with clock.at(later(25)):
        second = start(who)
    assert second != attempt
    assert info(who, attempt).automatic
    assert info(who, second).number == 2


def test_without_a_time_limit_an_attempt_waits(with_rules: WithRules) -> None:
    who = with_rules(("minutes = 20\n", ""))
    attempt = start(who)
    assert info(who, attempt).deadline == end_of_module(who)
    with clock.at(later(60 * 24)):
        answer_right(attempt, 1)
        tasks.run("quizzes.sweep")
    assert info(who, attempt).submitted_at is None


def test_closing_the_edition_hands_in_what_is_open(who: Learner, happened: list[object]) -> None:
    """It counts: the grades are frozen after that."""
    attempt = start(who)
    answer_right(attempt, SMALL)
    assert queries.under_way(who.edition) == 1
    close(who)
    found = info(who, attempt)
    assert (found.score, found.automatic) == (Decimal(100), True)
    assert queries.under_way(who.edition) == 0
    assert [type(event) for event in happened] == [AttemptSubmitted, ActivityChanged]


def test_the_sweep_finds_what_closing_left(who: Learner) -> None:
    attempt = start(who)
    with unit_of_work():
        db.session.get_one(Edition, who.edition).state = "closed"
    tasks.run("quizzes.sweep")
    assert info(who, attempt).submitted_at is not None


def test_why_a_score_changed(who: Learner, happened: list[object]) -> None:
    """The kept score's change is told with the numbers; an attempt that changes nothing is not."""
    take(who, 3)
    take(who, 2)
    changes = [event for event in happened if isinstance(event, ActivityChanged)]
    why = "Quiz of module 1, attempt 1 of 2: 42.9 %, the best counts"
    assert changes == [ActivityChanged(who.enrolment, who.person, why)]


def test_a_score_of_nought_is_a_score(who: Learner, happened: list[object]) -> None:
    take(who, 0)
    assert [type(event) for event in happened] == [AttemptSubmitted, ActivityChanged]


@pytest.mark.parametrize(
    ("keep", "counts", "changes"),
    [
        ("best", "57.142857", 1),
        ("last", "14.285714", 2),
        ("first", "57.142857", 1),
        ("average", "35.714286", 2),
    ],
)
def test_which_attempt_counts(
    with_rules: WithRules, happened: list[object], keep: str, counts: str, changes: int
) -> None:
    who = with_rules(('keep = "best"', f'keep = "{keep}"'))
    take(who, 4)
    take(who, 1)
    (activity, _) = queries.activities(who.enrolment)
    assert activity.score == Decimal(counts)
    assert sum(isinstance(event, ActivityChanged) for event in happened) == changes


def test_activities(who: Learner) -> None:
    first, second = queries.activities(who.enrolment)
    assert (first.feature, first.key, first.title, first.group) == (
        "quizzes",
        "module1",
        "Quiz of module 1",
        "module1",
    )
    assert (first.group_title, first.group_url) == ("1 Module number 1", f"{who.base}/modules/module1/")
    assert (first.counts, first.score, first.weight, first.done) == (True, None, Decimal(1), False)
    assert (first.url, first.minutes) == (f"{who.base}/quizzes/module1/", 20)
    assert first.detail == "2 attempts, 20 minutes, 7 questions"
    assert first.due_at == end_of_module(who)
    assert second.group == "module2"
    assert second.opens_at > first.opens_at  # type: ignore[operator]


@pytest.mark.parametrize(
    ("rights", "done", "detail"),
    [
        ([2], False, "28.6 %, 1 of 2 attempts used"),
        ([4], True, "57.1 %, 1 of 2 attempts used"),
        ([2, 0], True, "28.6 %, 2 of 2 attempts used"),
    ],
)
def test_done_when_passed_or_used_up(who: Learner, rights: list[int], done: bool, detail: str) -> None:
    for right in rights:
        take(who, right)
    activity = next(iter(queries.activities(who.enrolment)))
    assert (activity.done, activity.detail) == (done, detail)


def test_an_open_attempt_has_no_score(who: Learner) -> None:
    answer_right(start(who), SMALL)
    activity = next(iter(queries.activities(who.enrolment)))
    assert (activity.done, activity.score) == (False, None)


def test_activities_cost_two_statements(who: Learner, statements: Callable[[], Any]) -> None:
    """Whatever the number of modules and attempts."""
    take(who, 1)
    list(queries.activities(who.enrolment))
    with statements() as seen:
        list(queries.activities(who.enrolment))
    seen.at_most(2)


def test_saving_costs_two_statements(who: Learner, statements: Callable[[], Any]) -> None:
    attempt = start(who)
    item = of_kind(attempt, "single")
    with statements() as seen:
        save(attempt, item, [0])
    seen.at_most(2)


def test_answers_of_others_stay(who: Learner) -> None:
    """Saving and handing in touch one attempt alone."""
    other = who.another()
    mine, theirs = start(who), start(other)
    answer_right(mine, SMALL)
    submit(who, mine)
    assert set(stored(theirs).values()) == {None}
    assert info(other, theirs).submitted_at is None


def test_every_row_of_an_attempt_points_at_its_question(who: Learner) -> None:
    attempt = start(who)
    rows = db.session.execute(select(Item.position, Item.question_id).where(Item.attempt_id == attempt))
    assert {tuple(row) for row in rows} == {(item.position, item.question_id) for item in paper(attempt)}


def test_two_editions_are_apart(who: Learner) -> None:
    """The same person takes the quiz in each edition."""
    take(who, 1)
    take(who, 1)
    again = factories.edition(db.session.get_one(Edition, who.edition).course_id)
    enrolment = factories.enrolment(again, who.person)
    attempt = start(Learner(who.base, again, enrolment))
    assert attempt
