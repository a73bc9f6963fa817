"""Which people of an edition are shown, and how: read from an address, written into one, turned into conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, select, true

from lms.core import clock
from lms.core.domain import Enrolment, EnrolmentState, Gender, Person, Role, Sector
from lms.core.names import plain
from lms.core.viewer import EditionInfo
from lms.people import stages

SORTS = ("name", "joined", "seen", "average")
FALLING = ("joined", "seen", "average")  # a first click on these heads shows the newest or highest first
ROWS = (50, 200)
RECENT_DAYS = 8
RECENT = timedelta(days=RECENT_DAYS)
ACTIVITY = (("recent", f"in the last {RECENT_DAYS} days"), ("away", f"not for {RECENT_DAYS} days"))
LONGEST = 100
MOST_WORDS = 6
PRIVATE = ("state", "country", "gender", "sector")  # what tutors neither see nor choose by


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list; a `private` one is for administrators."""

    key: str
    label: str
    private: bool = False
    usual: bool = True
    sort: str = ""
    number: bool = False


COLUMNS = (
    Column("email", "E-mail", private=True, usual=False),
    Column("role", "Role"),
    Column("state", "State", private=True, usual=False),
    Column("country", "Country", private=True),
    Column("gender", "Gender", private=True, usual=False),
    Column("sector", "Sector", private=True, usual=False),
    Column("institution", "Institution", private=True),
    Column("joined", "Joined", sort="joined", usual=False),
    Column("seen", "Last seen", sort="seen"),
    Column("so_far", "So far, %", number=True),
    Column("average", "Final average, %", sort="average", number=True),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The words of a search, a value for each filter, the order (falling after a minus sign) and the columns."""

    q: str = ""
    role: str = ""
    state: str = ""
    country: str = ""
    gender: str = ""
    sector: str = ""
    activity: str = ""
    stage: str = ""
    sort: str = SORTS[0]
    columns: tuple[str, ...] = ()
    rows: int = ROWS[0]

    @property
    def key(self) -> str:
        """What gives the order."""
        return self.sort.lstrip("-")

    @property
    def falling(self) -> bool:
        """Whether the highest or newest come first."""
        return self.sort.startswith("-")

    @property
    def filtered(self) -> bool:
        """Whether some people are left out."""
        return any((self.q, self.role, self.state, self.country, self.gender, self.sector, self.activity, self.stage))

    def toggled(self, key: str) -> str:
        """Give the sort that a click on a column's head asks for."""
        first, other = (f"-{key}", key) if key in FALLING else (key, f"-{key}")
        return other if self.sort == first else first

    def arguments(self, **changed: Any) -> dict[str, Any]:
        """Give the choice as arguments of an address, without what goes without saying."""
        wanted, usual = replace(self, **changed), Choice()
        return {f.name: value for f in fields(Choice) if (value := getattr(wanted, f.name)) != getattr(usual, f.name)}


def chosen(
    arguments: Mapping[str, str], columns: Sequence[str], codes: Sequence[str], keys: Sequence[str], *, private: bool
) -> Choice:
    """Read a choice from an address; what makes no sense there, or is not the viewer's to ask, counts as not said."""
    allowed: dict[str, Sequence[str]] = {
        "role": tuple(Role),
        "state": tuple(EnrolmentState),
        "country": codes,
        "gender": tuple(Gender),
        "sector": tuple(Sector),
        "activity": [key for key, _ in ACTIVITY],
        "stage": keys,
        "sort": [*SORTS, *(f"-{key}" for key in SORTS)],
        "rows": [str(number) for number in ROWS],
    }
    found: dict[str, Any] = {name: value for name, values in allowed.items() if (value := arguments.get(name, "")) in values}
    if not private:
        found = {name: value for name, value in found.items() if name not in PRIVATE}
    if "rows" in found:
        found["rows"] = int(found["rows"])
    known = [column.key for column in offered(private=private)]
    return Choice(
        q=arguments.get("q", "").replace("\0", "")[:LONGEST].strip(),
        columns=tuple(key for key in known if key in columns),
        **found,
    )


def offered(*, private: bool) -> tuple[Column, ...]:
    """List the columns that a viewer can choose."""
    return tuple(column for column in COLUMNS if private or not column.private)


def shown(choice: Choice, *, private: bool) -> tuple[Column, ...]:
    """List the columns that a choice shows: those it names, or the usual ones."""
    return tuple(c for c in offered(private=private) if (c.key in choice.columns if choice.columns else c.usual))


def conditions(edition: EditionInfo, choice: Choice, *, private: bool) -> Iterator[ColumnElement[bool]]:
    """Turn a choice into conditions on `Enrolment`; tutors meet only people whose place is confirmed."""
    yield Enrolment.edition_id == edition.id
    if not private:
        yield Enrolment.state == EnrolmentState.CONFIRMED
    for name in ("role", *PRIVATE):
        if value := getattr(choice, name):
            yield getattr(Enrolment, name) == value
    if choice.activity:
        since = clock.now() - RECENT
        yield Enrolment.seen_at >= since if choice.activity == "recent" else Enrolment.seen_at < since
    if choice.stage:
        yield next(stage.reached for stage in stages.stages(edition) if stage.key == choice.stage)
    if choice.q:
        yield _named(choice.q, private=private)


def _named(text: str, *, private: bool) -> ColumnElement[bool]:
    """Ask for every word of a text somewhere in the name; a text with an @ is an address, or a part of one, for administrators."""
    if private and "@" in text:
        address = Person.email.contains(text.lower(), autoescape=True)
        return Enrolment.person_id.in_(select(Person.id).where(address))
    words = plain(text).split()[:MOST_WORDS]
    return and_(true(), *(Enrolment.search_key.contains(word, autoescape=True) for word in words)) if words else false()
