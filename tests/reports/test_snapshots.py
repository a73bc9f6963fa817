"""Snapshots: what they hold, that they stay, and what has moved since."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.certification.api import counts
from lms.core.db import db, unit_of_work
from lms.core.domain import EnrolmentState
from lms.core.figures import Figure, Kind, Phase
from lms.editions.api import close_edition
from lms.gradebook.api import LastingError, ensure_settled
from lms.people.api import funnel
from lms.reports import queries, register, rules
from lms.reports.api import figures
from lms.reports.models import Snapshot
from tests.core import factories
from tests.reports.conftest import Place


def found(place: Place) -> dict[str, Figure]:
    """Give the register by name."""
    ensure_settled(place.info)
    return {figure.name: figure for figure in figures(place.info.id)}


def test_figures_are_those_of_the_live_funnel(place: Place) -> None:
    """Each stage by name, as a whole and by country, zero rows too."""
    known, live = found(place), funnel(place.info)
    for stage, share in zip(live.stages, live.all, strict=True):
        assert known[stage.key].numerator == share.count, stage.key
    countries = known["registered"].by["country"]
    assert [(part.value, part.numerator) for part in countries] == [("KH", 2), ("ID", 0), ("SG", 1)]
    woman = known["registered"].part("gender", "woman")
    assert woman is not None
    assert woman.numerator == 2


def test_grades(place: Place) -> None:
    """The average of those who passed, its breakdowns, and the spread of all."""
    known = found(place)
    average = known["average_grade"]
    assert (average.numerator, average.denominator, average.kind) == (Decimal(100), 1, Kind.MEAN)
    assert [(part.value, part.numerator, part.denominator) for part in average.by["gender"]][:2] == [
        ("woman", Decimal(100), 1),
        ("man", Decimal(0), 0),
    ]
    assert {part.numerator for part in known["module_grade"].by["module"]} == {Decimal(100)}
    spread = known["graded"]
    assert [part.numerator for part in spread.by["band"]] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert spread.numerator == 3
    assert known["pass_mark"].numerator == 50


def test_a_closed_edition_has_its_completion_rate(place: Place) -> None:
    with unit_of_work():
        close_edition(place.info.id, place.admin)
    known = found(place)
    assert known["certified"].numerator == counts(place.info.id).issued == 1
    rate = known["completion_rate"]
    assert rules.in_full(rate.kind, rate.numerator, rate.denominator) == "33.33 % (1 / 3)"
    man = rate.part("gender", "man")
    assert man is not None
    assert (man.numerator, man.denominator) == (0, 1)


def test_a_snapshot_stays_and_tells_what_moved(place: Place, admin: FlaskClient) -> None:
    first, again = place.snapshot(), place.snapshot()
    marks = [queries.snapshot(place.info.id, one).digest for one in (first, again)]
    assert marks[0] == marks[1]
    page = admin.get(f"{place.base}snapshots/{first}").text
    assert "Numbers moved" not in page
    assert ">registered<" in page
    factories.enrolment(place.info.id, country="ID", gender="man")
    page = admin.get(f"{place.base}snapshots/{first}").text
    assert "Numbers moved" in page
    assert '<th scope="row">Registered</th><td>3</td><td>4</td>' in page
    assert '<th scope="row">Registered, country Indonesia</th><td>0</td><td>1</td>' in page
    with pytest.raises(LastingError), unit_of_work():
        db.session.get_one(Snapshot, first).digest = "other"


def test_reading_back_gives_the_same(place: Place) -> None:
    ensure_settled(place.info)
    contents = register.contents(place.info.id)
    text = rules.canonical(contents)
    assert rules.contents(text) == contents
    assert rules.canonical(rules.contents(text)) == text


@pytest.mark.parametrize("names", [("a", "a"), ("Aha",), ("a b",), ("",), ("1a",)])
def test_a_register_has_each_name_once(names: tuple[str, ...]) -> None:
    with pytest.raises(rules.RegisterError):
        rules.register(Figure(name, Phase.ONLINE, "A", "As counted.", 1) for name in names)


def test_taking_and_listing(place: Place, admin: FlaskClient) -> None:
    assert "No snapshot yet" in admin.get(place.base).text
    answer = admin.post(f"{place.base}snapshots")
    assert answer.status_code == 302
    assert "Register of figures" in admin.get(answer.location).text
    assert "Snapshots" in admin.get(place.base).text
    assert admin.get(f"{place.base}snapshots/999999").status_code == 404


def test_a_snapshot_of_another_edition_is_not_here(place: Place, admin: FlaskClient) -> None:
    other = factories.edition()
    with unit_of_work():
        row = Snapshot(edition_id=other, data="{}", digest="")
        db.session.add(row)
    assert admin.get(f"{place.base}snapshots/{row.id}").status_code == 404


def test_the_number_of_statements_does_not_grow(place: Place, statements: Callable[[], Any]) -> None:
    with statements() as few:
        place.snapshot()
    for number in range(12):
        factories.enrolment(place.info.id, country="KH" if number % 2 else "SG", state=EnrolmentState.CONFIRMED)
    with statements() as many:
        place.snapshot()
    assert len(many) <= len(few)
    few.at_most(60)
