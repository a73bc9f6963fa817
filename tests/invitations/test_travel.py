"""What those who come say for the journey: sealed, seen by few, changed by request after the freeze, and deleted."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PasswordType, PdfReader
from sqlalchemy import func, select

from lms.core.audit import AuditEntry, Sighting
from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict
from lms.core.sealing import SealError, unseal
from lms.core.tasks import run
from lms.invitations import answering, tasks, travel
from lms.invitations.models import PassportPage, TravelChange, TravelDetails
from lms.invitations.values import Journey
from tests.core import factories
from tests.gradebook.reading import sheet
from tests.invitations.conftest import Place, SignIn, acts, at, kinds

SAID = {
    "passport_name": "POV SOKHA",
    "passport_number": "N0123456",
    "visa": "no",
    "arrives_on": "2019-11-17",
    "leaves_on": "2019-11-22",
    "diet": "vegetarian",
    "emergency": "Dara Pov, +855 12 345 678",
    "version": "0",
}
JPEG = b"\xff\xd8\xff\xe0" + b"a picture" * 100


@pytest.fixture
def sokha(place: Place) -> int:
    """Give somebody who comes."""
    return place.accepted()


@pytest.fixture
def browser(sokha: int, signed_in: SignIn) -> FlaskClient:
    """Give their browser."""
    return signed_in(factories.person_of(sokha))


def test_saying_it(place: Place, sokha: int, browser: FlaskClient) -> None:
    """What was said comes back to whom it belongs, and stands nowhere in the database in plain letters."""
    address = f"{place.base}/invitation/travel"
    assert "Please tell us the name in your passport" in browser.get(address).text
    assert browser.post(address, data=SAID).status_code == 302
    page = browser.get(address).text
    assert "We have all that we need" in page
    assert 'value="N0123456"' in page
    stored = db.session.scalars(select(TravelDetails.sealed)).one()
    assert "N0123456" not in stored
    assert "N0123456" in unseal(stored, travel.PURPOSE, sokha)
    with pytest.raises(SealError):
        unseal(stored, travel.PURPOSE, sokha + 1)
    assert browser.post(address, data={**SAID, "version": "0"}).status_code == 409
    assert browser.post(address, data={**SAID, "version": "1", "diet": "halal"}).status_code == 302


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"arrives_on": "2019-02-30"}, "Please give a date"),
        ({"arrives_on": "2019-09-01"}, "more than four weeks"),
        ({"arrives_on": "2019-11-23"}, "leave before you arrive"),
        ({"visa": "perhaps"}, "Not a valid choice"),
        ({"passport_number": "N\0"}, "invisible character"),
        ({"access": "x" * 501}, "at most 500"),
    ],
)
def test_what_is_refused(place: Place, browser: FlaskClient, changed: dict[str, str], words: str) -> None:
    """Beside the field, and nothing is kept."""
    answer = browser.post(f"{place.base}/invitation/travel", data={**SAID, **changed})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert 'value="vegetarian"' in answer.text
    assert db.session.scalar(select(func.count()).select_from(TravelDetails)) == 0


def test_administrators_see_it_and_that_is_seen(place: Place, sokha: int, browser: FlaskClient, signed_in: SignIn) -> None:
    """Administrators alone; each look is on record for the person."""
    browser.post(f"{place.base}/invitation/travel", data=SAID)
    address = f"{place.base}/invitations/{sokha}/travel"
    assert signed_in(factories.person_of(place.tutor)).get(address).status_code == 403
    assert browser.get(address).status_code == 403
    assert "N0123456" in signed_in(factories.person_of(place.admin)).get(address).text
    seen = select(AuditEntry.action, Sighting.person_id).join(Sighting, Sighting.entry_id == AuditEntry.id)
    assert [tuple(row) for row in db.session.execute(seen)] == [("travel.look", factories.person_of(sokha))]


def test_a_change_after_the_freeze_is_a_request(place: Place, sokha: int, browser: FlaskClient, signed_in: SignIn) -> None:
    """It waits, the newest one alone; granting makes it so, refusing leaves things as they are; each once."""
    address, admin = f"{place.base}/invitation/travel", signed_in(factories.person_of(place.admin))
    browser.post(address, data=SAID)
    with at(25):
        for diet in ("halal", "vegan"):
            assert browser.post(address, data={**SAID, "version": "1", "diet": diet}).status_code == 302
        assert travel.read(sokha).journey.diet == "vegetarian"
        (change,) = db.session.scalars(select(TravelChange.id)).all()
        assert "vegan" in admin.get(f"{place.base}/invitations/{sokha}/travel").text
        decide = f"{place.base}/invitations/{sokha}/travel/{change}"
        assert admin.post(f"{place.base}/invitations/{place.admin}/travel/{change}", data={"verdict": "grant"}).status_code == 404
        assert admin.post(decide, data={"verdict": "grant", "words": "Done."}).status_code == 302
        assert admin.post(decide, data={"verdict": "refuse"}).status_code == 409
    assert travel.read(sokha).journey.diet == "vegan"
    assert kinds()[-1] == "travel"
    assert acts()[-1] == "travel.grant"


def test_what_comes_late_is_still_taken_the_first_time(place: Place, sokha: int, browser: FlaskClient) -> None:
    """Whoever said nothing before the freeze changes nothing that is booked."""
    with at(25):
        assert browser.post(f"{place.base}/invitation/travel", data=SAID).status_code == 302
    assert travel.read(sokha).journey.diet == "vegetarian"


def test_it_is_deleted_on_its_day(place: Place, sokha: int, browser: FlaskClient, statements: Callable[[], Any]) -> None:
    """By the edition's days; it is put on record, once, and nothing more is taken. Later sweeps look for nothing there."""
    browser.post(f"{place.base}/invitation/travel", data=SAID)
    with unit_of_work():
        travel.upload(sokha, JPEG)
    with at(67, hours=13):  # the last hour of the day before
        run(tasks.SWEEP)
    assert travel.read(sokha).version == 1
    with at(67, hours=14):
        run(tasks.SWEEP)
        with statements() as seen:
            travel.delete_due()
        seen.at_most(1)
        with pytest.raises(Conflict, match="not taken any more"), unit_of_work():
            travel.save(sokha, Journey(diet="vegan"), 0)
    assert (travel.read(sokha).version, travel.read(sokha).has_page) == (0, False)
    assert acts().count("travel.delete") == 1


