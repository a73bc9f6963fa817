"""What names are found by: any spelling, accent or script."""

from __future__ import annotations

import pytest

from lms.core.db import db, unit_of_work
from lms.core.domain import Enrolment, Person
from lms.core.names import plain, search_key
from tests.core import factories
from tests.people.conftest import Place


@pytest.mark.parametrize(
    ("written", "found_by"),
    [
        ("Nguyễn Thị Ánh Đào", "nguyen thi anh dao"),
        ("MARÍA-JOSÉ dela Cruz", "maria jose dela cruz"),
        ("O’Neill", "oneill"),
        ("Nur 'Aini  binti Sa'ad", "nur aini binti saad"),
        ("\uff37\uff49\uff44\uff45", "wide"),
        ("Søren Łukasz", "soren lukasz"),
        ("สมชาย ใจดี", "สมชาย ใจดี"),
        ("សុខា ពៅ", "សុខា ពៅ"),
        ("ဒေါ် ခင်", "ဒေါ် ခင်"),
        ("Straße", "strasse"),
        ("!!!", ""),
    ],
)
def test_a_name_is_folded(written: str, found_by: str) -> None:
    """To letters without accents; vowels and tones of other scripts, which tell names apart, stay."""
    assert plain(written) == plain(found_by)
    assert plain(found_by).isascii() == found_by.isascii()


@pytest.mark.parametrize(("one", "other"), [("ขาว", "ข่าว"), ("ကန်", "ကံ"), ("កា", "កី")])
def test_names_that_differ_by_a_vowel_or_tone_stay_apart(one: str, other: str) -> None:
    assert plain(one) != plain(other)


def test_both_names_are_found_and_the_first_gives_the_order() -> None:
    assert search_key("សុខា ពៅ", "Sokha POV").endswith(" sokha pov")
    assert search_key("Sokha Pov", "SOKHA POV") == "sokha pov"


def test_an_enrolment_follows_the_name_of_its_person(place: Place) -> None:
    """Also after a change, and nobody else's."""
    mine, other = place.learner("Sokha Pov"), place.learner("Mai Anh")
    with unit_of_work():
        person = db.session.get_one(Person, factories.person_of(mine))
        person.name = "Sókha Chan"
    db.session.expire_all()
    assert db.session.get_one(Enrolment, mine).search_key == "sokha chan sokha pov"
    assert db.session.get_one(Enrolment, other).search_key == "mai anh"
