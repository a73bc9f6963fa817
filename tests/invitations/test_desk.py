"""The administrators' desk: where and when, the list and its files, sending after a preview, one invitation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.core.db import unit_of_work
from lms.invitations import answering, queries
from lms.invitations.values import State
from tests.core import factories
from tests.gradebook.reading import sheet
from tests.invitations.conftest import Place, SignIn, acts, at, kinds, mails, state_of

FIELDS = {
    "title": "Trade in the digital age",
    "place": "Bangkok",
    "starts_on": "2019-11-18",
    "ends_on": "2019-11-21",
    "answer_days": "7",
    "freeze_on": "2019-11-08",
    "delete_on": "2019-12-21",
    "version": "1",
}


@pytest.fixture
def admin(place: Place, signed_in: SignIn) -> FlaskClient:
    """Give the administrator's browser."""
    return signed_in(factories.person_of(place.admin))


def hidden(page: str) -> dict[str, str]:
    """Read what the form of a preview carries along."""
    found = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", page)]
    return {tag["name"]: tag.get("value", "") for tag in found if tag.get("name") in {"shown", "scope", "pick", "answer_by"}}


def test_where_and_when(place: Place, admin: FlaskClient) -> None:
    """A form, filled in with what is stored; two administrators at once don't overwrite each other."""
    address = f"{place.base}/invitations/workshop"
    assert 'value="Regional workshop"' in admin.get(address).text
    assert admin.post(address, data=FIELDS).status_code == 302
    found = queries.gathering(place.info.id)
    assert found
    assert (found.title, found.answer_days, found.automatic) == ("Trade in the digital age", 7, False)
    for version in ("1", "", "x"):
        assert admin.post(address, data={**FIELDS, "title": "Mine", "version": version}).status_code == 409
    assert admin.post(address, data={key: text for key, text in FIELDS.items() if key != "version"}).status_code == 409


def test_a_change_is_told(place: Place, admin: FlaskClient) -> None:
    """To those who are invited or come, when it is about where or when; not of what concerns administrators alone."""
    place.invited()
    place.accepted("Vann Chea")
    place.proposed("Dara")
    declined = place.invited("Mai")
    with unit_of_work():
        answering.decline(declined)
    before = len(kinds())
    address = f"{place.base}/invitations/workshop"
    page = admin.post(address, data=FIELDS, follow_redirects=True).text
    assert "2 who are invited or come get a mail" in page
    assert kinds()[before:] == ["changed", "changed"]
    assert "Trade in the digital age is now on Monday 18 November 2019 to Thursday 21 November 2019, in Bangkok." in mails()[-1].text
    admin.post(address, data={**FIELDS, "version": "2", "answer_days": "9"})
    assert len(kinds()) == before + 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_on": "2019-11-17"}, "end before it begins"),
        ({"answer_days": "0"}, "a whole number from 1 to 90"),
        ({"answer_days": "ten"}, "Not a valid integer"),
        ({"delete_on": "1019-11-30"}, "a date from 2000"),
        ({"place": ""}, "Please fill this in"),
    ],
)
def test_dates_that_can_not_be(place: Place, admin: FlaskClient, changed: dict[str, str], words: str) -> None:
    """Each is refused beside its field, and what was typed stays."""
    answer = admin.post(f"{place.base}/invitations/workshop", data={**FIELDS, **changed})
    assert (answer.status_code, words in answer.text, "Trade in the digital age" in answer.text) == (422, True, True)


def test_inviting_after_a_preview(place: Place, admin: FlaskClient) -> None:
    """The preview shows every mail; sending does what it showed, once, and refuses what changed meanwhile."""
    sokha, vann = place.proposed(), place.proposed("Vann Chea")
    page = admin.post(f"{place.base}/invitations/preview", data={"scope": "proposed"}).text
    assert page.count("Dear ") == 2
    assert hidden(page)["answer_by"] == "2019-10-24"
    data = {"scope": "proposed", "answer_by": "2019-10-20", "words": "Please bring\n\na jumper."}
    page = admin.post(f"{place.base}/invitations/preview", data=data).text
    assert "by Sunday 20 October 2019, 23:59 (Asia/Singapore)" in page
    sent = {**data, "shown": hidden(page)["shown"]}
    assert admin.post(f"{place.base}/invitations/send", data={**sent, "words": "Other"}).status_code == 409
    assert kinds() == []
    assert admin.post(f"{place.base}/invitations/send", data=sent).status_code == 302
    assert admin.post(f"{place.base}/invitations/send", data=sent).status_code == 409
    assert (kinds(), state_of(sokha), state_of(vann)) == (["invited"] * 2, State.INVITED, State.INVITED)
    assert "a jumper." in mails()[0].text


