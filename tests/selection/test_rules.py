"""What is decided about a selection without a database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lms.core.domain import Gender
from lms.selection import rules
from lms.selection.values import AVERAGE, MOTIVATION, Criterion, Facts, Mark, Range, Rules, Source, rules_from

ESSAY = Criterion("essay", "Essay", Source.NUMBER, Decimal(1), Decimal(20))


def facts(number: int = 1, **known: Any) -> Facts:
    """Make somebody up."""
    usual = {"country": "KH", "gender": "woman", "sector": "government", "institution": "Ministry of Trade", "values": {}}
    return Facts(number, **{**usual, **known})


@pytest.mark.parametrize(
    ("values", "criteria", "score"),
    [
        ({"average": "86.6666"}, (AVERAGE,), 86_667),
        ({"average": "50.0005"}, (AVERAGE,), 50_001),
        ({"average": "50.0004999"}, (AVERAGE,), 50_000),
        ({"average": "80"}, (AVERAGE, MOTIVATION), 80_000),
        ({"average": "80", "essay": "20"}, (AVERAGE, ESSAY), 90_000),
        ({"essay": "10"}, (AVERAGE, ESSAY), 25_000),
        ({}, (AVERAGE,), 0),
    ],
)
def test_scores(values: dict[str, str], criteria: tuple[Criterion, ...], score: int) -> None:
    assert rules.score({key: Decimal(value) for key, value in values.items()}, criteria) == score


def test_the_draw_is_a_matter_of_the_seed_alone() -> None:
    """Anybody can repeat it: sha256sum of the seed, a new line and the number, sorted."""
    assert rules.draw("lot", [4, 3, 2, 1]) == rules.draw("lot", [1, 2, 3, 4]) == {3: 1, 2: 2, 1: 3, 4: 4}
    assert len({tuple(rules.draw(str(seed), range(5))) for seed in range(50)}) > 30


def test_quotas() -> None:
    wanted = Rules(
        seats=33,
        women=40,
        sectors={"government": 60, "private": 0},
        institution=1,
        each_country=Range(2, 8),
        countries={"SG": Range(0, 3), "BN": Range(1)},
    )
    people = [facts(1), facts(2, country="SG", institution="ministry of TRADE "), facts(3, institution="Alone")]
    found = rules.quotas(wanted, people, [Mark(1, must=True, reason="r"), Mark(9, must=False, reason="gone")], ["VN"])
    assert [(quota.key, quota.groups, quota.low, quota.high) for quota in found] == [
        ("country-min:BN", ("country:BN",), 1, None),
        ("country-min:KH", ("country:KH",), 2, None),
        ("country-max:KH", ("country:KH",), 0, 8),
        ("country-max:SG", ("country:SG",), 0, 3),
        ("women", ("women",), 14, None),
        ("sector:government", ("sector:government",), 20, None),
        ("institution", ("institution:ministry of trade",), 0, 1),
        ("must:1", ("person:1",), 1, None),
    ]


def test_the_fingerprint_follows_everything() -> None:
    wanted, held, people = Rules(2, seed="s"), [Mark(1, must=True, reason="r")], [facts(1), facts(2)]
    first = rules.fingerprint(wanted, held, people)
    assert first == rules.fingerprint(rules_from(wanted.as_json()), held, people[::-1])
    others = [
        rules.fingerprint(Rules(2, seed="t"), held, people),
        rules.fingerprint(wanted, [], people),
        rules.fingerprint(wanted, held, people[:1]),
        rules.fingerprint(wanted, held, [facts(1, gender=Gender.MAN), facts(2)]),
        rules.fingerprint(wanted, held, [facts(1, values={"average": Decimal(1)}), facts(2)]),
    ]
    assert len({first, *others}) == 6


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"seats": 0}, "seats"),
        ({"seats": 10**9}, "seats"),
        ({"reserves": -1}, "reserves"),
        ({"seed": ""}, "seed"),
        ({"criteria": (Criterion("average", "A", Source.AVERAGE, Decimal(0)),)}, "weight_average"),
        ({"criteria": (AVERAGE, Criterion("x", "X", Source.NUMBER, Decimal(-1)))}, "weight_x"),
        ({"criteria": (AVERAGE, Criterion("x", "X", Source.NUMBER, Decimal(1), Decimal(0)))}, "most_x"),
        ({"assessors": 0}, "assessors"),
        ({"each_country": Range(3, 2)}, "each_country_high"),
        ({"each_country": Range(-1, 2)}, "each_country_low"),
        ({"countries": {"KH": Range(0, -1)}}, "country_KH_high"),
        ({"countries": {"KH": Range(6)}}, "country_KH_low"),
        ({"countries": {"KH": Range(3), "LA": Range(3)}}, "seats"),
        ({"women": 101}, "women"),
        ({"sectors": {"private": -1}}, "sector_private"),
        ({"sectors": {"private": 60, "government": 60}}, "seats"),
        ({"institution": 0}, "institution"),
        ({"each_country": Range(0, 10**30)}, "each_country_high"),
        ({"sectors": {"civil society": 101}}, "sector_civil_society"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(wanted: dict[str, Any], field: str) -> None:
    found = Rules(**{"seats": 5, "seed": "s", **wanted})
    assert next(rules.faults(found))[0] == field
