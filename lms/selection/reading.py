"""What a file of values says: which criterion each column is, whose each row is, and what is wrong with it, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from lms.applications.api import Table
from lms.core.errors import Invalid
from lms.core.names import plain
from lms.selection.values import Criterion

MOST_FAULTS = 1000
PLACES = 6
ADDRESS = frozenset({"e mail", "email", "e mail address", "email address"})
VALUE = frozenset({"value", "score", "points"})
HEADS = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: in which row and column, what stands there, and why it can't."""

    row: int
    column: str
    value: str
    why: str


@dataclass(slots=True)
class Content:
    """The values of a file by criterion and enrolment, its faults, how many cells are empty, and which columns say nothing here."""

    values: dict[str, dict[int, str]]
    faults: list[Fault] = field(default_factory=list)
    empty: int = 0
    ignored: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """How many candidates it has a value for."""
        return len(set().union(*self.values.values()))

    def complain(self, row: int, column: str, value: str, why: str) -> None:
        """Note a fault, as long as there are not too many to read."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(row, column, value[:200], why))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the address stands, which column is of which criterion, and whether each cell must have a value."""

    address: int
    criteria: Mapping[int, Criterion]
    needed: bool


def content(found: Table, criteria: Mapping[str, Criterion], chosen: str, people: Mapping[str, int]) -> Content:
    """Read a table with values of the `chosen` criterion, or of each that a column is named after; `people` are enrolments by address.

    Of several criteria a cell may be empty, which leaves the value that there is. Raise `Invalid` where a column is missing.
    """
    known = _single(found, criteria[chosen]) if chosen else _named(found, criteria)
    columns = _Columns(_address(found), known, bool(chosen))
    ignored = tuple(head for place, head in enumerate(found.heads) if head and place not in {columns.address, *known})
    made = Content({criterion.key: {} for criterion in known.values()}, ignored=ignored)
    if len(made.values) < len(known):
        for place, criterion in known.items():
            made.complain(HEADS, found.heads[place], "", f"There must be one column for {criterion.label}.")
    _rows(made, found, columns, people)
    return made


def _rows(made: Content, found: Table, columns: _Columns, people: Mapping[str, int]) -> None:
    seen: set[int | None] = set()
    for row, cells in found.rows:
        address = _cell(cells, columns.address)
        enrolment = people.get(address.lower().removeprefix("'"))  # which our own files put before what looks like a formula
        if enrolment is None or enrolment in seen:
            why = "This candidate stands in an earlier row already." if enrolment else "No candidate has this address."
            made.complain(row, found.heads[columns.address], address, why)
        seen.add(enrolment)
        for place, criterion in columns.criteria.items():
            text = _cell(cells, place)
            if not text and not columns.needed:
                made.empty += 1
                continue
            given, why = number(text, criterion)
            if given is None:
                made.complain(row, found.heads[place], text, why)
            elif enrolment is not None:
                made.values[criterion.key][enrolment] = str(given)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _address(found: Table) -> int:
    place = next((place for place, head in enumerate(found.heads) if plain(head) in ADDRESS), None)
    if place is None:
        message = "There must be a column E-mail."
        raise Invalid(message, field="file")
    return place


def _single(found: Table, criterion: Criterion) -> dict[int, Criterion]:
    known = {*VALUE, plain(criterion.label)}
    place = next((place for place, head in enumerate(found.heads) if plain(head) in known), None)
    if place is None:
        message = "There must be a column E-mail and a column Value."
        raise Invalid(message, field="file")
    return {place: criterion}


def _named(found: Table, criteria: Mapping[str, Criterion]) -> dict[int, Criterion]:
    known = {plain(criterion.label): criterion for criterion in criteria.values()}
    columns = {place: known[plain(head)] for place, head in enumerate(found.heads) if plain(head) in known}
    if not columns:
        labels = ", ".join(criterion.label for criterion in criteria.values())
        message = f"No column is named like a criterion. They are: {labels}. Or choose the one whose values are in the column Value."
        raise Invalid(message, field="file")
    return columns


def number(text: str, criterion: Criterion) -> tuple[Decimal | None, str]:
    """Read a value of a criterion; `None` and why where it is none."""
    if not text:
        return None, "Please fill this in."
    try:
        found = Decimal(text.replace(",", ".") if text.isascii() and "_" not in text else "")
    except InvalidOperation:
        return None, "This is no number."
    if not found.is_finite() or not 0 <= found <= criterion.most:
        return None, f"Please give a number from 0 to {criterion.most.normalize():f}."
    return round(found, PLACES), ""
