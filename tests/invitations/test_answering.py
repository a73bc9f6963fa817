"""Being proposed, invited, accepting and declining, confirming, and being there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict, NotFound
from lms.invitations import api, placing
from lms.invitations.models import InvitationStep
from lms.invitations.values import State
from tests.core import factories
from tests.invitations.conftest import DEADLINE, WORKSHOP, Place, acts, at, kinds, mails, state_of


def test_from_proposal_to_attendance(place: Place) -> None:
    """Each step is a row of the history; participants are those who have accepted, whatever came later."""
    sokha = place.proposed()
    assert state_of(sokha) == State.PROPOSED
    assert api.participants(place.info.id) == ()
    with unit_of_work():
        assert api.invite(place.info.id, DEADLINE, place.viewer) == 1
        assert api.invite(place.info.id, DEADLINE, place.viewer) == 0
    with unit_of_work():
        assert api.accept(sokha, factories.viewer_of(sokha))
        assert not api.accept(sokha, factories.viewer_of(sokha))
    with at(28), unit_of_work():
        assert api.confirm_again(sokha, factories.viewer_of(sokha))
        assert not api.accept(sokha, factories.viewer_of(sokha))
    with at(35), unit_of_work():
        assert api.mark(sokha, State.ABSENT, place.viewer)
        assert api.mark(sokha, State.ATTENDED, place.viewer, "came later")
    steps = db.session.execute(select(InvitationStep.before, InvitationStep.after, InvitationStep.by_id).order_by(InvitationStep.id))
    me, admin = factories.person_of(sokha), factories.person_of(place.admin)
    assert [tuple(row) for row in steps] == [
        ("", "proposed", admin),
        ("proposed", "invited", admin),
        ("invited", "accepted", me),
        ("accepted", "confirmed", me),
        ("confirmed", "absent", admin),
        ("absent", "attended", admin),
    ]
    assert kinds() == ["invited", "accepted"]
    assert "by Thursday 24 October 2019, 23:59 (Asia/Singapore)" in mails()[0].text
    (found,) = api.participants(place.info.id)
    assert (found.name, found.country, found.gender, found.state) == ("Sokha Pov", "KH", "woman", State.ATTENDED)
    assert api.participant(sokha) == found
    assert acts() == ["invitations.arrange", "invitations.invite", "invitations.miss", "invitations.attend"]


def test_an_answer_after_the_deadline(place: Place) -> None:
    """Accepting is refused, with what to do; declining is not."""
    sokha = place.invited()
    with at(10, hours=14), pytest.raises(Conflict, match="did not answer in time"), unit_of_work():
        api.accept(sokha)
    with at(10, hours=14), unit_of_work():
        assert api.decline(sokha, "A new post")
    assert state_of(sokha) == State.DECLINED
    with pytest.raises(Conflict, match="has declined"), unit_of_work():
        api.accept(sokha)


def test_confirming_too_early_or_without_having_accepted(place: Place) -> None:
    """Both are refused in words."""
    sokha, vann = place.accepted(), place.invited("Vann Chea")
    with pytest.raises(Conflict, match="from Monday 11 November 2019 on"), unit_of_work():
        api.confirm_again(sokha)
    with at(30), pytest.raises(Conflict, match="has not answered yet"), unit_of_work():
        api.confirm_again(vann)


def test_whoever_has_no_invitation_or_no_place(place: Place) -> None:
    """Strangers, tutors and those of other editions are not proposed, and can't answer or be marked."""
    other, learner = factories.enrolment(factories.edition()), place.learner("Vann Chea")
    with unit_of_work():
        assert placing.put_forward(place.info.id, [other, place.tutor, learner, learner]) == (learner,)
        assert placing.put_forward(place.info.id, [learner]) == ()
    with pytest.raises(NotFound), unit_of_work():
        api.mark(other, State.ATTENDED)
    with pytest.raises(Conflict, match="not invited yet"), unit_of_work():
        api.mark(learner, State.ATTENDED)


def test_where_and_when(place: Place) -> None:
    """What others read is what was said; a change that was overtaken is refused."""
    found = api.gathering(place.info.id)
    assert found
    assert (found.title, found.starts_on, found.version) == (WORKSHOP.title, WORKSHOP.starts_on, 1)
    with pytest.raises(Conflict, match="Somebody changed this"), unit_of_work():
        api.arrange(place.info.id, WORKSHOP)
