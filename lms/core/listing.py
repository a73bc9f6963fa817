"""Lists that staff sort, filter and take away: what their addresses say, their columns, and the files that equal the screen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

from flask import Response, g, request, stream_with_context

from lms.core import clock
from lms.core.spreadsheet import Value, packed, written

ROWS = (50, 200)
FORMS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
LONGEST_NUMBER = 15  # fits a key


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be chosen; a `private` one is for administrators, `sort` names the order that its head gives."""

    key: str
    label: str
    private: bool = False
    usual: bool = True
    sort: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """How a list is shown: the order (falling after a minus sign), the columns and the rows of a page.

    A feature's own choice adds its filters; a first click on the heads of `falls_first` shows the newest or highest first.
    """

    sort: str
    columns: tuple[str, ...] = ()
    rows: int = ROWS[0]
    falls_first: ClassVar[tuple[str, ...]] = ()
    unfiltered: ClassVar[frozenset[str]] = frozenset({"sort", "columns", "rows"})

    @property
    def key(self) -> str:
        """What gives the order."""
        return self.sort.lstrip("-")

    @property
    def falling(self) -> bool:
        """Whether the highest or newest come first."""
        return self.sort.startswith("-")

    @property
    def filters(self) -> dict[str, Any]:
        """What leaves some rows out."""
        return {name: value for name, value in self.arguments().items() if name not in self.unfiltered}

    def toggled(self, key: str) -> str:
        """Give the sort that a click on a column's head asks for."""
        first, other = (f"-{key}", key) if key in self.falls_first else (key, f"-{key}")
        return other if self.sort == first else first

    def arguments(self, **changed: Any) -> dict[str, Any]:
        """Give the choice as arguments of an address, without what goes without saying."""
        wanted, usual = replace(self, **changed), type(self)()  # type: ignore[call-arg] # each has an order that is usual
        return {f.name: value for f in fields(self) if (value := getattr(wanted, f.name)) != getattr(usual, f.name)}


def picked(allowed: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """Read what the address says of some filters, of the order and of the rows; what makes no sense counts as not said."""
    named = {**allowed, "rows": [str(count) for count in ROWS]}
    found: dict[str, Any] = {name: value for name, values in named.items() if (value := request.args.get(name, "")) in values}
    if "rows" in found:
        found["rows"] = int(found["rows"])
    return found


def orders(keys: Iterable[str]) -> list[str]:
    """List the orders that an address can ask for: each key rising and falling."""
    return [f"{sign}{key}" for key in keys for sign in ("", "-")]


def columns(offered: Iterable[Column]) -> tuple[str, ...]:
    """Read which of some columns the address names, in their order."""
    wanted = request.args.getlist("columns")
    return tuple(column.key for column in offered if column.key in wanted)


def shown(offered: Iterable[Column], wanted: Collection[str]) -> tuple[Column, ...]:
    """List the columns that are asked for, or the usual ones."""
    return tuple(column for column in offered if (column.key in wanted if wanted else column.usual))


def number(name: str) -> int | None:
    """Read a number from the address; anything else counts as not said."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def text(name: str, most: int = 100) -> str:
    """Read a text from the address, without what can't be in one."""
    return request.args.get(name, "").replace("\0", "")[:most].strip()


def file(table: Iterable[Sequence[Value]], title: str, form: str) -> Response:
    """Send a table, its heads first, as CSV a piece at a time or as XLSX; it is named by its title, the edition and the day there."""
    edition = g.get("edition")
    body: Any = packed(table, title) if form == "xlsx" else stream_with_context(written(table))
    response = Response(body, mimetype=FORMS[form])
    where, zone = (f"-{edition.slug}", edition.zone) if edition else ("", "UTC")
    name = f"{title.lower().replace(' ', '-')}{where}-{clock.today(zone)}.{form}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
