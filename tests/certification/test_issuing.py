"""Who gets a certificate, and that there is exactly one."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import delete, func, select

from lms.certification import api, issuing, queries, rules, signing
from lms.certification.cli import certificates
from lms.certification.models import Certificate, CertificateDocument
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.core.cli import Invocation
from lms.core.db import db, unit_of_work
from lms.core.domain import Course, Person
from lms.core.errors import Conflict
from lms.core.mail import OutgoingMail
from lms.gradebook.api import LastingError
from tests.certification import factories as made
from tests.core import factories


def mails() -> int:
    """Count the mails about certificates."""
    return db.session.scalar(select(func.count()).where(OutgoingMail.kind == "certification.issued")) or 0


def test_half_is_enough_and_less_is_not(course: Course, signed_in: Callable[[int], FlaskClient]) -> None:
    """A final average of exactly 50 is certified, 42.9 is not; the document bears the name and its hash."""
    edition_id = made.edition(course)
    half = made.learner(edition_id, {"module1": 7}, name="Sokha", printed_name="សុខា ពៅ")
    less = made.learner(edition_id, {"module1": 6})
    made.learner(edition_id, {})
    made.close(edition_id)
    assert db.session.scalars(select(Certificate.enrolment_id)).all() == [half]
    found = queries.of_enrolment(half)
    assert found is not None
    browser = signed_in(factories.person_of(half))
    base = f"/e/{factories.slug_of(edition_id)}"
    pdf = browser.get(f"{base}/certificate/{found.id}.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert hashlib.sha256(pdf.data).hexdigest() == found.digest
    metadata = PdfReader(io.BytesIO(pdf.data)).metadata
    assert metadata is not None
    assert "សុខា ពៅ" in str(metadata.title)
    assert mails() == 1
    other = signed_in(factories.person_of(less))
    assert other.get(f"{base}/certificate/{found.id}.pdf").status_code == 404
    assert "no certificate for you" in other.get(f"{base}/certificate").text


def test_repeating_does_nothing_twice(course: Course) -> None:
    """A repeated task, a repeated request and a second closing leave one document and one mail."""
    edition_id = made.edition(course)
    made.learner(edition_id, {"module1": 7, "module2": 7})
    made.close(edition_id)
    certificate_id = db.session.scalars(select(Certificate.id)).one()
    for _ in range(3):
        issuing.issue(certificate_id)
        issuing.issue_waiting()
    with pytest.raises(Conflict):
        made.close(edition_id)
    assert db.session.scalar(select(func.count(CertificateDocument.id))) == 1
    assert mails() == 1


def test_a_workshop_has_a_certificate_of_its_own(course: Course, client: FlaskClient) -> None:
    """Another feature requests it in its transaction, once however often, with the days of the workshop on it."""
    edition_id = made.edition(course)
    enrolment_id = made.learner(edition_id, {"module1": 7}, printed_name="Ana Lim")
    facts = {"started_on": "2019-11-19", "completed_on": "2019-11-22", "statement": ["Presented a graded case study"]}
    with unit_of_work():
        first = api.request(enrolment_id, api.WORKSHOP, facts)
        assert api.request(enrolment_id, api.WORKSHOP, {"statement": ["Otherwise"]}) == first
    with pytest.raises(ValueError, match="recipient"), unit_of_work():
        api.request(enrolment_id, api.WORKSHOP, {"recipient": "Somebody else"})
    found = queries.of_enrolment(enrolment_id, api.WORKSHOP)
    assert found is not None
    assert found.id == first
    assert (queries.of_enrolment(enrolment_id), mails(), queries.counts(edition_id).issued) == (None, 1, 0)
    text = " ".join(PdfReader(io.BytesIO(queries.document(edition_id, first)[1])).pages[0].extract_text().split())
    page = client.get(f"/verify/{found.number}").text
    for fact in ("Ana Lim", "taken full part in the workshop", found.number):
        assert fact in text
        assert fact in page
    assert ("19 – 22 November 2019" in text, "22 November 2019" in page, "Presented a graded case study" in text) == (True, True, True)


def test_the_award_is_a_snapshot(course: Course, signed_in: Callable[[int], FlaskClient]) -> None:
    """A name that changes later does not change what was earned, and the public page shows what was printed."""
    edition_id = made.edition(course)
    enrolment_id = made.learner(edition_id, {"module1": 7}, printed_name="Before")
    made.close(edition_id)
    with unit_of_work():
        db.session.get_one(Person, factories.person_of(enrolment_id)).printed_name = "After"
    found = queries.of_enrolment(enrolment_id)
    assert found is not None
    page = signed_in(factories.person()).get(f"/verify/{found.number}")
    assert ("Before" in page.text, "After" in page.text) == (True, False)


def test_what_a_dead_worker_left_is_taken_up(course: Course, monkeypatch: Any) -> None:
    """A claim that nobody finished is free again after its lease, not before."""
    edition_id = made.edition(course)
    made.learner(edition_id, {"module1": 7})

    def dies(*_: object) -> bytes:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(signing.press(), "make", dies)
        with pytest.raises(SystemExit):
            made.close(edition_id)
    assert issuing.issue_waiting() == 0
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert issuing.issue_waiting() == 1
    assert queries.counts(edition_id).issued == 1


def test_a_failure_is_kept_and_tried_again(course: Course, monkeypatch: Any) -> None:
    """What went wrong is to be read in the list, and the next try clears it."""
    edition_id = made.edition(course)
    made.learner(edition_id, {"module1": 7})

    def full(*_: object) -> bytes:
        message = "no space left"
        raise OSError(message)

    with monkeypatch.context() as patched:
        patched.setattr(signing.press(), "make", full)
        made.close(edition_id)
    assert queries.counts(edition_id) == queries.Counts(requested=1, issued=0, with_error=1)
    with clock.at(clock.now() + timedelta(minutes=3)):
        issuing.issue_waiting()
    assert queries.counts(edition_id) == queries.Counts(requested=1, issued=1, with_error=0)


def test_pages_for_everybody(course: Course, client: FlaskClient, signed_in: Callable[[int], FlaskClient]) -> None:
    """Anybody verifies a number however it is typed; a wrong one is not found; staff leave an audit row."""
    edition_id = made.edition(course)
    made.learner(edition_id, {"module1": 7})
    made.close(edition_id)
    row = db.session.execute(select(Certificate.id, Certificate.number)).one()
    assert client.get(f"/verify/{row.number}").status_code == 200
    assert client.get("/verify/", query_string={"number": f" {row.number.lower().replace('0', 'o')} "}).location == f"/verify/{row.number}"
    assert client.get("/verify/SMALL-0000-0000-0000").status_code == 404
    assert client.get("/verify/").status_code == 200
    assert len(client.get(f"/verify/{row.number}").data) < 20_000
    base = f"/e/{factories.slug_of(edition_id)}/certificates/"
    stranger = signed_in(factories.person_of(factories.enrolment(edition_id)))
    assert stranger.get(f"{base}{row.id}.pdf").status_code == 403
    staff = signed_in(factories.person(administrator=True))
    assert row.number in staff.get(base).text
    assert staff.get(f"{base}{row.id}.pdf").data.startswith(b"%PDF")
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "certificate.download")) == 1
    assert staff.get(f"{base}{row.id + 999}.pdf").status_code == 404


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("ditd-7k3m-9q2x-04tb", "DITD-7K3M-9Q2X-04TB"),
        (" DITD 7K3M 9Q2X O4TB ", "DITD-7K3M-9Q2X-04TB"),
        ("DITD7K3M9Q2XL4TB", "DITD-7K3M-9Q2X-14TB"),
        ("", "---"),
        ("é\x00", "---"),
    ],
)
def test_numbers_as_people_type_them(typed: str, normal: str) -> None:
    """Blanks, small letters and look-alikes don't matter."""
    assert rules.normal(typed) == normal


