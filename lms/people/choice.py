"""Which people of an edition are shown, and how: read from an address, written into one, turned into conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import ColumnElement, and_, false, select, true
from sqlalchemy.orm import aliased

from lms.core import clock, listing
from lms.core.db import db
from lms.core.domain import Enrolment, EnrolmentState, Gender, Person, Role, Sector
from lms.core.listing import Column, Listed
from lms.core.names import plain
from lms.core.reporting import Extra
from lms.core.slots import collect
from lms.core.viewer import EditionInfo
from lms.people import stages

SORTS = ("name", "joined", "seen", "average")
RECENT_DAYS = 8
RECENT = timedelta(days=RECENT_DAYS)
ACTIVITY = (("recent", f"in the last {RECENT_DAYS} days"), ("away", f"not for {RECENT_DAYS} days"))
MOST_WORDS = 6
FEW = 200
LAST = "\U0010ffff"
PRIVATE = ("state", "country", "gender", "sector")  # what tutors neither see nor choose by


WHO = (
    Column("email", "E-mail", private=True, usual=False),
    Column("role", "Role"),
    Column("state", "State", private=True, usual=False),
    Column("country", "Country", private=True),
    Column("gender", "Gender", private=True, usual=False),
    Column("sector", "Sector", private=True, usual=False),
    Column("institution", "Institution", private=True),
)
HOW = (
    Column("joined", "Joined", sort="joined", usual=False),
    Column("seen", "Last seen", sort="seen"),
    Column("so_far", "So far, %", number=True),
    Column("average", "Final average, %", sort="average", number=True),
)


@dataclass(frozen=True, slots=True)
class Choice(Listed):
    """The words of a search and a value for each filter, besides how the list is shown."""

    sort: str = SORTS[0]
    q: str = ""
    role: str = ""
    state: str = ""
    country: str = ""
    gender: str = ""
    sector: str = ""
    activity: str = ""
    stage: str = ""
    falls_first: ClassVar[tuple[str, ...]] = ("joined", "seen", "average")


def chosen(codes: Sequence[str], keys: Sequence[str], *, private: bool) -> Choice:
    """Read a choice from the address; what makes no sense there, or is not the viewer's to ask, counts as not said."""
    allowed: dict[str, Sequence[str]] = {
        "role": tuple(Role),
        "state": tuple(EnrolmentState),
        "country": codes,
        "gender": tuple(Gender),
        "sector": tuple(Sector),
        "activity": [key for key, _ in ACTIVITY],
        "stage": keys,
        "sort": listing.orders(SORTS),
    }
    found = listing.picked({name: values for name, values in allowed.items() if private or name not in PRIVATE})
    return Choice(q=listing.text("q"), columns=listing.columns(offered(private=private)), **found)


def offered(*, private: bool) -> tuple[Column, ...]:
    """List the columns that a viewer can choose; facts of other features are for administrators."""
    others = (Column(extra.key, extra.label, private=True, usual=False) for extra in extras())
    return tuple(column for column in (*WHO, *others, *HOW) if private or not column.private)


def extras() -> list[Extra]:
    """List the facts of other features that can be columns."""
    return collect("people.columns")


def conditions(edition: EditionInfo, choice: Choice, *, private: bool, apart: bool = False) -> Iterator[ColumnElement[bool]]:
    """Turn a choice into conditions on `Enrolment`; tutors meet only people whose place is confirmed.

    With the facts `apart`, an index that holds all of them finds who fits before anything else is asked.
    """
    facts = list(_facts(choice, private=private))
    yield Enrolment.edition_id == edition.id
    if apart and facts:
        other = aliased(Enrolment)
        yield Enrolment.id.in_(select(other.id).where(other.edition_id == edition.id, *(getattr(other, n) == v for n, v in facts)))
    else:
        yield from (getattr(Enrolment, name) == value for name, value in facts)
    if choice.activity:
        since = clock.now() - RECENT
        yield Enrolment.seen_at >= since if choice.activity == "recent" else Enrolment.seen_at < since
    if choice.stage:
        yield next(stage.reached for stage in stages.stages(edition) if stage.key == choice.stage)
    if choice.q:
        yield _named(choice.q, private=private)


def _facts(choice: Choice, *, private: bool) -> Iterator[tuple[str, str]]:
    if not private:
        yield "state", EnrolmentState.CONFIRMED
    yield from ((name, value) for name in ("role", *PRIVATE) if (value := getattr(choice, name)))


def _named(text: str, *, private: bool) -> ColumnElement[bool]:
    """Ask for every word of a text somewhere in the name; a text with an @ is an address for administrators, or its beginning or end."""
    if private and "@" in text:
        return _addressed(text.lower())
    words = plain(text).split()[:MOST_WORDS]
    return and_(true(), *(Enrolment.search_key.contains(word, autoescape=True) for word in words)) if words else false()


def _addressed(text: str) -> ColumnElement[bool]:
    """Ask for who has an address that begins with a text, or ends with one that begins with an @.

    Few are looked up first: the list is then read by who they are, and not passed over from its beginning.
    """
    matching = select(Person.id).where(Person.email.endswith(text, autoescape=True) if text.startswith("@") else begins(text))
    few = db.session.scalars(matching.limit(FEW + 1)).all()
    return Enrolment.person_id.in_(matching if len(few) > FEW else few)


def begins(text: str) -> ColumnElement[bool]:
    """Ask for addresses that begin with a text, in the way in which each kind of database uses an index for it."""
    if db.engine.dialect.name == "sqlite":
        return and_(Person.email >= text, Person.email < f"{text}{LAST}")
    return Person.email.startswith(text, autoescape=True)
