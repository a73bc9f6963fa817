"""People that a file nominates: its columns, what is wrong with its rows, and the accounts and answers that they give."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from certificates import AwardError, check_recipient
from lms.applications import rules
from lms.applications.sheets import Table
from lms.core import countries
from lms.core.domain import Gender, Sector
from lms.core.forms import tidy
from lms.core.names import plain

COLUMNS = {
    "email": "E-mail",
    "name": "Name",
    "printed_name": "Name on the certificate",
    "gender": "Gender",
    "country": "Country",
    "sector": "Sector",
    "institution": "Institution",
    "position": "Position",
    "motivation": "Motivation",
}
NEEDED = ("email", "name", "country", "sector", "institution")
MOST = {"email": 254, "name": 100, "printed_name": 200, "institution": 200, "position": rules.POSITION, "motivation": rules.MOTIVATION}
APPLIED = "This person has applied for the edition already."
MERGED = "This account was merged into another one. Please use the address of that one."
_ALSO = {
    "email": ("email", "e mail address", "email address", "mail", "address"),
    "name": ("full name", "participant", "nominee", "name of nominee"),
    "printed_name": ("printed name", "certificate name", "name for certificate", "name on certificate"),
    "gender": ("sex",),
    "country": ("country code", "nationality", "economy"),
    "sector": ("type of organisation", "type of organization"),
    "institution": ("organisation", "organization", "company", "employer", "agency", "institution or company", "ministry"),
    "position": ("job title", "title", "designation", "function"),
    "motivation": ("reason", "why", "remarks"),
}
_HEADS = {plain(text): key for key, label in COLUMNS.items() for text in (label, key, *_ALSO[key])}
_GENDERS = {
    **{gender.value: gender for gender in Gender},
    **dict.fromkeys(("f", "female", "w", "ms", "mrs"), Gender.WOMAN),
    **dict.fromkeys(("m", "male", "mr"), Gender.MAN),
    **dict.fromkeys(("", "not said", "prefer not to say"), Gender.UNDISCLOSED),
}
_SECTORS = {
    **{sector.value: sector for sector in Sector},
    **dict.fromkeys(("public", "public sector", "government agency"), Sector.GOVERNMENT),
    **dict.fromkeys(("business", "private sector", "company"), Sector.PRIVATE),
    **dict.fromkeys(("university", "academic"), Sector.ACADEMIA),
    **dict.fromkeys(("ngo", "civil society organisation"), Sector.CIVIL_SOCIETY),
    **dict.fromkeys(("international organization", "international"), Sector.INTERNATIONAL),
}
_COUNTRIES = {plain(text): code for code in countries.ALL for text in (code, countries.name(code))}
_COUNTRIES |= {"vietnam": "VN", "laos": "LA", "lao": "LA", "brunei": "BN", "burma": "MM", "south korea": "KR", "russia": "RU"}
_INVISIBLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: in which row and column, what stands there, and why it can't."""

    row: int
    column: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody whom a file nominates."""

    row: int
    email: str
    name: str
    printed_name: str
    gender: str
    country: str
    sector: str
    institution: str
    position: str
    motivation: str


def columns_of(heads: Sequence[str]) -> dict[str, int]:
    """Tell in which column each fact stands, however its head is spelled."""
    found: dict[str, int] = {}
    for number, head in enumerate(heads):
        if key := _HEADS.get(plain(head)):
            found.setdefault(key, number)
    return found


def cells(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the facts of each row by their names; what a row lacks is empty."""
    where = columns_of(table.heads)
    for row, values in table.rows:
        yield row, {key: _cell(values, where.get(key)) for key in COLUMNS}


def _cell(values: Sequence[str], number: int | None) -> str:
    """Give a cell as text; the mark by which spreadsheets and we keep a formula a text is no part of it."""
    text = (tidy(values[number]) or "") if number is not None and number < len(values) else ""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def missing_columns(table: Table) -> list[Fault]:
    """Name the columns that have to be there and are not."""
    there = columns_of(table.heads)
    return [Fault(1, COLUMNS[key], "", "This column is missing.") for key in NEEDED if key not in there]


def faults(rows: Sequence[tuple[int, Mapping[str, str]]], allowed: Collection[str], taken: Mapping[str, str]) -> Iterator[Fault]:
    """Say what is wrong with rows: `allowed` countries, none for all; addresses that are `taken`, and why."""
    first: dict[str, int] = {}
    for row, facts in rows:
        for key, why in _row(facts, allowed):
            yield Fault(row, COLUMNS[key], facts[key][:200], why)
        address = facts["email"].lower()
        if address in first:
            yield Fault(row, COLUMNS["email"], facts["email"], f"This address stands in row {first[address]} already.")
        elif address in taken:
            yield Fault(row, COLUMNS["email"], facts["email"], taken[address])
        first.setdefault(address, row)


def _row(facts: Mapping[str, str], allowed: Collection[str]) -> Iterator[tuple[str, str]]:
    for key, text in facts.items():
        if key in NEEDED and not text:
            yield key, "Please fill this in."
        elif len(text) > MOST.get(key, 200):
            yield key, f"Please use at most {MOST.get(key, 200):,} characters; these are {len(text):,}."
        elif any(_invisible(character) for character in text):
            yield key, "There is an invisible character in it."
        elif text and (why := _wrong(key, text, allowed)):
            yield key, why


def _invisible(character: str) -> bool:
    return character in _BIDI or (character not in "\n\r\t" and unicodedata.category(character) in _INVISIBLE)


def _wrong(key: str, text: str, allowed: Collection[str]) -> str:
    if key == "email":
        return _wrong_address(text)
    if key == "country":
        return _wrong_country(text, allowed)
    if key == "sector" and plain(text) not in _SECTORS:
        return f"This is none of: {', '.join(Sector)}."
    if key == "gender" and plain(text) not in _GENDERS:
        return f"This is none of: {', '.join(Gender)}. It may be left empty."
    return _unprintable(text) if key == "printed_name" else ""


def _wrong_country(text: str, allowed: Collection[str]) -> str:
    code = _COUNTRIES.get(plain(text))
    if code is None:
        return "There is no such country."
    return "" if not allowed or code in allowed else "The edition is not for this country."


def _wrong_address(text: str) -> str:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        return str(error)
    return ""


def _unprintable(text: str) -> str:
    try:
        check_recipient(text)
    except AwardError as error:
        return f"{error.message[:1].upper()}{error.message[1:]}."
    return ""


def nominee(row: int, facts: Mapping[str, str]) -> Nominee:
    """Give somebody whose row has no faults."""
    return Nominee(
        row=row,
        email=facts["email"].lower(),
        name=facts["name"],
        printed_name=facts["printed_name"] or facts["name"],
        gender=_GENDERS[plain(facts["gender"])],
        country=_COUNTRIES[plain(facts["country"])],
        sector=_SECTORS[plain(facts["sector"])],
        institution=facts["institution"],
        position=facts["position"],
        motivation=facts["motivation"],
    )


def template() -> Iterator[tuple[str, ...]]:
    """Give the rows of a file to begin with."""
    yield tuple(COLUMNS.values())
    yield ("sokha.pov@example.org", "Sokha Pov", "សុខា ពៅ", "woman", "Cambodia", "government", "Ministry of Commerce", "Head of section", "")
