"""Files of nominees: as spreadsheets write them, what is wrong with them by row and column, all or nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from lms.applications import importing, lists, nominees, sheets, tasks
from lms.applications.models import Application, NomineeFile
from lms.applications.nominees import Fault, Nominee
from lms.applications.sheets import MOST_BYTES, UnreadableError
from lms.core import clock, mail
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, Enrolment, Person, Role
from lms.core.errors import Conflict
from lms.core.mail import OutgoingMail
from tests.applications.conftest import Place, SignIn, acts, kinds, link, mails, state_of
from tests.core import factories

HEADS = "E-mail,Name,Country,Sector,Institution,Position"
GOOD = f"{HEADS}\nsokha@example.org,Sokha Pov,Cambodia,government,Ministry of Trade,Officer\nben@example.org,Ben,sg,Private sector,Port,\n"
TEXTS = {"th": "สมชาย ใจดี, กรมศุลกากร", "vi": "Nguyễn Thị Mai, Bộ Công Thương", "fr": "José Müller, Société générale", "en": "Sokha Pov"}


@pytest.mark.parametrize(
    ("text", "encoding", "guessed"),
    [
        ("th", "utf-8", "utf-8"),
        ("vi", "utf-8-sig", "utf-8"),
        ("vi", "utf-16", "utf-16"),
        ("en", "utf-16-le", "utf-16"),
        ("en", "utf-16-be", "utf-16"),
        ("th", "cp874", "cp874"),
        ("fr", "cp1252", "cp1252"),
        ("en", "ascii", "utf-8"),
    ],
)
def test_encodings_are_guessed(text: str, encoding: str, guessed: str) -> None:
    body = TEXTS[text].encode(encoding)
    assert sheets.guess(body) == guessed
    assert sheets.decode(body, guessed) == TEXTS[text]


def test_vietnamese_is_told_from_french() -> None:
    """In its own table its tones stand behind the vowels."""
    body = "Nguyê\u0303n Thi\u0323 Hoa\u0300, Tran Văn Ba\u0309o".encode("cp1258")
    assert sheets.guess(body) == "cp1258"
    assert "Nguyê\u0303n" in sheets.decode(body, "cp1258")


@pytest.mark.parametrize(
    ("text", "between"),
    [("a;b;c\n1,5;2;3", ";"), ("a,b\n1;2", ","), ("a\tb\n", "\t"), ("sep=;\na;b", ";"), ("a", ",")],
)
def test_separators_are_guessed(text: str, between: str) -> None:
    assert sheets.separator(text) == between


def test_a_table_keeps_the_numbers_that_spreadsheets_show() -> None:
    """Cells with line breaks and quotes; rows without anything are left out."""
    table = sheets.read('a,b\n\n"x\ny","say ""hi"""\n,\n3,4\n', ",")
    assert table.rows == ((3, ("x\ny", 'say "hi"')), (5, ("3", "4")))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n ", "empty"),
        (b"PK\x03\x04rest", "Save as, then CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture"),
        (b"%PDF-1.7", "a PDF"),
        (b"a,b\n1,\x00\x01\x02\n", "not a text file"),
    ],
)
def test_files_that_lie_about_what_they_are(body: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        sheets.require_text(body)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n1\n", "one column only"),
        ("a,b\n", "heads and no rows"),
        ('a,b\n"1,2\n', "can't be read as a table"),
        (",".join("a" * 61) + "\n1,2", "61 columns"),
        ("a,b\n" + "1,2\n" * 5001, "more than 5,000 rows"),
    ],
)
def test_tables_that_are_none(text: str, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        sheets.read(text, ",")


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("E-mail", "", "Please fill this in."),
        ("E-mail", "not an address", "An email address must have an @-sign."),
        ("E-mail", "sokha@example.org", "This address stands in row 2 already."),
        ("E-mail", "old@example.org", "This person has applied for the edition already."),
        ("Name", "x" * 101, "Please use at most 100 characters; these are 101."),
        ("Name", "a\u202eb", "There is an invisible character in it."),
        ("Country", "Atlantis", "There is no such country."),
        ("Country", "Japan", "The edition is not for this country."),
        ("Sector", "piracy", "This is none of: government, private, academia, civil society, international organisation."),
        ("Gender", "yes", "This is none of: woman, man, other, undisclosed. It may be left empty."),
        ("Position", "x" * 121, "Please use at most 120 characters; these are 121."),
    ],
)
def test_faults_name_row_and_column(column: str, value: str, why: str) -> None:
    text = f"{HEADS},Gender\nsokha@example.org,Sokha Pov,KH,government,Trade,Officer,\n"
    facts = {"E-mail": "ben@example.org", "Name": "Ben", "Country": "Singapore", "Sector": "private", "Institution": "Port", "Position": ""}
    rest = {**facts, "Gender": "m", column: value}
    rows = [*nominees.cells(sheets.read(text + ",".join(rest.values()), ","))]
    assert list(nominees.faults(rows, ("KH", "SG"), {"old@example.org": nominees.APPLIED})) == [Fault(3, column, value, why)]