def test_numbers_are_made_of_all_random_bits() -> None:
    """Each of the 55 bits matters, and a number is its own normal form."""
    numbers = {rules.number("DITD", 1 << bit) for bit in range(rules.BITS)}
    assert len(numbers) == rules.BITS == 55
    assert all(rules.normal(number) == number for number in numbers)
    assert rules.number("Droit & Co", 0) == "DROITCO-0000-0000-0000"


@given(random=st.integers(0, 2**55 - 1), place=st.integers(0, 11), symbol=st.sampled_from(rules.ALPHABET))
def test_a_mistyped_number_is_noticed(random: int, place: int, symbol: str) -> None:
    """One wrong symbol, or two neighbours that changed places, never fit the symbol that checks the others."""
    number = rules.number("DITD", random)
    assert rules.sound(number)
    head, symbols = "DITD-", number.removeprefix("DITD-").replace("-", "")
    wrong = symbols[:place] + symbol + symbols[place + 1 :]
    swapped = symbols[: max(place - 1, 0)] + symbols[max(place - 1, 0) : place + 1][::-1] + symbols[place + 1 :]
    assert rules.sound(head + wrong) is (wrong == symbols)
    assert rules.sound(head + swapped) is (swapped == symbols)


def test_a_corrected_name_mends_a_failure(course: Course) -> None:
    """A name that can't be printed holds its certificate up until it is corrected; the next try prints the new one."""
    edition_id = made.edition(course)
    enrolment_id = made.learner(edition_id, {"module1": 7}, name="\U0001f600", printed_name="\U0001f600")
    made.close(edition_id)
    found = queries.listing(edition_id, queries.Choice())[0].certificate
    assert (found.issued_at, found.last_error.partition(":")[0]) == (None, "AwardError")
    with unit_of_work():
        db.session.get_one(Person, factories.person_of(enrolment_id)).printed_name = "Sokha Pov"
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert issuing.issue_waiting() == 1
    issued = queries.of_enrolment(enrolment_id)
    assert issued is not None
    assert issued.award["recipient"] == "Sokha Pov"


