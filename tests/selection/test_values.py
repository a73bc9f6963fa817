"""Values of criteria: by file, looked at before anything is written, and motivations scored blind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text

from lms.applications.models import Application
from lms.certification.models import Certificate
from lms.core import clock
from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, EnrolmentState, Person
from lms.core.errors import Conflict
from lms.core.tasks import run
from lms.selection import assessing, candidates, scoring, tasks
from lms.selection.models import CriterionScore, MotivationScore
from lms.selection.values import AVERAGE, MOTIVATION, Criterion, Rules, Source
from tests.core import factories
from tests.selection.conftest import Place, SignIn, acts

EXTRA = Criterion("experience", "Experience", Source.NUMBER, Decimal(1), Decimal(10))
ESSAY = Criterion("essay_of_2019", "Essay of 2019", Source.NUMBER, Decimal(1), Decimal(20))
MANY = 20_000


def send(browser: FlaskClient, place: Place, body: bytes, only: str = "experience") -> Any:
    """Upload a file by the page, and go where that leads."""
    criterion = f'--x\r\nContent-Disposition: form-data; name="criterion"\r\n\r\n{only}\r\n'.encode()
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="values.csv"\r\n\r\n'
    data = criterion + file + body + b"\r\n--x--\r\n"
    sent = browser.post(f"{place.base}/scores/", data=data, content_type="multipart/form-data; boundary=x")
    return browser.get(sent.location) if sent.location else sent


def written() -> dict[int, Decimal]:
    """Give the values that are written."""
    return dict(db.session.execute(select(CriterionScore.enrolment_id, CriterionScore.value)).all())


def test_a_file_of_values(place: Place, admin: FlaskClient) -> None:
    """What is wrong is named by row and column, and nothing is written; then all of it is, once."""
    one, two = place.crowd(90, 80)
    mails = [db.session.get_one(Person, factories.person_of(number)).email for number in (one, two)]
    place.rules(1, criteria=(AVERAGE, EXTRA))
    rows = f"E-mail;Value\n{mails[0].upper()};7,5\n{mails[1]};11\nnobody@example.org;x\n{mails[0]};1\n"
    page = send(admin, place, rows.encode("utf-16"))
    said = re.sub(r"<[^>]+>|\s+", " ", page.text)
    for words in (
        r"3 +Value +11 +Please give a number from 0 to 10",
        r"4 +E-mail +nobody@example.org +No candidate has this address",
        r"4 +Value +x +This is no number",
        r"5 +E-mail +\S+ +This candidate stands in an earlier row already",
    ):
        assert re.search(words, re.sub(r" +", " ", said)), words
    refused = admin.post(f"{page.request.path}/import")
    assert (refused.status_code, written()) == (409, {})
    page = send(admin, place, f"Name,E-mail,Value\nA,{mails[0]},7.5\nB,{mails[1]},0\n".encode())
    assert "No errors" in page.text
    assert admin.post(f"{page.request.path}/import").status_code == 302
    assert "Values of 2 candidates are written" in admin.get(page.request.path).text
    assert written() == {one: Decimal("7.5"), two: 0}
    assert admin.post(f"{page.request.path}/import").status_code == 409
    assert [(f.id, f.values[one]) for f in [*candidates.facts(place.info.id, Rules(1, criteria=(EXTRA,)), only=one)] for one in f.values]
    assert acts()[-1] == "selection.import"


def test_a_file_of_several_criteria(place: Place, admin: FlaskClient, second: FlaskClient) -> None:
    """A column for each; empty cells leave what is there, other columns are not read, and what can't be is named by row and column."""
    one, two = place.crowd(90, 80)
    mails = [db.session.get_one(Person, factories.person_of(number)).email for number in (one, two)]
    place.rules(1, criteria=(AVERAGE, EXTRA, ESSAY))
    nothing = send(admin, place, b"E-mail,Value\na,1\n", "").text
    assert "No column is named like a criterion. They are: Experience, Essay of 2019." in nothing
    faulty = f"E-mail,experience,ESSAY of 2019,Essay of 2019\n{mails[0]},7,21,x\n".encode()
    said = re.sub(r"(<[^>]+>|\s)+", " ", send(admin, place, faulty, "").text)
    for words in ("1 ESSAY of 2019 empty There must be one column", "2 ESSAY of 2019 21 Please give a number from 0 to 20"):
        assert words in said
    good = f"Name;E-mail;Essay of 2019;Experience\nA;{mails[0]};12,5;\nB;{mails[1]};;3\n".encode()
    page = send(admin, place, good, "")
    assert re.search(r"2 cells are empty.*Experience.*Name", page.text, re.DOTALL)
    assert second.post(f"{page.request.path}/import").status_code == 302
    assert admin.post(f"{page.request.path}/import").status_code == 409
    found = db.session.execute(select(CriterionScore.criterion, CriterionScore.enrolment_id, CriterionScore.value)).all()
    assert {tuple(row) for row in found} == {("essay_of_2019", one, Decimal("12.5")), ("experience", two, Decimal(3))}
    taken = admin.get(f"{place.base}/scores/candidates.csv")
    assert f"{mails[0]},Learner 90,,12.5" in taken.text
    assert "No errors" in send(admin, place, taken.data, "").text