def test_heads_are_read_however_they_are_spelled() -> None:
    table = sheets.read("E-MAIL ADDRESS;Full name;country code;Type of Organisation;Ministry;Job title\na@example.org;A;kh;NGO;M;T\n", ";")
    ((row, facts),) = nominees.cells(table)
    assert nominees.missing_columns(table) == []
    assert nominees.nominee(row, facts) == Nominee(2, "a@example.org", "A", "A", "undisclosed", "KH", "civil society", "M", "T", "")


def test_missing_columns_are_named() -> None:
    table = sheets.read("Name,E-mail\nA,a@example.org\n", ",")
    assert [(fault.row, fault.column) for fault in nominees.missing_columns(table)] == [(1, "Country"), (1, "Sector"), (1, "Institution")]


def test_formulas_are_texts() -> None:
    """What a spreadsheet would calculate is kept as it was typed, without the mark that kept it a text."""
    ((_, facts),) = nominees.cells(sheets.read("Name,Position\n=1+1,'+65 Director\n", ","))
    assert (facts["name"], facts["position"]) == ("=1+1", "+65 Director")


def test_the_template_has_no_faults() -> None:
    heads, *rows = nominees.template()
    table = sheets.Table(heads, tuple(enumerate(rows, 2)))
    assert nominees.missing_columns(table) == []
    assert list(nominees.faults([*nominees.cells(table)], (), {})) == []


def sent(browser: FlaskClient, place: Place, body: str | bytes, name: str = "nominees.csv") -> Any:
    """Upload a file."""
    body = body.encode() if isinstance(body, str) else body
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode()
    data = head + body + b"\r\n--x--\r\n"
    return browser.post(f"{place.base}/applications/import", data=data, content_type="multipart/form-data; boundary=x")


def test_the_whole_road(place: Place, admin: FlaskClient, client: FlaskClient) -> None:
    """Two errors, mended, imported; a nominee sets a password and completes the application; the file is not kept."""
    person = factories.person(email="ben@example.org", name="Ben")
    bad = GOOD.replace("Cambodia", "Camboria").replace("ben@example.org", "ben")
    page = admin.get(sent(admin, place, bad).location)
    assert "2 errors in 2 people" in page.text
    assert "Camboria" in page.text
    file = admin.get(f"{place.base}/applications/import/{db.session.scalar(select(NomineeFile.id))}/errors.csv").data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(file)))[1][:3] == ["2", "Country", "Camboria"]
    there = sent(admin, place, GOOD).location
    assert "No errors in 2 people" in admin.get(there).text
    assert (kinds(), db.session.scalar(select(func.count(Application.id)))) == ([], 0)
    admin.post(f"{there}/start", data={"people": "2"})
    assert "2 people imported" in admin.get(there).text
    assert sorted(kinds()) == ["applications.nominated"] * 2
    assert set(acts()) == {"application.nominate", "applications.import"}
    row = db.session.scalars(select(NomineeFile).where(NomineeFile.state == "done").execution_options(populate_existing=True)).one()
    assert (row.body, row.checked) == (b"", 2)
    ben = db.session.scalars(select(Enrolment).where(Enrolment.person_id == person)).one()
    assert (ben.state, ben.country, ben.sector) == ("applied", "SG", "private")
    letter = next(found for found in mails() if found.to == "sokha@example.org")
    client.post(link(letter), data={"password": "nine grey elephants"})
    assert "Officer" in client.get(f"{place.base}/application").text


def test_where_nobody_decides_nominees_are_admitted(place: Place, admin: FlaskClient, client: FlaskClient) -> None:
    """Who has an account at once, with the mail of a place; who has none as soon as the password is set, and hears of it once more."""
    with unit_of_work():
        db.session.get_one(Edition, place.info.id).by_decision = False
    person = factories.person(email="ben@example.org", name="Ben")
    there = sent(admin, place, GOOD).location
    admin.post(f"{there}/start", data={"people": "2"})
    assert sorted((mail.to, mail.kind) for mail in mails()) == [
        ("ben@example.org", "applications.confirmed"),
        ("sokha@example.org", "applications.nominated"),
    ]
    ben = db.session.scalars(select(Enrolment).where(Enrolment.person_id == person)).one()
    assert (ben.state, ben.country) == ("confirmed", "SG")
    letters = {mail.to: mail for mail in mails()}
    assert "You were nominated for it by the organisers." in letters["ben@example.org"].text
    client.post(link(letters["sokha@example.org"]), data={"password": "nine grey elephants"})
    assert lists.counts(place.info.id).states == {"confirmed": 2}