def test_documents_stay(course: Course) -> None:
    """What was issued is never changed or deleted."""
    edition_id = made.edition(course)
    made.learner(edition_id, {"module1": 7})
    made.close(edition_id)
    with pytest.raises(LastingError), unit_of_work():
        db.session.scalars(select(CertificateDocument)).one().body = b""
    with pytest.raises(LastingError), unit_of_work():
        db.session.execute(delete(CertificateDocument))
    assert db.session.scalars(select(CertificateDocument)).one().body.startswith(b"%PDF")


def test_page_and_paper_say_the_same(course: Course, client: FlaskClient, signed_in: Callable[[int], FlaskClient]) -> None:
    """The public page shows number, name, dates and average as they are printed."""
    edition_id = made.edition(course)
    enrolment_id = made.learner(edition_id, {"module1": 7, "module2": 1}, printed_name="Ana Lim")
    made.close(edition_id)
    found = queries.of_enrolment(enrolment_id)
    assert found is not None
    pdf = signed_in(factories.person_of(enrolment_id)).get(f"/e/{factories.slug_of(edition_id)}/certificate/{found.id}.pdf").data
    printed = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    page = client.get(f"/verify/{found.number}").text
    day = found.day("issued_on")
    for fact in (found.number, "Ana Lim", "57.14 %", f"{day.day} {day:%B %Y}", found.award["issuer_name"]):
        assert fact in page
        assert fact in printed


def test_guessing_is_slowed_down(course: Course, client: FlaskClient) -> None:
    """A number that is no number and one that is not there look alike but for the typing error; many tries are refused."""
    assert course.id
    unknown = client.get(f"/verify/{rules.number('DITD', 7)}")
    mistyped = client.get("/verify/DITD-0000-0000-0001")
    assert (unknown.status_code, mistyped.status_code) == (404, 404)
    assert ("mistyped" in unknown.text, "mistyped" in mistyped.text) == (False, True)
    answers = [client.get("/verify/DITD-0000-0000-0000").status_code for _ in range(60)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_command_line(ctx: Flask, course: Course, tmp_path: Path) -> None:
    """`lms certificates` counts, issues what waits and writes the files out."""
    edition_id = made.edition(course)
    made.learner(edition_id, {"module1": 7})
    slug = factories.slug_of(edition_id)

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        result = CliRunner().invoke(certificates, [*words, "--json"], obj=Invocation(lambda: ctx))
        return result.exit_code, json.loads(result.stdout)

    made.close(edition_id)
    number = db.session.scalars(select(Certificate.number)).one()
    assert run("status", slug) == (0, {"requested": 1, "issued": 1, "with_error": 0})
    assert run("issue") == (0, {"issued": 0, "left": 0})
    assert run("export", slug, str(tmp_path)) == (0, {"written": 1, "folder": str(tmp_path)})
    assert [file.name for file in tmp_path.iterdir()] == [f"{number}.pdf"]
    assert (tmp_path / f"{number}.pdf").read_bytes() == queries.document(edition_id, *queries.issued_ids(edition_id))[1]
    assert db.session.scalar(select(func.count()).where(AuditEntry.action == "certificate.export")) == 1
    wrong = CliRunner().invoke(certificates, ["status", "nowhere"], obj=Invocation(lambda: ctx))
    assert wrong.exit_code == 2


def test_a_demonstration_makes_specimens(course: Course, client: FlaskClient) -> None:
    """What a demo edition issues says of itself, on paper and on the public page, that it certifies nothing."""
    days = {"starts_on": factories.someday(-10), "ends_on": factories.someday(3)}
    edition_id = factories.edition(course.id, demo=True, **days)
    made.learner(edition_id, {"module1": 7})
    made.close(edition_id)
    number = db.session.scalars(select(Certificate.number)).one()
    page = client.get(f"/verify/{number}").text
    assert "not a valid certificate" in page
    assert "This certificate is valid" not in page
    _, body = queries.document(edition_id, *queries.issued_ids(edition_id))
    assert "Development key: not valid" in PdfReader(io.BytesIO(body)).pages[0].extract_text()
