"""The pages of those who are invited, and of those who are not."""

from __future__ import annotations

from flask.testing import FlaskClient

from lms.invitations.values import State
from tests.core import factories
from tests.invitations.conftest import Place, SignIn, at, state_of


def _browser(signed_in: SignIn, enrolment: int) -> FlaskClient:
    return signed_in(factories.person_of(enrolment))


def test_accepting_and_confirming(place: Place, signed_in: SignIn) -> None:
    """Each by a button that is there at its time alone; twice does no harm."""
    sokha = place.invited()
    browser, address = _browser(signed_in, sokha), f"{place.base}/invitation"
    page = browser.get(address).text
    assert "Thursday 24 October, 23:59" in page
    assert "I confirm" not in page
    for _ in range(2):
        assert browser.post(f"{address}/accept").status_code == 302
    assert "Travel and access needs" in browser.get(address).text
    assert browser.post(f"{address}/confirm").status_code == 409
    with at(28):
        assert "I confirm that I come" in browser.get(address).text
        assert browser.post(f"{address}/confirm").status_code == 302
    assert state_of(sokha) == State.CONFIRMED
    entry = browser.get(f"{address}.ics")
    assert entry.mimetype == "text/calendar"
    assert "DTSTART;VALUE=DATE:20191118" in entry.text


def test_declining(place: Place, signed_in: SignIn) -> None:
    """With a reason that comes back escaped, and no way back but the course team's."""
    sokha = place.invited()
    browser, address = _browser(signed_in, sokha), f"{place.base}/invitation"
    assert browser.post(f"{address}/decline", data={"reason": "x" * 501}).status_code == 422
    assert browser.post(f"{address}/decline", data={"reason": "<b>A new post</b>"}).status_code == 302
    page = browser.get(address).text
    assert "&lt;b&gt;A new post" in page
    assert "I accept" not in page
    assert browser.post(f"{address}/accept").status_code == 409


def test_too_late(place: Place, signed_in: SignIn) -> None:
    """The page says so at once, before anything has swept."""
    sokha = place.invited()
    browser = _browser(signed_in, sokha)
    with at(11):
        assert "The time to answer is over" in browser.get(f"{place.base}/invitation").text
        assert browser.post(f"{place.base}/invitation/accept").status_code == 409
    assert state_of(sokha) == State.INVITED


def test_whoever_is_not_invited_sees_nothing(place: Place, signed_in: SignIn) -> None:
    """Neither learners without an invitation, nor those who are proposed and don't know it yet."""
    for enrolment in (place.learner("Vann Chea"), place.proposed()):
        browser = _browser(signed_in, enrolment)
        for page in ("invitation", "invitation.ics", "invitation/travel", "invitation/passport"):
            assert browser.get(f"{place.base}/{page}").status_code == 404
        assert browser.post(f"{place.base}/invitation/accept").status_code == 404
        assert browser.get(f"{place.base}/invitations/").status_code == 403
