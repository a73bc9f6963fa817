"""Plain values about questionnaires: what they ask, whom, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

Given = Mapping[str, int | str]


class Kind(StrEnum):
    """How an item is answered."""

    MATRIX = "matrix"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Option:
    """A row of a matrix, or a choice."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is asked; the rows of a matrix are each answered on its scale, worth 1, 2, … points from the left."""

    key: str
    kind: Kind
    label: str
    rows: tuple[Option, ...] = ()
    scale: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    least: int = 0
    most: int = 0
    required: bool = True

    @property
    def needed(self) -> bool:
        """Whether it has to be answered, as all rows of a matrix have: otherwise sums over several rows would tell who left one out."""
        return self.required or self.kind == Kind.MATRIX


@dataclass(frozen=True, slots=True)
class Template:
    """What a questionnaire begins with; `about` says whom it asks: 'day' those of its day, else the audience about the same."""

    name: str
    title: str
    minutes: int
    items: tuple[Item, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may answer, by enrolment. Slot `questionnaires.audiences`, called with an edition's id.

    `about` is what they are asked about unless somebody says otherwise: 'workshop', or 'day 2' for those who were there on that day.
    """

    name: str
    label: str
    members: Callable[[], tuple[int, ...]]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """A questionnaire as pages need it; `sealed` says that it is over and its answers can be looked at."""

    id: int
    edition_id: int
    template: str
    title: str
    minutes: int
    audience: str
    module: str
    day: int | None
    items: tuple[Item, ...]
    opens_at: datetime
    closes_at: datetime
    sealed: bool
    version: int

    def state(self, now: datetime) -> str:
        """Say where in its time it is."""
        if now < self.opens_at:
            return "planned"
        return "open" if now < self.closes_at else "closed"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of one person whom nobody knows: points by row, choices, numbers and texts by item."""

    id: str
    given: Given
    gender: str
    quotable: bool
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rate:
    """Satisfaction: points given of the points possible, by so many people; without points it is withheld."""

    key: str
    label: str
    given: int | None
    possible: int | None
    people: int

    @property
    def share(self) -> Fraction | None:
        """The points given for each point possible."""
        return Fraction(self.given, self.possible) if self.given is not None and self.possible else None


@dataclass(frozen=True, slots=True)
class Response:
    """How many of those asked have answered."""

    answered: int
    asked: int