def test_accounts_out_of_use_and_without_a_password(place: Place, admin: FlaskClient) -> None:
    """One that was merged is named as a fault; whoever was invited before and set no password gets the link for it again."""
    kept = factories.person()
    gone = factories.person(email="ben@example.org", merged_into_id=kept)
    factories.person(email="sokha@example.org", name="Sokha Pov", password_hash="", email_confirmed_at=None)
    there = sent(admin, place, GOOD).location
    assert nominees.MERGED in admin.get(there).text
    with unit_of_work():
        db.session.get_one(Person, gone).email = "elsewhere@example.org"
    admin.post(f"{sent(admin, place, GOOD).location}/start", data={"people": "2"})
    assert "/account/welcome/" in link(next(mail for mail in mails() if mail.to == "sokha@example.org"))


def test_two_presses_import_once(place: Place, admin: FlaskClient) -> None:
    there = sent(admin, place, GOOD).location
    assert [admin.post(f"{there}/start", data={"people": "2"}).status_code for _ in range(2)] == [302, 409]
    assert db.session.scalar(select(func.count(Application.id))) == 2


def test_what_changed_since_is_found_before_anything_is_written(place: Place, admin: FlaskClient) -> None:
    """Somebody applied meanwhile: when the import is asked for, and even when the worker begins."""
    there = sent(admin, place, GOOD).location
    file = int(there.rpartition("/")[2])
    with unit_of_work():
        db.session.execute(update(NomineeFile).where(NomineeFile.id == file).values(state="waiting"))
    place.applicant("Sokha Pov", email="sokha@example.org")
    with unit_of_work():
        pass
    importing.run(file)
    page = admin.get(there).text
    assert ("1 error in 2 people" in page, "This person has applied for the edition already." in page) == (True, True)
    assert admin.post(f"{there}/start", data={"people": "2"}).status_code == 409
    assert (kinds(), db.session.scalar(select(func.count(Application.id)))) == ([], 1)


