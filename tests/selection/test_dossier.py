"""The dossier of an approved selection, signed; what each learner reads of their own; and what is kept of a person."""

from __future__ import annotations

import base64
import hashlib
import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from flask.testing import FlaskClient
from pypdf import PdfReader

from certificates import KeysError
from certificates.document import signature_on
from certificates.keys import load_keys
from lms.certification import signing
from lms.core.db import db, unit_of_work
from lms.selection import dossier, privacy
from lms.selection.models import CriterionScore, SelectionDossier
from lms.selection.values import AVERAGE, Criterion, Range, Source
from tests.core import factories
from tests.selection.conftest import Place, SignIn

EXTRA = Criterion("experience", "Experience", Source.NUMBER, Decimal(1), Decimal(10))

FACTS = ("country", "gender", "sector", "institution")


def approved(place: Place) -> tuple[int, int, int]:
    """Approve a list, and give who is selected, in reserve, and neither."""
    first, second, third = place.crowd(90, 80, 70, country="KH")
    place.rules(1, reserves=1, criteria=(AVERAGE,), each_country=Range(0, 1))
    place.approve(place.run())
    return first, second, third


def test_the_dossier_is_signed_and_can_be_checked_by_anybody(place: Place, admin: FlaskClient) -> None:
    first, second, third = approved(place)
    body, sig, paper = (admin.get(f"{place.base}/dossier.{form}") for form in ("json", "sig", "pdf"))
    said, signed = json.loads(body.data), json.loads(sig.data)
    assert [row["candidate"] for row in said["candidates"]] == [first, second, third]
    assert [row["act"] for row in said["acts"]] == ["selection.rules", "selection.run", "selection.approve"]
    assert (said["run"]["asked_by"], said["approval"]["by"], said["rules"]["seed"]) == ("Mira Adler", "Jonas Weber", "lot")
    assert hashlib.sha256(body.data).hexdigest() == signed["sha256"]
    people = [[c["candidate"], *(c[name] for name in FACTS), c["values"]] for c in sorted(said["candidates"], key=lambda c: c["candidate"])]
    marks = [[mark["enrolment_id"], mark["must"], mark["reason"]] for mark in said["marks"]]
    data = json.dumps({"rules": said["rules"], "marks": marks, "candidates": people}, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(data.encode()).hexdigest() == said["fingerprint"]
    key = load_keys(signing.folder(development=True)).current
    public = key.credential.public_key()
    public.verify(base64.b64decode(signed["signature"]), body.data)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signed["signature"]), body.data.replace(b"Weber", b"Xeber"))
    assert signature_on(paper.data)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages)
    for words in ("Learner 90", "Learner 80", said["fingerprint"][:20], "Jonas Weber"):
        assert words in text
    assert "Learner 70" not in text


def test_a_dossier_without_a_key_is_made_once_there_is_one(place: Place, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_key(*_: Any, **__: Any) -> None:
        message = "the key is gone"
        raise KeysError(message)

    monkeypatch.setattr(dossier, "sign", no_key)
    approved(place)
    assert "The signed dossier is being made" in admin.get(f"{place.base}/").text
    assert admin.get(f"{place.base}/dossier.pdf").status_code == 404
    with unit_of_work():
        db.session.query(SelectionDossier).one().state = "given up"
    page = admin.get(f"{place.base}/").text
    assert "The dossier could not be made" in page
    assert "the key is gone" in page
    monkeypatch.undo()
    assert admin.post(f"{place.base}/dossier").status_code == 302
    assert admin.get(f"{place.base}/dossier.pdf").data.startswith(b"%PDF")


def test_each_reads_why_and_nobody_elses(place: Place, signed_in: SignIn) -> None:
    """Who is selected, in reserve or neither; before the approval, and for others, there is no such page."""
    early = signed_in(factories.person_of(place.candidate("Early", 60, country="LA")))
    assert early.get(f"{place.base}/why").status_code == 404
    people = approved(place)
    words = ("You are selected", "You are a reserve", "You are not selected")
    for number, said in zip(people, words, strict=True):
        browser = signed_in(factories.person_of(number))
        page = browser.get(f"{place.base}/why").text
        assert said in page
        assert said in browser.get(f"/e/{place.info.slug}/dashboard").text
        assert ("points more you would have been selected" in page) is (number != people[0])
    assert signed_in(factories.person_of(place.tutor)).get(f"{place.base}/why").status_code == 403


def test_what_is_held_of_a_person(place: Place) -> None:
    first, second, _ = approved(place)
    with unit_of_work():
        db.session.add(CriterionScore(edition_id=place.info.id, criterion="experience", enrolment_id=second, value=Decimal(5)))
    person = factories.person_of(second)
    held = privacy.export(person)
    assert [(row["state"], row["score"]) for row in held["runs"]] == [("reserve", 80_000)]
    assert len(held["values"]) == 1
    with unit_of_work():
        privacy.erase(person)
    after = privacy.export(person)
    assert [(row["state"], row["values"]) for row in after["runs"]] == [("reserve", {})]
    assert after["values"] == []
    assert privacy.export(factories.person_of(first))["runs"][0]["values"]
