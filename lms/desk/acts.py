"""The record of acts as administrators read it: chosen by who, what, about whom, when and words; in pages and as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, literal, select, tuple_, union
from sqlalchemy.orm import aliased

from lms.core import audit, clock, listing
from lms.core.audit import AuditEntry, Sighting
from lms.core.db import Moment, db
from lms.core.domain import Edition, Enrolment, Person
from lms.core.listing import Listed
from lms.core.names import plain
from lms.core.spreadsheet import Value

BATCH = 2000
UNTOLD = frozenset({"people", "enrolment_id", "filter"})  # told in a column of their own, or by a number that says nothing
PLATFORM = "the platform"


@dataclass(frozen=True, slots=True)
class Choice(Listed):
    """Which acts: by whom, of what kind, about whom, from a day to a day, with what words in the details."""

    sort: str = "-at"
    who: str = ""
    action: str = ""
    whom: str = ""
    since: str = ""
    until: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """An act of the staff, or of somebody about their own account."""

    id: int
    at: datetime
    actor: str | None
    role: str
    action: str
    about: str | None
    edition: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of acts, newest first; `before` is the act from which the next page goes on, if there is one."""

    acts: tuple[Act, ...]
    before: int | None


def chosen(kinds: Mapping[str, str]) -> Choice:
    """Read a choice from the address; what makes no sense there counts as not said."""
    words: dict[str, Any] = {name: listing.text(name) for name in ("who", "whom", "q")}
    days: dict[str, Any] = {name: _day(listing.text(name)) for name in ("since", "until")}
    return Choice(**listing.picked({"action": kinds.keys()}), **words, **days)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def page(edition_id: int | None, zone: str, choice: Choice, before: int | None = None) -> Page:
    """Read a page of an edition's acts, or of the whole installation's."""
    found = [Act(*row) for row in db.session.execute(rows(edition_id, zone, choice, before).limit(choice.rows + 1))]
    return Page(tuple(found[: choice.rows]), found[choice.rows - 1].id if len(found) > choice.rows else None)


def every_act(edition_id: int | None, zone: str, choice: Choice, but: int | None = None) -> Iterator[Act]:
    """Read all acts of a choice `but` one, a batch at a time."""
    before: int | None = None
    while True:
        query = rows(edition_id, zone, choice, before).where(AuditEntry.id.is_distinct_from(but))
        found = [Act(*row) for row in db.session.execute(query.limit(BATCH))]
        yield from found
        if len(found) < BATCH:
            return
        before = found[-1].id


def rows(edition_id: int | None, zone: str, choice: Choice, before: int | None = None) -> Select[*tuple[Any, ...]]:
    """Select the acts of a choice, newest first, from an act on; every order is that of an index."""
    about = aliased(Person)
    facts = (AuditEntry.role, AuditEntry.action, about.name, Edition.title, AuditEntry.detail)
    query = (
        select(AuditEntry.id, AuditEntry.at, Person.name, *facts)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .outerjoin(about, about.id == AuditEntry.about_id)
        .outerjoin(Edition, Edition.id == AuditEntry.edition_id)
        .where(*_conditions(edition_id, zone, choice))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    at = db.session.scalar(select(AuditEntry.at).where(AuditEntry.id == before)) if before else None
    return query if at is None else query.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(literal(at, Moment), literal(before)))


def _conditions(edition_id: int | None, zone: str, choice: Choice) -> Iterator[ColumnElement[bool]]:
    if edition_id is not None:
        yield AuditEntry.edition_id == edition_id
    if choice.action:
        yield AuditEntry.action == choice.action
    if choice.who:
        yield AuditEntry.actor_id.in_(_people(choice.who))
    if choice.whom:
        about = select(AuditEntry.id).where(AuditEntry.about_id.in_(_people(choice.whom)))
        seen = select(Sighting.entry_id).where(Sighting.person_id.in_(_people(choice.whom)))
        yield AuditEntry.id.in_(union(about, seen))
    if choice.since:
        yield AuditEntry.at >= clock.day_starts(date.fromisoformat(choice.since), zone)
    if choice.until:
        yield AuditEntry.at < clock.day_starts(date.fromisoformat(choice.until) + timedelta(days=1), zone)
    if choice.q:  # the database keeps details as JSON, in which other scripts are written by their numbers
        yield cast(AuditEntry.detail, Text).icontains(json.dumps(choice.q)[1:-1], autoescape=True)


def _people(text: str) -> Select[*tuple[Any, ...]]:
    """Select who has this address, or each of these words somewhere in the name."""
    if "@" in text:
        return select(Person.id).where(Person.email == text.lower())
    words = plain(text).split()
    named = and_(*(Enrolment.search_key.contains(word, autoescape=True) for word in words)) if words else false()
    administrators = Person.administrator & Person.name.icontains(text, autoescape=True)
    found = union(select(Enrolment.person_id.label("id")).where(named), select(Person.id).where(administrators)).subquery()
    return select(found.c.id)


def heads(*, everywhere: bool) -> tuple[str, ...]:
    """Name the columns; that of the edition only where there are several."""
    return ("When", "Who", "Role", "Act", "About whom", *(("Edition",) if everywhere else ()), "Details")


def cells(act: Act, zone: str, *, everywhere: bool) -> tuple[Value, ...]:
    """Give an act as it is shown; page and file both take it from here."""
    count = act.detail.get("people", 0)
    about = act.about or ("" if not count else "1 person" if count == 1 else f"{count} people")
    when = f"{act.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    where = (act.edition or "",) if everywhere else ()
    return (when, act.actor or PLATFORM, act.role, audit.in_words(act.action), about, *where, told(act.detail))


def told(detail: Mapping[str, Any]) -> str:
    """Say the details of an act in words."""
    parts = [f"{key.replace('_', ' ')}: {text}" for key, value in detail.items() if key not in UNTOLD and (text := _text(value))]
    parts += [f"only {_text(detail['filter'])}"] if detail.get("filter") else []
    return "; ".join(parts).removeprefix("what: ")


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key.replace('_', ' ')} {text}" for key, item in value.items() if (text := _text(item)))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