def test_a_file_that_was_overtaken(place: Place, admin: FlaskClient) -> None:
    """Who is no candidate any more gets no value: nothing of the file is written, and its page says why."""
    one, two = place.crowd(90, 80)
    mails = [db.session.get_one(Person, factories.person_of(number)).email for number in (one, two)]
    place.rules(1, criteria=(AVERAGE, EXTRA))
    page = send(admin, place, f"E-mail,Experience\n{mails[0]},1\n{mails[1]},2\n".encode(), "")
    with unit_of_work():
        db.session.get_one(Enrolment, two).state = EnrolmentState.WITHDRAWN
    assert admin.post(f"{page.request.path}/import").status_code == 302
    assert re.search(r"The values were not written.*have changed since", admin.get(page.request.path).text, re.DOTALL)
    assert written() == {}
    with clock.at(clock.now() + timedelta(days=8)):
        run(tasks.SWEEP)
    assert admin.get(page.request.path).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 422, "empty"),
        (b"%PDF-1.7 \0\1\2", 422, ""),
        (b"PK\3\4 a workbook", 422, ""),
        (b"E-mail,Points of\na@b.c,1\n", 422, "There must be a column E-mail and a column Value"),
        (b"E-mail,Value\n", 422, ""),
        (b"x" * 2_000_001, 413, "larger than 2 MB"),
    ],
)
def test_files_that_are_none(place: Place, admin: FlaskClient, body: bytes, status: int, words: str) -> None:
    place.crowd(90)
    place.rules(1, criteria=(EXTRA,))
    answer = send(admin, place, body)
    assert (answer.status_code, 'aria-invalid="true"' in answer.text, words in answer.text) == (status, True, True)


