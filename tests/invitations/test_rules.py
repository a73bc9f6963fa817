"""What can become of an invitation: every act in every state, deadlines, and the dates of a workshop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from lms.invitations import rules
from lms.invitations.values import Act, Standing, State
from tests.invitations.conftest import DEADLINE, WORKSHOP

POSSIBLE = {
    State.PROPOSED: {Act.INVITE, Act.LEAVE, Act.REPLACE},
    State.INVITED: {Act.ACCEPT, Act.DECLINE, Act.EXPIRE, Act.LEAVE},
    State.ACCEPTED: {Act.ASK, Act.DECLINE, Act.LEAVE, Act.CONFIRM, Act.ATTEND, Act.MISS},
    State.DECLINED: {Act.INVITE, Act.REPLACE},
    State.EXPIRED: {Act.INVITE, Act.REPLACE},
    State.REPLACED: {Act.INVITE},
    State.CONFIRMED: {Act.ASK, Act.DECLINE, Act.LEAVE, Act.ATTEND, Act.MISS},
    State.ATTENDED: {Act.MISS},
    State.ABSENT: {Act.ATTEND},
}
RESULTS = {
    Act.INVITE: State.INVITED,
    Act.ACCEPT: State.ACCEPTED,
    Act.DECLINE: State.DECLINED,
    Act.EXPIRE: State.EXPIRED,
    Act.LEAVE: State.DECLINED,
    Act.REPLACE: State.REPLACED,
    Act.ASK: State.ACCEPTED,
    Act.CONFIRM: State.CONFIRMED,
    Act.ATTEND: State.ATTENDED,
    Act.MISS: State.ABSENT,
}
EARLY, LATE = DEADLINE - timedelta(seconds=1), DEADLINE + timedelta(seconds=1)


@pytest.mark.parametrize(("state", "act"), [*product(State, Act)])
def test_each_act_is_possible_from_some_states_only(state: State, act: Act) -> None:
    """Nothing stands in the way of what the table allows; all else is refused in words."""
    now = LATE if act == Act.EXPIRE else EARLY
    assert (rules.obstacle(act, Standing(state, DEADLINE, free=1), now) == "") is (act in POSSIBLE[state])
    assert rules.BECOMES[act] == RESULTS[act]


@pytest.mark.parametrize(
    ("act", "standing", "now", "words"),
    [
        (Act.ACCEPT, Standing(State.INVITED, DEADLINE), LATE, "did not answer in time"),
        (Act.ACCEPT, Standing(State.INVITED, DEADLINE), DEADLINE, ""),
        (Act.ACCEPT, Standing(State.INVITED, DEADLINE, enrolled=False), EARLY, "has no place in the edition any more"),
        (Act.DECLINE, Standing(State.INVITED, DEADLINE), LATE, ""),
        (Act.EXPIRE, Standing(State.INVITED, DEADLINE), DEADLINE, "can still answer"),
        (Act.INVITE, Standing(State.PROPOSED, enrolled=False), EARLY, "has no place in the edition any more"),
        (Act.INVITE, Standing(State.PROPOSED, free=0), EARLY, ""),
        (Act.INVITE, Standing(State.EXPIRED, free=0), EARLY, "did not answer in time, and no seat is free"),
        (Act.INVITE, Standing(State.REPLACED, free=1), EARLY, ""),
    ],
)
def test_what_else_stands_in_the_way(act: Act, standing: Standing, now: datetime, words: str) -> None:
    """Deadlines, places in the edition and free seats count, too."""
    assert rules.obstacle(act, standing, now) == words


@pytest.mark.parametrize(
    ("act", "state", "again"),
    [
        (Act.ACCEPT, State.CONFIRMED, True),
        (Act.ACCEPT, State.INVITED, False),
        (Act.DECLINE, State.DECLINED, True),
        (Act.ATTEND, State.ABSENT, False),
    ],
)
def test_what_was_done_already(act: Act, state: State, again: bool) -> None:
    """An act that was done already changes nothing; whoever has confirmed has accepted."""
    assert rules.repeated(act, state) is again


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("Asia/Singapore", datetime(2019, 10, 24, 15, 59, 59, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2019, 10, 25, 6, 59, 59, tzinfo=UTC)),
        ("Asia/Yangon", datetime(2019, 10, 24, 17, 29, 59, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_the_end_of_a_day_in_the_editions_zone(zone: str, utc: datetime) -> None:
    """Half hours and the far side of the world count."""
    assert rules.end_of_day(date(2019, 10, 24), zone) == utc


@pytest.mark.parametrize(
    ("today", "deadline"),
    [(date(2019, 10, 14), date(2019, 10, 24)), (date(2019, 11, 12), date(2019, 11, 17)), (date(2019, 11, 18), date(2019, 11, 18))],
)
def test_the_usual_deadline_is_before_the_workshop(today: date, deadline: date) -> None:
    """Whoever is invited late gets fewer days."""
    assert rules.usual_deadline(WORKSHOP, today) == deadline


def test_the_days_on_which_things_change() -> None:
    """Confirming begins a week before; requests, moving up and deletion each have their day."""
    first, day = WORKSHOP.starts_on, timedelta(days=1)
    asked = [rules.asks_again(WORKSHOP, today) for today in (first - 8 * day, first - 7 * day, first, first + day)]
    assert asked == [False, True, True, False]
    assert [rules.moves_up(WORKSHOP, today) for today in (first - day, first)] == [True, False]
    assert [rules.frozen(WORKSHOP, today) for today in (date(2019, 11, 7), date(2019, 11, 8))] == [False, True]
    assert [rules.deleted(WORKSHOP, today) for today in (date(2019, 12, 20), date(2019, 12, 21))] == [False, True]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_on": date(2019, 11, 17)}, "ends_on"),
        ({"freeze_on": date(2019, 11, 19)}, "freeze_on"),
        ({"delete_on": date(2019, 11, 21)}, "delete_on"),
    ],
)
def test_dates_that_contradict_each_other(changed: dict[str, date], field: str) -> None:
    """Each is named with its field."""
    assert [name for name, _ in rules.faults(replace(WORKSHOP, **changed))] == [field]  # type: ignore[arg-type] # dates alone
    assert rules.faults(WORKSHOP) == []
