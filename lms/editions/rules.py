"""When people may join an edition, how its modules' days become moments, and what may be set up and changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from lms.core import clock
from lms.core.domain import EditionState
from lms.core.errors import DomainError
from lms.editions.values import ModuleDays

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60
LAST_DAY = 999
MOST_ATTEMPTS = 100
MOST_HOURS = 24 * 90
TAKEN_SLUGS = frozenset({"new"})
Days = tuple[int, int | None]
Fault = tuple[str, str]


class Faulty(DomainError):
    """A plan has faults; each belongs to a field."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0][1], field=faults[0][0])
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edition is made of, as a form gives it; `countries` are ISO 3166 codes, none for all, days count from 0."""

    slug: str
    title: str
    starts_on: date
    ends_on: date
    zone: str
    pass_mark: Decimal
    countries: tuple[str, ...]
    registration_opens_at: datetime
    registration_closes_at: datetime
    attempts: int | None
    schedule: Mapping[str, Days]
    demo: bool
    by_decision: bool


def may_register(state: str, opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Tell whether registration is open at `now`."""
    return state == EditionState.OPEN and opens_at <= now < closes_at


def may_wait(state: str, closes_at: datetime, over_at: datetime, now: datetime) -> bool:
    """Tell whether who comes too late can still be put on the wait-list, where administrators decide about places."""
    return state == EditionState.OPEN and closes_at <= now < over_at


@lru_cache(maxsize=4096)
def day_begins(starts_on: date, zone: str, day: int) -> datetime:
    """Give the moment at which the `day`-th day after the start begins in the edition's zone."""
    return clock.day_starts(starts_on + timedelta(days=day), zone)


def day_ends(starts_on: date, zone: str, day: int) -> datetime:
    """Give the moment at which the `day`-th day after the start is over in the edition's zone."""
    return day_begins(starts_on, zone, day + 1)


def faults(plan: Plan) -> Iterator[Fault]:
    """Say what is wrong with a plan: (field, words)."""
    if not SLUG.fullmatch(plan.slug) or len(plan.slug) > LONGEST_SLUG or plan.slug in TAKEN_SLUGS:
        yield "slug", f"Please use small letters, digits and single hyphens, at most {LONGEST_SLUG}, such as first-2027."
    if plan.zone not in available_timezones():
        yield "zone", "There is no such time zone. It is a name such as Asia/Singapore."
    if plan.ends_on < plan.starts_on:
        yield "ends_on", "The edition would end before it starts."
    if plan.registration_closes_at <= plan.registration_opens_at:
        yield "registration_closes", "Registration would close before it opens."
    if plan.attempts is not None and not 1 <= plan.attempts <= MOST_ATTEMPTS:
        yield "attempts", f"Please give a number from 1 to {MOST_ATTEMPTS}, or leave it empty."
    if not 0 <= plan.pass_mark <= 100:  # noqa: PLR2004 - a percentage
        yield "pass_mark", "Please give a number from 0 to 100."
    for slug, days in plan.schedule.items():
        yield from _day_faults(slug, days, (plan.ends_on - plan.starts_on).days)


def _day_faults(slug: str, days: Days, last: int) -> Iterator[Fault]:
    opens, closes = days
    for field, day in ((f"opens_{slug}", opens), (f"closes_{slug}", closes)):
        if day is not None and not 0 <= day <= LAST_DAY:
            yield field, f"Please give a day from 1 to {LAST_DAY + 1}."
        elif day is not None and 0 <= last < day:
            yield field, f"Day {day + 1} is outside the edition: its last day is day {last + 1}."
    if closes is not None and closes < opens:
        yield f"closes_{slug}", "The module would close before it opens."


def outside(modules: Sequence[ModuleDays], schedule: Mapping[str, Days], last: int) -> list[str]:
    """Name the modules that would open or close after the last day of an edition, counted from 0."""
    found = []
    for module in modules:
        opens, closes = schedule.get(module.slug, (module.opens, module.closes))
        if max(opens, closes or 0) > last:
            found.append(module.title)
    return found


def taken_away(before: Plan, after: Plan, own_attempts: Collection[int]) -> Iterator[Fault]:
    """Say what a change of an open edition would take from its learners: (field, words); `own_attempts` are those of the quizzes."""
    fixed = {"slug": "address", "starts_on": "first day", "zone": "time zone", "pass_mark": "pass mark", "demo": "demonstration"}
    for field, called in fixed.items():
        if getattr(before, field) != getattr(after, field):
            yield field, f"The edition is open, so its {called} stays as it is."
    if after.ends_on < before.ends_on:
        yield "ends_on", f"The edition is open, so it can only end later than {before.ends_on:%d %B %Y}, not earlier."
    if after.registration_opens_at > before.registration_opens_at:
        yield "registration_opens", "The edition is open, so registration can't open later than was said."
    if after.registration_closes_at < before.registration_closes_at:
        yield "registration_closes", "The edition is open, so registration can only be longer."
    if after.countries and (not before.countries or set(before.countries) - set(after.countries)):
        yield "countries", "The edition is open, so countries can be added and none taken away."
    if after.attempts != before.attempts and _fewest(after.attempts, own_attempts) < _most(before.attempts, own_attempts):
        yield "attempts", "The edition is open, so there can only be more attempts."
    yield from _earlier(before.schedule, after.schedule)


def _fewest(attempts: int | None, own: Collection[int]) -> int:
    return min(own, default=0) if attempts is None else attempts


def _most(attempts: int | None, own: Collection[int]) -> int:
    return max(own, default=0) if attempts is None else attempts


def _earlier(before: Mapping[str, Days], after: Mapping[str, Days]) -> Iterator[Fault]:
    for slug, (opened, closed) in before.items():
        opens, closes = after.get(slug, (opened, closed))
        if opens > opened:
            yield f"opens_{slug}", f"The edition is open, so the module can't open later than on day {opened + 1}."
        if closes is not None and (closed is None or closes < closed):
            yield f"closes_{slug}", "The edition is open, so the module can only stay open longer."


def differences(before: Plan, after: Plan) -> dict[str, list[Any]]:
    """Give what a change changes: the value before and after by field, fit for the record."""
    pairs = {f.name: [_plain(getattr(before, f.name)), _plain(getattr(after, f.name))] for f in fields(Plan)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {slug: list(days) for slug, days in value.items()}
    return f"{value.normalize():f}" if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value


def shifted(plan: Plan, slug: str, title: str, starts_on: date) -> Plan:
    """Give the plan of a clone that starts on another day: all else moves with the start, in the days of the zone."""
    by, zone = starts_on - plan.starts_on, ZoneInfo(plan.zone)
    opens, closes = ((at.astimezone(zone) + by).astimezone(UTC) for at in (plan.registration_opens_at, plan.registration_closes_at))
    named = replace(plan, slug=slug, title=title, starts_on=starts_on, ends_on=plan.ends_on + by)
    return replace(named, registration_opens_at=opens, registration_closes_at=closes)