def test_twenty_thousand_rows(place: Place, statements: Callable[[], Any]) -> None:
    """In a number of statements that does not follow the number of rows, but for batches of a thousand."""
    place.rules(1, criteria=(EXTRA,))
    now, person, model = clock.now(), factories.person(), place.candidate("Model", 70)
    with unit_of_work():
        row = {column.key: getattr(db.session.get_one(Person, person), column.key) for column in Person.__table__.columns}
        some = [{**row, "id": model + person + n, "email": f"p{n}@example.org"} for n in range(1, MANY + 1)]
        db.session.execute(insert(Person), some)
        like = db.session.get_one(Enrolment, model)
        facts = {c.key: getattr(like, c.key) for c in Enrolment.__table__.columns}
        first = like.id
        db.session.execute(insert(Enrolment), [{**facts, "id": first + n, "person_id": model + person + n} for n in range(2, MANY + 1)])
        same = {"edition_id": place.info.id, "kind": "course", "award": {}, "state": "done", "issued_at": now}
        db.session.execute(insert(Certificate), [{**same, "enrolment_id": first + n, "number": f"N-{n}"} for n in range(2, MANY + 1)])
    body = "E-mail,Value\n" + "".join(f"p{n}@example.org,{n % 10}.5\n" for n in range(2, MANY + 1))
    with statements() as seen:
        with unit_of_work():
            found = scoring.upload(place.info.id, place.viewer, "experience", "many.csv", body.encode())
        with unit_of_work():
            scoring.start(place.info.id, place.viewer, found)
    seen.at_most(25 + 2 * MANY // 1000)
    assert len(written()) == MANY - 1
    if db.engine.dialect.name == "postgresql":  # a DELETE of so many would look for each among all the others
        with unit_of_work():
            db.session.execute(text("TRUNCATE people CASCADE"))


def test_motivations_are_scored_blind(place: Place, signed_in: SignIn, admin: FlaskClient) -> None:
    """Without names, by chance, one's own never, as often as the rules say; the mean counts."""
    one, two = (place.candidate(name, 80, institution="Port of Kep", country="KH") for name in ("Sokha Pov", "Mai Nguyen"))
    with unit_of_work():
        for number in (one, two):
            said = "Mai Nguyen and Sokha Pov of the Port of Kep in Cambodia want to learn."
            db.session.add(Application(enrolment_id=number, position="Officer", motivation=said))
    tutor = signed_in(factories.person_of(place.tutor))
    assert "Motivations are not scored now" in tutor.get(f"{place.base}/motivations").text
    place.rules(1, assessors=1, criteria=(AVERAGE, Criterion(**{**_of(MOTIVATION), "weight": Decimal(1)})))
    page = tutor.get(f"{place.base}/motivations")
    body = re.search(r'<div class="mail"[^>]*>(.*?)</div>', page.text, re.DOTALL)
    assert body
    assert not re.search(r"Sokha.*Mai|Mai.*Sokha|Port|Cambodia", body[1])
    code = re.search(r'name="paper" value="([^"]+)"', page.text)
    assert code
    assert tutor.post(f"{place.base}/motivations", data={"paper": code[1]}).status_code == 422
    assert tutor.post(f"{place.base}/motivations", data={"paper": "AAAA", "score": "5"}).status_code == 409
    for points in ("3", "9"):  # a second time it takes the place of the first
        assert tutor.post(f"{place.base}/motivations", data={"paper": code[1], "score": points}).status_code == 302
    late = admin.post(f"{place.base}/motivations", data={"paper": code[1], "score": "1"})
    assert (late.status_code, "Enough others have scored" in late.text) == (409, True)
    assert db.session.scalars(select(MotivationScore.score)).all() == [9]
    assert assessing.waits_for(place.info.id, factories.viewer_of(place.tutor)) == 1
    assert "Motivations to score" in tutor.get(f"/e/{place.info.slug}/today").text
    assert {f.values.get("motivation") for f in candidates.facts(place.info.id, candidates.current(place.info.id)[1])} == {None, 9}  # type: ignore[index] # there are rules


def _of(criterion: Criterion) -> dict[str, Any]:
    return {name: getattr(criterion, name) for name in ("key", "label", "source", "weight", "most")}


def test_a_value_of_one_candidate(place: Place, admin: FlaskClient) -> None:
    (one,) = place.crowd(80)
    place.rules(1, criteria=(EXTRA,))
    for value, status in (("11", 422), ("x", 422), ("5", 302), ("6.5", 302)):
        answer = admin.post(f"{place.base}/candidates/{one}/value", data={"criterion": "experience", "value": value})
        assert answer.status_code == status
    assert written() == {one: Decimal("6.5")}
    place.approve(place.run())
    with pytest.raises(Conflict, match="stands as it is"):
        scoring.upload(place.info.id, place.viewer, "experience", "late.csv", b"E-mail,Value\na@b.c,1\n")
