"""From an approved selection to invitations: those selected are proposed, and reserves follow within the quotas."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, EnrolmentState
from lms.core.errors import Conflict
from lms.core.tasks import run
from lms.invitations import api, placing, tasks
from lms.invitations.models import Invitation
from lms.invitations.values import GatheringInfo, State
from tests.core import factories
from tests.invitations.conftest import state_of
from tests.selection.conftest import Place, listed, place

__all__ = ["place"]


def _workshop(edition_id: int, *, automatic: bool) -> None:
    first = factories.someday(40)
    found = GatheringInfo("A workshop", "Bangkok", first, first, 10, first, factories.someday(60), automatic=automatic)
    with unit_of_work():
        placing.arrange(edition_id, found)


def _states() -> dict[int, str]:
    return {row.enrolment_id: row.state for row in db.session.execute(select(Invitation.enrolment_id, Invitation.state))}


@pytest.mark.parametrize("automatic", [False, True])
def test_seats_and_reserves(place: Place, *, automatic: bool) -> None:
    """Approving proposes; whoever declines or doesn't answer is replaced by the best who keeps the quota of women."""
    women = [place.candidate(f"Woman {number}", 60 + number, gender="woman", institution=f"W{number}") for number in range(3)]
    men = [place.candidate(f"Man {number}", 80 + number, gender="man", institution=f"M{number}") for number in range(4)]
    place.rules(3, reserves=4, women=30)
    run_id = place.run()
    with pytest.raises(Conflict, match="No selection is approved"), unit_of_work():
        api.propose(place.info.id)
    place.approve(run_id)
    assert {*listed(run_id)} == {women[2], men[3], men[2]}
    assert _states() == dict.fromkeys(listed(run_id), State.PROPOSED)
    _workshop(place.info.id, automatic=automatic)
    deadline = clock.now() + timedelta(days=5)
    with unit_of_work():
        assert api.invite(place.info.id, deadline) == 3
        api.accept(men[3])
        api.decline(women[2])
    after = State.INVITED if automatic else State.PROPOSED
    assert (state_of(women[2]), state_of(women[1])) == (State.REPLACED, after)
    with clock.at(deadline + timedelta(minutes=1)):
        run(tasks.SWEEP)
    assert (state_of(men[2]), state_of(men[1])) == (State.REPLACED, after)
    assert men[0] not in _states()


def test_whoever_left_before_the_approval_was_passed_on(place: Place) -> None:
    """Somebody who withdraws after being proposed leaves a seat, which goes on."""
    people = place.crowd(90, 85, 80)
    place.rules(1, reserves=2)
    place.approve(place.run())
    with unit_of_work():
        db.session.get_one(Enrolment, people[0]).state = EnrolmentState.WITHDRAWN
    run(tasks.SWEEP)
    assert _states() == {people[0]: State.REPLACED, people[1]: State.PROPOSED}