def test_two_administrators_at_once(place: Place, admin: FlaskClient) -> None:
    """Whoever is second is told that nothing is as it was shown."""
    sokha = place.proposed()
    page = admin.post(f"{place.base}/invitations/preview", data={"scope": "ticked", "pick": sokha, "answer_by": "2019-10-20"}).text
    with unit_of_work():
        answering.take_back(sokha, "Not now", place.viewer)
    answer = admin.post(f"{place.base}/invitations/send", data=hidden(page))
    assert (answer.status_code, "Left out: 1" in answer.text, kinds()) == (409, False, [])


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"scope": "ticked"}, 422, "Nobody was chosen"),
        ({"scope": "ticked", "pick": [str(10**9 - 1), "x", str(10**9)]}, 200, "nobody who can be invited"),
        ({"answer_by": "2019-10-13"}, 422, "This moment is over"),
        ({"answer_by": "yesterday"}, 422, "Please give a date"),
        ({"answer_by": "2019-10-20", "words": "x" * 1001}, 422, "at most 1,000"),
    ],
)
def test_previews_of_nonsense(place: Place, admin: FlaskClient, data: dict[str, Any], status: int, words: str) -> None:
    """They are refused in words, and nothing is sent."""
    place.proposed()
    answer = admin.post(f"{place.base}/invitations/preview", data=data)
    assert (answer.status_code, words in answer.text, kinds()) == (status, True, [])


def test_the_list_and_its_files(place: Place, admin: FlaskClient) -> None:
    """Filters, order and columns hold for the page and for both files alike."""
    place.accepted("Ana", country="KH")
    place.invited("Bo", country="SG", gender="man")
    place.proposed("=Chan", country="SG", gender="man")
    base = f"{place.base}/invitations"
    assert re.findall(r"<bdi>(=?[A-Z]\w+)</bdi></a></th>", admin.get(f"{base}/").text) == ["Ana", "Bo", "=Chan"]
    filters = "country=SG&gender=man&sort=-name&columns=state&columns=country"
    page = admin.get(f"{base}/?{filters}").text
    shown = [re.findall(r"<bdi>([^<]*)</bdi>", row) for row in re.findall(r"<tr><th scope=.row.>.*?</tr>", page)]
    assert shown == [["=Chan", "Singapore"], ["Bo", "Singapore"]]
    rows = list(csv.reader(io.StringIO(admin.get(f"{base}.csv?{filters}").text.lstrip("\ufeff"))))
    assert rows == [["Name", "State", "Country"], ["'=Chan", "proposed", "Singapore"], ["Bo", "invited", "Singapore"]]
    assert [row[0] for row in sheet(admin.get(f"{base}.xlsx?{filters}").data)] == ["Name", "=Chan", "Bo"]
    assert admin.get(f"{base}/?state=nonsense&page=99999999&sort=x&q=%00&country=ZZ").status_code == 200
    assert acts().count("invitations.export") == 2


def test_the_list_takes_few_statements(place: Place, admin: FlaskClient, statements: Callable[[], Any]) -> None:
    """However many there are."""
    for number in range(6):
        place.proposed(f"Person {number}")
    admin.get(f"{place.base}/invitations/")
    with statements() as seen:
        admin.get(f"{place.base}/invitations/")
    seen.at_most(9)


def test_putting_something_down(place: Place, admin: FlaskClient, signed_in: SignIn) -> None:
    """Answers by telephone, and who was there; what can't be done is refused, and all of it is in the history."""
    sokha = place.invited()
    address = f"{place.base}/invitations/{sokha}"

    for shown, deed, status in (
        ("invited", "attend", 409),
        ("invited", "dance", 422),
        ("invited", "accept", 302),
        ("invited", "accept", 302),
        ("accepted", "miss", 409),
    ):
        assert admin.post(f"{address}/act", data={"act": deed, "shown": shown}).status_code == status
    assert "Put down that they were there" not in admin.get(address).text
    with at(35):
        later = signed_in(factories.person_of(place.admin))
        assert later.post(f"{address}/act", data={"act": "miss", "shown": "accepted", "reason": "Called away"}).status_code == 302
        page = later.get(address).text
    assert "Called away" in page
    assert "Mira Adler" in page
    assert [act for act in acts() if act != "invitations.look"][-2:] == ["invitations.accept", "invitations.miss"]
    other = factories.enrolment(factories.edition())
    assert admin.get(f"{place.base}/invitations/{other}").status_code == 404
    assert admin.post(f"{place.base}/invitations/{other}/act", data={"act": "accept"}).status_code == 404


@pytest.mark.parametrize("shown", ["invited", "", "x\0"])
def test_a_page_that_is_out_of_date(place: Place, admin: FlaskClient, shown: str) -> None:
    """Nobody is taken off the list by an administrator who saw an older state; what was typed stays."""
    sokha = place.accepted()
    answer = admin.post(f"{place.base}/invitations/{sokha}/act", data={"act": "decline", "reason": "By letter", "shown": shown})
    assert (answer.status_code, "this person has accepted" in answer.text, "By letter" in answer.text) == (409, True, True)
    assert state_of(sokha) == State.ACCEPTED


def test_inviting_somebody_again(place: Place, admin: FlaskClient) -> None:
    """Only while a seat is free; the new deadline holds."""
    sokha = place.invited()
    with unit_of_work():
        answering.decline(sokha)
    assert "Invite again" in admin.get(f"{place.base}/invitations/{sokha}").text
    data = {"scope": "ticked", "pick": str(sokha), "answer_by": "2019-10-30"}
    page = admin.post(f"{place.base}/invitations/preview", data=data).text
    assert admin.post(f"{place.base}/invitations/send", data={**data, **hidden(page)}).status_code == 302
    assert state_of(sokha) == State.INVITED
    with at(15), unit_of_work():
        assert answering.accept(sokha)
