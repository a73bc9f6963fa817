"""The pages of a workshop: checking in, the desk and its devices, slides, grading, the agenda, recommendations, awarding."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.casestudies import bank, privacy, queries
from lms.casestudies.models import CasePhrase
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict, Invalid
from lms.invitations.badges import code
from lms.questionnaires.api import answer, create, info
from lms.questionnaires.queries import waiting
from lms.workshops import days, programme, sheets
from lms.workshops.audiences import audiences
from lms.workshops.awarding import answered
from lms.workshops.rules import State
from tests.core import factories
from tests.questionnaires.conftest import sheet
from tests.workshops.factories import AFTER, PDF, Shop

Browse = Callable[[int | str], FlaskClient]
SESSION = {"title": "Opening", "kind": "talk", "starts": "2019-10-29T09:30", "ends": "2019-10-29T10:30", "room": "Room 2.9"}


def test_checking_in_by_code_and_no_more_than_five_tries(shop: Shop, browse: Browse) -> None:
    who = shop.participant()
    browser, url = browse(who), f"{shop.base}/workshop/check-in"
    code = days.code_of(shop.half(0).id)
    page = browser.get(f"{shop.base}/workshop/?code={code}")
    assert code in page.text
    page = browser.post(url, data={"code": code.lower()}, follow_redirects=True)
    assert "Day 1, morning: present 09:03." in page.text
    for _ in range(4):
        page = browser.post(url, data={"code": "WRONG"})
        assert (page.status_code, "not the code" in page.text, "WRONG" in page.text) == (422, True, True)
    page = browser.post(url, data={"code": code})
    assert page.status_code == 429
    assert "Ask the desk" in page.text
    assert browse(factories.enrolment(shop.edition)).get(f"{shop.base}/workshop/").status_code == 403


def test_the_desk_marks_by_list_and_corrects_with_a_reason(shop: Shop, browse: Browse) -> None:
    who, other = shop.participant("Ana"), shop.participant("Ben")
    desk, half = browse("tutor"), shop.half(0).id
    url = f"{shop.base}/workshop/desk/{half}"
    desk.post(url, data={f"state-{who}": "present", f"state-{other}": "absent", "how": "paper"})
    assert {one: mark[half].state for one in (who, other) if (mark := sheets.marks_of(one))} == {who: "present", other: "absent"}
    page = desk.post(url, data={f"state-{who}": "absent", f"state-{other}": "nonsense"})
    assert page.status_code == 422
    assert "marked as present already" in page.text
    assert "<option selected>absent</option>" in page.text
    desk.post(url, data={f"state-{who}": "absent", "reason": "It was Ben."})
    page = desk.get(f"{shop.base}/workshop/attendance/{who}")
    assert "It was Ben." in page.text
    page = desk.get(f"{shop.base}/workshop/desk/{half}/code")
    assert days.code_of(half) in page.text
    assert "Ana" in desk.get(f"{shop.base}/workshop/desk/{half}/sheet").text
    device, listed = (desk.get(f"{shop.base}/workshop/desk/{end}") for end in ("device", half))
    assert f'data-badge="{code(who)}"' in device.text
    assert ["camera=(self)" in page.headers["Permissions-Policy"] for page in (device, listed)] == [True, False]


def test_a_device_sends_and_a_dispute_is_decided(shop: Shop, browse: Browse) -> None:
    who = shop.participant("Ana")
    shop.mark(0, who, State.ABSENT)
    desk, url = browse("tutor"), f"{shop.base}/workshop/desk"
    marks = [
        {"key": "a", "half_day": shop.half(0).id, "enrolment": who, "state": "present", "at": "2019-10-29T01:00:00.000Z"},
        {"key": "b", "half_day": shop.half(0).id, "name": "Ko Aung", "at": "2019-10-29T01:00:00.000Z"},
    ]
    for _ in range(2):
        found = desk.post(f"{url}/marks", data={"marks": json.dumps(marks), "now": "2019-10-29T01:03:00.000Z"}).json or {}
        assert {key: taken["what"] for key, taken in found.items()} == {"a": "conflict", "b": "walk-in"}
    page = desk.get(f"{url}/")
    assert "To decide: 1" in page.text
    assert "Ko Aung" in page.text
    (dispute,), (visitor,) = sheets.disputes(shop.edition), sheets.visitors(shop.edition)
    assert desk.post(f"{url}/disputes/{dispute.id}", data={"take": "yes"}).status_code == 422
    desk.post(f"{url}/disputes/{dispute.id}", data={"take": "yes", "reason": "I see her."})
    desk.post(f"{url}/walk-ins/{visitor.id}", data={"enrolment": "0"})
    assert sheets.marks_of(who)[shop.half(0).id].state == State.PRESENT
    assert "To decide" not in desk.get(f"{url}/").text


@pytest.mark.parametrize(
    ("name", "body", "status", "words"),
    [
        ("a.pdf", PDF, 302, ""),
        ("a.pdf", b"MZ", 422, "not a presentation"),
        ("a.pdf", b"%PDF-" + bytes(10_000_000), 413, "larger than 10 MB"),
    ],
)
def test_slides_are_looked_at(shop: Shop, browse: Browse, name: str, body: bytes, status: int, words: str) -> None:
    browser, url = browse(shop.participant()), f"{shop.base}/case-study"
    said = {"module": "module1", "title": "Signatures", "summary": "What we did.", "version": "0"}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in said.items()]
    head = f'--x\r\nContent-Disposition: form-data; name="slides"; filename="{name}"\r\n\r\n'
    data = "".join([*parts, head]).encode() + body + b"\r\n--x--\r\n"
    page = browser.post(url, data=data, content_type="multipart/form-data; boundary=x")
    assert page.status_code == status
    assert words in page.text
    assert browser.get(f"{url}/slides").status_code == (200 if status == 302 else 404)


def test_grading_without_names_and_settling(shop: Shop, browse: Browse) -> None:
    study = shop.study(shop.participant("Sokha Pov"))
    url = f"{shop.base}/case-studies/{study}"
    low, high = ({f"level_{n}": str(level) for n in range(4)} for level in (2, 4))
    first, second = browse("tutor"), browse("second_tutor")
    assert "Sokha Pov" not in first.get(url).text + first.get(f"{shop.base}/case-studies/").text
    assert first.post(url, data={**low, "level_3": "0", "final": "yes", "version": "0"}).status_code == 422
    first.post(url, data={**low, "final": "yes", "version": "0", "comment": "Thin."})
    assert "Thin." not in second.get(url).text
    second.post(url, data={**high, "final": "yes", "version": "0"})
    page = second.get(url)
    assert "Thin." in page.text
    assert "25 points or more apart" in page.text
    admin = browse("admin")
    assert admin.post(f"{shop.base}/case-studies/release").status_code == 409
    page = admin.get(f"{shop.base}/case-studies/")
    assert ("That is settled first" in page.text, "Release the grades" in page.text) == (True, False)
    for score in ("NaN", "ten", "-1", "1e999"):
        assert second.post(f"{url}/settle", data={"score": score, "why": "Why."}).status_code == 422
    second.post(f"{url}/settle", data={"score": "50", "why": "We talked."})
    assert "Grades released: 1." in admin.post(f"{shop.base}/case-studies/release", follow_redirects=True).text


def test_comments_of_the_bank_are_inserted_kept_and_shared(shop: Shop, browse: Browse) -> None:
    study = shop.study(shop.participant())
    url, bank_url = f"{shop.base}/case-studies/{study}", f"{shop.base}/case-studies/comments"
    first, second = browse("tutor"), browse("second_tutor")
    said = {**{f"level_{n}": "3" for n in range(4)}, "comment": "Say more about costs.", "version": "0"}
    first.post(url, data={**said, "final": "no", "keep": "y"})
    first.post(bank_url, data={"comment": "A clear case.", "shared": "y"})
    assert first.post(bank_url, data={"comment": "x" * 1_001}).status_code == 422
    own, shared = bank.offered(shop.edition, shop.viewer("tutor"))
    assert [(own.text, own.shared), (shared.text, shared.shared)] == [("Say more about costs.", False), ("A clear case.", True)]
    page = second.get(bank_url).text
    assert ("A clear case." in page, "Say more about costs." in page, "Shared by" in page) == (True, False, True)
    longer = second.post(url, data={"comment": "Good.", "level_1": "4", "phrase": shared.id, "insert": "yes", "version": "0"})
    assert (longer.status_code, "Good.\nA clear case." in longer.text, "not saved yet" in longer.text) == (200, True, True)
    assert queries.paper(shop.edition, study, shop.viewer("second_tutor")).judgements[0].assessor_id == shop.viewer("tutor").person_id
    for chosen in (own.id, "0", "x"):
        assert second.post(url, data={"phrase": chosen, "insert": "yes", "version": "0"}).status_code == 422
    for end in (f"/{own.id}", f"/{shared.id}"):
        found = second.get(bank_url + end), second.post(bank_url + end), second.post(f"{bank_url}{end}/remove")
        assert [one.status_code for one in found] == [403] * 3
    first.post(f"{bank_url}/{own.id}", data={"comment": "Say more.", "shared": "y"})
    first.post(f"{bank_url}/{shared.id}/remove")
    assert first.post(f"{bank_url}/{shared.id}/remove").status_code == 404
    assert [one.text for one in bank.offered(shop.edition, shop.viewer("second_tutor"))] == ["Say more."]


def test_a_bank_is_bounded_and_goes_with_its_owner(shop: Shop) -> None:
    viewer = shop.viewer("tutor")
    with unit_of_work():
        db.session.add_all(CasePhrase(edition_id=shop.edition, author_id=viewer.person_id or 0, text=f"{n}") for n in range(bank.MOST))
    with unit_of_work():
        assert bank.keep(shop.edition, viewer, "7") == bank.offered(shop.edition, viewer)[7].id, "it is there already"
    with pytest.raises(Conflict, match="no more"), unit_of_work():
        bank.keep(shop.edition, viewer, "One more.")
    assert privacy.export(viewer.person_id or 0)["comment_bank"][0] == {"text": "0", "shared": False}
    with unit_of_work():
        privacy.erase(viewer.person_id or 0)
    assert bank.offered(shop.edition, viewer) == ()


def test_the_agenda_its_calendar_and_a_record(shop: Shop, browse: Browse) -> None:
    desk, who = browse("tutor"), browse(shop.participant())
    url = f"{shop.base}/workshop/sessions"
    assert desk.post(f"{url}/new", data={**SESSION, "ends": "2019-10-29T09:30"}).status_code == 422
    desk.post(f"{url}/new", data={**SESSION, "speakers": "Ana Ruiz | Institute | remote\nTom Lee"})
    (talk,) = programme.agenda(shop.edition)
    assert f"{talk.starts_at:%H:%M}" == "01:30"
    assert [(one.name, one.remote) for one in talk.speakers] == [("Ana Ruiz", True), ("Tom Lee", False)]
    said = {"highlights": "Much.", "spoke": ["Ana Ruiz"], "stand_ins": "Eve Okoro | Bank", "version": "0"}
    assert desk.post(f"{url}/{talk.id}/record", data={**said, "quotes": "Ana | maybe | Well."}).status_code == 422
    desk.post(f"{url}/{talk.id}/record", data={**said, "quotes": "Ana | given | Well | done."})
    assert desk.post(f"{url}/{talk.id}/record", data=said).status_code == 409
    (talk,) = programme.agenda(shop.edition)
    assert [(one.name, one.planned, one.spoke) for one in talk.speakers] == [
        ("Ana Ruiz", True, True),
        ("Tom Lee", True, False),
        ("Eve Okoro", False, True),
    ]
    assert [quote.text for quote in programme.quotable(shop.edition)] == ["Well | done."]
    assert "did not speak" in who.get(f"{shop.base}/workshop/agenda").text
    assert b"DTSTART:20191029T013000Z" in who.get(f"{shop.base}/workshop/agenda.ics").data


def test_recommendations_from_the_draft_to_the_list(shop: Shop, browse: Browse) -> None:
    who, admin = browse(shop.participant()), browse("admin")
    url = f"{shop.base}/recommendations"
    place = who.post(f"{url}/new", data={"level": "policy", "text": "Agree on terms."}).headers["Location"]
    number = place.rpartition("/")[2]
    assert who.post(f"{place}/voice", data={"stance": "object", "version": "1"}).status_code == 422
    who.post(f"{place}/voice", data={"stance": "object", "reason": "Too vague.", "version": "1"})
    assert admin.post(f"{url}/list", data={f"place-{number}": "1"}).status_code == 422
    who.post(f"{place}/words", data={"level": "policy", "text": "Agree on one glossary.", "version": "1"})
    assert who.post(f"{place}/words", data={"level": "policy", "text": "Other.", "version": "1"}).status_code == 409
    admin.post(f"{url}/list", data={f"place-{number}": "1"})
    assert "The final list has 1." in who.get(f"{url}/").text


def test_awarding_by_the_pages(shop: Shop, browse: Browse) -> None:
    who = shop.participant("Ana")
    shop.attends(who)
    shop.graded(who)
    admin, other, url = browse("admin"), browse("other_admin"), f"{shop.base}/workshop/awards"
    with clock.at(AFTER):
        assert "0 have all of it, 1 don" in admin.get(f"{url}/").text
        admin.post(f"{url}/{who}/waiver", data={"need": "questionnaire", "reason": "Her device was lost."})
        page = other.get(f"{url}/").text
        waiver = page.partition("/waivers/")[2].partition("/")[0]
        assert admin.post(f"{url}/waivers/{waiver}/grant").status_code == 403
        other.post(f"{url}/waivers/{waiver}/grant")
        assert admin.post(f"{url}/issue", data={"count": "2"}).status_code == 409
        assert "Awarded: 1." in admin.post(f"{url}/issue", data={"count": "1"}, follow_redirects=True).text
        assert "1 are awarded, of whom 1 is a woman." in admin.get(f"{url}/ceremony").text
        shop.mark(7, who, State.EXCUSED, reason="She left.")
        assert "the certificate is in doubt" in admin.get(f"{url}/").text


def test_questionnaires_ask_who_was_there_and_count_for_the_certificate(shop: Shop) -> None:
    who, other = shop.participant(), shop.participant()
    shop.mark(0, who)
    found = {audience.name: set(audience.members()) for audience in audiences(shop.edition)}
    assert found["workshop"] == {who, other}
    assert (found["workshop:day1"], found["workshop:day4"]) == ({who}, set())
    now = clock.now()
    with unit_of_work():
        opens = now - timedelta(hours=1), now + timedelta(hours=1)
        asked = create(shop.edition, "workshop-overall", "", "", *opens)
        daily = create(shop.edition, "workshop-day", "", "", *opens, day=1)
        opinion = create(shop.edition, "module-opinion", "", "", *opens)
    assert [info(one).audience for one in (asked, daily, opinion)] == ["workshop", "workshop:day1", "learners"]
    assert [one.id for one in waiting(other, shop.edition)] == [asked, opinion]
    for audience, day, field in (("", None, "day"), ("", 5, "day"), ("workshop", 1, "audience"), ("learners", 1, "audience")):
        with pytest.raises(Invalid) as refused:
            create(shop.edition, "workshop-day", "", audience, *opens, day=day)
        assert refused.value.field == field
    with unit_of_work():
        answer(asked, who, sheet(info(asked)))
    assert answered(shop.edition) == {who}