def test_whoever_does_not_come_leaves_nothing(place: Place, sokha: int, browser: FlaskClient) -> None:
    """Declining deletes what was said, and nothing more can be said."""
    browser.post(f"{place.base}/invitation/travel", data=SAID)
    with unit_of_work():
        answering.decline(sokha, "A new post")
    assert db.session.scalar(select(func.count()).select_from(TravelDetails)) == 0
    assert browser.get(f"{place.base}/invitation/travel").status_code == 404
    assert browser.post(f"{place.base}/invitation/travel", data=SAID).status_code == 409


def _page(body: bytes) -> dict[str, Any]:
    head = b'--x\r\nContent-Disposition: form-data; name="page"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return {"data": head + body + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 422, "neither a JPEG"),
        (b"<svg onload='x'>", 422, "neither a JPEG"),
        (JPEG + b"\0" * 4_000_000, 413, "larger than 4 MB"),
    ],
)
def test_files_that_are_no_picture(place: Place, browser: FlaskClient, body: bytes, status: int, words: str) -> None:
    """Whatever their names say."""
    answer = browser.post(f"{place.base}/invitation/passport", **_page(body))
    assert (answer.status_code, words in answer.text) == (status, True)
    assert browser.get(f"{place.base}/invitation/passport").status_code == 404


