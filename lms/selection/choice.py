"""Which candidates of a run are shown: read from an address, turned into conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from lms.core import countries, listing
from lms.core.domain import Gender, Sector
from lms.core.listing import Listed
from lms.selection.models import SelectionPlace
from lms.selection.values import State

FILTERS = ("state", "country", "gender", "sector")


@dataclass(frozen=True, slots=True)
class Choice(Listed):
    """A value for each filter, besides how many rows there are; the order is that of the places."""

    sort: str = "place"
    state: str = ""
    country: str = ""
    gender: str = ""
    sector: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Give the filters as conditions."""
        for name in FILTERS:
            if value := getattr(self, name):
                yield getattr(SelectionPlace, name) == value


def chosen() -> Choice:
    """Read what the address asks for; what makes no sense counts as not said."""
    return Choice(**listing.picked({"state": tuple(State), "country": countries.ALL, "gender": tuple(Gender), "sector": tuple(Sector)}))