def test_who_comes_in_between_check_and_writing_stays_in(place: Place, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written over the enrolment, and the next try says which row is at fault."""
    there = sent(admin, place, GOOD).location
    file = int(there.rpartition("/")[2])
    with unit_of_work():
        db.session.execute(update(NomineeFile).where(NomineeFile.id == file).values(state="waiting"))
    check, confirmed = importing._checked, list[int]()  # noqa: SLF001 - what happens right after it

    def check_slowly(file_id: int) -> list[Nominee] | None:
        found = check(file_id)
        confirmed.append(place.applicant("Sokha Pov", email="sokha@example.org", state="confirmed"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_checked", check_slowly)
        with pytest.raises(Conflict):
            importing.run(file)
    assert (state_of(confirmed[0]), kinds()) == ("confirmed", [])
    with clock.at(clock.now() + timedelta(minutes=3)):
        tasks.sweep()
    assert "This person has applied for the edition already." in admin.get(there).text
    assert (state_of(confirmed[0]), kinds()) == ("confirmed", [])


def test_a_worker_that_dies_leaves_nothing_half_written(place: Place, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep picks the file up after the lease, and imports it once."""
    there = sent(admin, place, GOOD).location
    file = int(there.rpartition("/")[2])
    with unit_of_work():
        db.session.execute(update(NomineeFile).where(NomineeFile.id == file).values(state="waiting"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mail, "post_many", die)
        with pytest.raises(KeyboardInterrupt):
            importing.run(file)
    assert db.session.scalar(select(func.count(Person.id)).where(Person.email == "sokha@example.org")) == 0
    tasks.sweep()
    assert "under way" in admin.get(f"{place.base}/applications/import").text
    with clock.at(clock.now() + timedelta(minutes=3)):
        tasks.sweep()
        tasks.sweep()
    assert (len(kinds()), db.session.scalar(select(func.count(Application.id)))) == (2, 2)


def test_nobody_is_nominated_in_an_edition_that_is_closed(place: Place, admin: FlaskClient) -> None:
    there = sent(admin, place, GOOD).location
    with unit_of_work():
        db.session.get_one(Edition, place.info.id).state = "closed"
    assert admin.post(f"{there}/start", data={"people": "2"}).status_code == 409


def test_another_encoding_is_chosen(place: Place, admin: FlaskClient) -> None:
    """What can't be read so is said beside the field, and the file stays as it was."""
    there = sent(admin, place, GOOD.replace("Sokha Pov", "José").encode("cp1252")).location
    assert "Western European (Windows-1252), with a comma" in admin.get(there).text
    refused = admin.post(f"{there}/read", data={"encoding": "utf-8", "separator": ","})
    assert (refused.status_code, "not written in Unicode (UTF-8)" in refused.text) == (422, True)
    one = admin.post(f"{there}/read", data={"encoding": "cp1252", "separator": ";"})
    assert (one.status_code, "one column only" in one.text) == (422, True)
    assert admin.post(f"{there}/read", data={"encoding": "cp1258", "separator": ","}).status_code == 302
    page = admin.get(there).text
    assert ("Vietnamese" in page, "<bdi>José</bdi>" in page) == (True, True)


@pytest.mark.parametrize(
    ("body", "name", "status", "words"),
    [
        (b"", "a.csv", 422, "This file is empty."),
        (b"\x89PNG\r\n\x1a\n", "nominees.csv", 422, "This is a picture"),
        (b"PK\x03\x04", "nominees.csv", 422, "a workbook or a zip archive"),
        (b"only\none\n", "nominees.csv", 422, "one column only"),
        (b"a,b\n" + b"x" * MOST_BYTES, "nominees.csv", 413, "larger than 2 MB"),
        (b"", "", 422, "Please choose a file."),
    ],
)
def test_what_is_refused_is_said_beside_the_field(
    place: Place, admin: FlaskClient, body: bytes, name: str, status: int, words: str
) -> None:
    page = sent(admin, place, body, name)
    assert (page.status_code, words in page.text, 'id="file-error"' in page.text) == (status, True, True)
    assert db.session.scalar(select(func.count(NomineeFile.id))) == 0


def test_nobody_else_reaches_a_file(place: Place, admin: FlaskClient, signed_in: SignIn) -> None:
    """Neither tutors and learners nor the administrators of another edition."""
    there = sent(admin, place, GOOD).location
    tutor = signed_in(factories.person_of(place.tutor))
    elsewhere = factories.edition(by_decision=True)
    stranger = signed_in(factories.person_of(factories.enrolment(elsewhere, role=Role.ADMINISTRATOR)))
    other = there.replace(place.info.slug, factories.slug_of(elsewhere))
    for path, method in (("", "GET"), ("/errors.csv", "GET"), ("/read", "POST"), ("/start", "POST")):
        data = {"encoding": "utf-8", "separator": ",", "people": "2"}
        assert tutor.open(f"{there}{path}", method=method, data=data).status_code == 403
        assert stranger.open(f"{other}{path}", method=method, data=data).status_code == 404
    assert db.session.scalar(select(func.count(Application.id))) == 0


def test_drafts_are_forgotten_after_a_week(place: Place, admin: FlaskClient) -> None:
    sent(admin, place, GOOD)
    with clock.at(clock.now() + importing.KEPT + timedelta(hours=1)):
        tasks.sweep()
    assert db.session.scalar(select(func.count(NomineeFile.id))) == 0


def test_who_withdrew_may_be_nominated_again(place: Place, admin: FlaskClient) -> None:
    enrolment = place.applicant("Sokha Pov", email="sokha@example.org", state="withdrawn", motivation="Once.")
    there = sent(admin, place, GOOD).location
    admin.post(f"{there}/start", data={"people": "2"})
    assert state_of(enrolment) == "applied"
    assert db.session.scalar(select(func.count(Application.id))) == 2


def test_nothing_is_asked_person_by_person(place: Place, statements: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are written one by one where the database wants it so; but as much is read for four hundred as for five."""
    monkeypatch.setattr(mail, "enqueue", lambda *_: None)
    counted = []
    for number in (5, 400):
        rows = "".join(f"p{number}.{n}@example.org,Person {n},KH,private,Port {n},\n" for n in range(number))
        with unit_of_work():
            file = importing.upload(place.info, place.viewer, "a.csv", (f"{HEADS}\n{rows}").encode())
            db.session.execute(update(NomineeFile).where(NomineeFile.id == file).values(state="waiting"))
        with statements() as seen:
            importing.run(file)
        counted.append(sum(statement.startswith("SELECT") for statement in seen))
    assert db.session.scalar(select(func.count(OutgoingMail.id))) == 405
    assert counted[0] == counted[1] <= 15
