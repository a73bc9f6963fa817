"""Invented people: names of each country's kinds, in Latin letters and, for the certificate, often in the local script."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from lms.core.domain import Gender, Sector

LOCAL_SHARE = 0.6
INSTITUTIONS = {
    Sector.GOVERNMENT: ("Ministry of Trade", "Ministry of Communications", "Customs Department", "Statistics Office",
                        "Digital Government Agency", "Department of Industry", "Central Bank"),
    Sector.PRIVATE: ("Mekong Rice Exporters", "Harbour Logistics", "Blue Lotus Payments", "Straits Fintech", "Golden Teak Furniture",
                     "Island Coffee Cooperative"),
    Sector.ACADEMIA: ("University of Commerce", "Institute of Technology"),
}  # fmt: skip
ZONES = {
    "BN": "Asia/Brunei",
    "KH": "Asia/Phnom_Penh",
    "ID": "Asia/Jakarta",
    "LA": "Asia/Vientiane",
    "MY": "Asia/Kuala_Lumpur",
    "MM": "Asia/Yangon",
    "PH": "Asia/Manila",
    "SG": "Asia/Singapore",
    "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh",
}


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist."""

    name: str
    printed_name: str
    email: str
    gender: Gender
    country: str
    sector: Sector
    institution: str
    zone: str


@cache
def _names() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))


def invent(countries: Mapping[str, tuple[int, int]], random: Random, domain: str = "example.org") -> tuple[Invented, ...]:
    """Invent (men, women) people for each country; no two have the same name."""
    people = [
        person
        for country, (men, women) in countries.items()
        for gender, count in ((Gender.MAN, men), (Gender.WOMAN, women))
        for person in _some(country, gender, count, random, domain)
    ]
    random.shuffle(people)
    return tuple(people)


def _some(country: str, gender: Gender, count: int, random: Random, domain: str) -> Iterator[Invented]:
    names = _names()[country]
    given = names["women" if gender == Gender.WOMAN else "men"]
    pairs = [(first, last) for first in given for last in names["family"]]
    for first, last in random.sample(pairs, count):
        latin, local = _join(names["order"], first, last)
        yield _person(latin, local, gender, country, random, domain)


def _join(order: str, given: str | list[str], family: str | list[str]) -> tuple[str, str]:
    """Put a name together, in Latin letters and in the local script."""
    parts = {"given": given, "family": family}
    chosen = [parts[word] for word in order.split()]
    latin = " ".join(part if isinstance(part, str) else part[0] for part in chosen)
    if any(isinstance(part, str) for part in chosen):
        return latin, latin
    local = [part[1] for part in chosen]
    return latin, "".join(reversed(local)) if "\u4e00" <= local[0][0] <= "\u9fff" else " ".join(local)


def _person(latin: str, local: str, gender: Gender, country: str, random: Random, domain: str) -> Invented:  # noqa: PLR0913, PLR0917 - each is a part of one thing
    sector = random.choices(list(INSTITUTIONS), weights=[7, 3, 1])[0]
    address = "".join(letter for letter in latin.lower().replace(" ", ".") if letter.isascii())
    return Invented(
        name=latin,
        printed_name=local if random.random() < LOCAL_SHARE else latin,
        email=f"{address}.{country.lower()}@{domain}",
        gender=gender,
        country=country,
        sector=sector,
        institution=random.choice(INSTITUTIONS[sector]),
        zone=ZONES[country],
    )