def test_the_passports_page(place: Place, sokha: int, browser: FlaskClient, signed_in: SignIn) -> None:
    """It is kept sealed, sent to its owner and to administrators, who are on record for it, and can be deleted."""
    assert browser.post(f"{place.base}/invitation/passport", **_page(JPEG)).status_code == 302
    assert JPEG not in db.session.scalars(select(PassportPage.sealed)).one()
    own = browser.get(f"{place.base}/invitation/passport")
    assert (own.data, own.mimetype) == (JPEG, "image/jpeg")
    assert own.headers["Content-Disposition"].startswith("attachment")
    admin = signed_in(factories.person_of(place.admin))
    assert admin.get(f"{place.base}/invitations/{sokha}/passport").data == JPEG
    assert acts()[-1] == "travel.passport"
    assert browser.post(f"{place.base}/invitation/passport/remove").status_code == 302
    assert browser.get(f"{place.base}/invitation/passport").status_code == 404


def _taking(page: str) -> dict[str, str]:
    """Fill in the form for a list as the page shows it."""
    (password,) = re.findall(r'name="password"[^>]*value="([^"]+)"', page)
    return {"receiver": "rooms", "reason": "Harbour Hotel", "password": password}


def test_a_list_for_the_journey_is_locked(place: Place, browser: FlaskClient, signed_in: SignIn) -> None:
    """It holds what its receiver needs and no more, opens with its password alone, and everybody on it can read who took it, and why."""
    browser.post(f"{place.base}/invitation/travel", data=SAID)
    place.accepted("Vann Chea")
    place.invited("Not Coming")
    admin, address = signed_in(factories.person_of(place.admin)), f"{place.base}/invitations/travel"
    page = admin.get(address).text
    assert "1 of the 2 who come" in page
    data = _taking(page)
    body = admin.post(address, data=data).data
    assert b"vegetarian" not in body
    file = PdfReader(io.BytesIO(body))
    assert file.decrypt("kmq4-7tzp-x9wd-3hgn-abcd") == PasswordType.NOT_DECRYPTED
    assert file.decrypt(data["password"]) == PasswordType.OWNER_PASSWORD
    text = file.pages[0].extract_text()
    assert all(words in text for words in ("Sokha Pov", "vegetarian", "Vann Chea"))
    assert not any(words in text for words in ("N0123456", "Not Coming"))
    rows = sheet(file.attachments["rooms.xlsx"][0])
    assert [[*filter(None, row)][:4] for row in rows[1:]] == [["Sokha Pov", "woman", "2019-11-17", "2019-11-22"], ["Vann Chea", "woman"]]
    assert acts()[-1] == "travel.export"
    assert "for this reason: Harbour Hotel" in browser.get("/account/privacy").text
    visas = PdfReader(io.BytesIO(admin.post(address, data={**data, "receiver": "visas"}).data), password=data["password"])
    assert ["N0123456" in visas.pages[0].extract_text(), "vegetarian" in visas.pages[0].extract_text()] == [True, False]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": " "}, "Please fill this in"),
        ({"receiver": "everything"}, "Not a valid choice"),
        ({"password": "secret"}, "not the password that was shown"),
        ({"password": ""}, "Please fill this in"),
    ],
)
def test_lists_that_are_not_given(place: Place, sokha: int, signed_in: SignIn, changed: dict[str, str], words: str) -> None:
    """Without a reason, or with a password of somebody's own; nothing goes on record."""
    del sokha
    admin, address = signed_in(factories.person_of(place.admin)), f"{place.base}/invitations/travel"
    assert signed_in(factories.person_of(place.tutor)).get(address).status_code == 403
    answer = admin.post(address, data={**_taking(admin.get(address).text), **changed})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert "travel.export" not in acts()


def test_no_list_is_given_after_the_day_of_deletion(place: Place, sokha: int, signed_in: SignIn) -> None:
    """The page says so, and one that was open before is refused."""
    del sokha
    address = f"{place.base}/invitations/travel"
    data = _taking(signed_in(factories.person_of(place.admin)).get(address).text)
    with at(68):
        admin = signed_in(factories.person_of(place.admin))
        assert "Travel details are deleted" in admin.get(address).text
        assert admin.post(address, data=data).status_code == 409
