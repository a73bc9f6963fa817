"""Forms about editions: setting one up, cloning, more time, the preview, the closing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from wtforms import BooleanField, DecimalField, Field, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError

from lms.core import clock, countries
from lms.core.forms import NEEDED, Form, day, line, paragraphs
from lms.editions.rules import Faulty, Plan
from lms.editions.values import ModuleDays

WHOLE = "Please give a whole number."


def _whole(_form: object, field: Field) -> None:
    if field.process_errors:
        field.errors = []
        raise StopValidation(WHOLE)


class SetUp(Form):
    """What an edition is made of."""

    version = HiddenField("This page is out of date")
    title = line("Title", most=120, hint="Such as First edition, 2027.")
    slug = line("Address", most=60, hint="The pages of the edition begin with /e/ and this: small letters, digits and hyphens.")
    starts_on = day("First day")
    ends_on = day("Last day")
    zone = line("Time zone", most=60, hint="Days begin and end at midnight there. Such as Asia/Singapore.")
    pass_mark = DecimalField("Pass mark in percent", [InputRequired(NEEDED)], description="The final average a certificate takes.")
    registration_opens = day("Registration opens on")
    registration_closes = day("Last day of registration")
    by_decision = BooleanField("Administrators decide who gets a place", description="Otherwise it is whoever registers in time.")
    countries = paragraphs("Countries", most=10_000, required=False, hint="One a line, by name or code. Empty means all countries.")
    attempts = IntegerField("Attempts at every quiz", [Optional(), _whole])
    demo = BooleanField("This is a demonstration", description="Certificates are specimens, and mail needs no server.")

    def validate_zone(self, field: Field) -> None:
        """Refuse a zone that nobody knows."""
        if field.data not in available_timezones():
            message = "There is no such time zone. It is a name such as Asia/Singapore."
            raise ValidationError(message)

    def validate_pass_mark(self, field: Field) -> None:
        """Refuse what is no percentage."""
        if field.data is None or not field.data.is_finite():
            message = "Please give a number from 0 to 100."
            raise ValidationError(message)

    def validate_countries(self, field: Field) -> None:
        """Refuse a country that nobody knows."""
        if unknown := [text for text, code in _codes(field.data) if code is None]:
            message = f"Not a country: {', '.join(unknown[:5])}. Please write the name as the list of countries has it, or its code."
            raise ValidationError(message)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Put every fault of a plan beside its field."""
        with super().refusals():
            try:
                yield
            except Faulty as error:
                for name, words in error.faults[1:]:
                    self[name].errors = [*self[name].errors, words]
                raise

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


def set_up(modules: Sequence[ModuleDays], own: Iterable[int], plan: Plan | None = None, version: int = 0) -> SetUp:
    """Make the form for the modules of a course, filled in from a plan; `own` are the attempts that its quizzes allow."""
    fields: dict[str, Any] = {}
    for module in modules:
        fields[f"opens_{module.slug}"] = IntegerField(f"{module.title}: opens on day", [InputRequired(NEEDED), _whole])
        fields[f"closes_{module.slug}"] = IntegerField(f"{module.title}: last day", [Optional(), _whole])
    form: SetUp = type("SetUpOfCourse", (SetUp,), fields)(data=_data(plan, version) if plan else None)
    rule = " or ".join(sorted({str(count) for count in own}))
    form.attempts.description = f"Empty means the course's own rule: {rule}." if rule else "Empty means the course's own rule."
    return form


def _data(plan: Plan, version: int) -> dict[str, Any]:
    same = ("title", "slug", "starts_on", "ends_on", "zone", "pass_mark", "attempts", "demo", "by_decision")
    found: dict[str, Any] = {name: getattr(plan, name) for name in same} | {"version": str(version)}
    found["pass_mark"] = plan.pass_mark.normalize()
    found["countries"] = "\n".join(countries.name(code) for code in plan.countries)
    found["registration_opens"], found["registration_closes"] = _registration_days(plan)
    for slug, (opens, closes) in plan.schedule.items():
        found |= {f"opens_{slug}": opens + 1, f"closes_{slug}": None if closes is None else closes + 1}
    return found


def _registration_days(plan: Plan) -> tuple[date, date]:
    opens, closes = plan.registration_opens_at, plan.registration_closes_at - timedelta(microseconds=1)
    return opens.astimezone(ZoneInfo(plan.zone)).date(), closes.astimezone(ZoneInfo(plan.zone)).date()


def plan_of(form: SetUp, modules: Sequence[ModuleDays], stored: Plan | None = None) -> Plan:
    """Give what a valid form says; moments whose days are as they are `stored` stay as they are."""
    zone, values = form.zone.data or "", form.data
    days = values["registration_opens"], values["registration_closes"]
    moments: tuple[datetime, datetime] = clock.day_starts(days[0], zone), clock.day_starts(days[1] + timedelta(days=1), zone)
    if stored and stored.zone == zone:
        kept = zip(days, _registration_days(stored), (stored.registration_opens_at, stored.registration_closes_at), moments, strict=True)
        moments = tuple(was if given == before else moment for given, before, was, moment in kept)  # type: ignore[assignment]
    same = ("title", "slug", "starts_on", "ends_on", "pass_mark", "attempts", "demo", "by_decision")
    return Plan(
        **{name: values[name] for name in same},
        zone=zone,
        countries=tuple(dict.fromkeys(code for _, code in _codes(form.countries.data) if code)),
        registration_opens_at=moments[0],
        registration_closes_at=moments[1],
        schedule={module.slug: _days(values, module.slug) for module in modules},
    )


def _days(values: Mapping[str, Any], slug: str) -> tuple[int, int | None]:
    closes = values[f"closes_{slug}"]
    return values[f"opens_{slug}"] - 1, None if closes is None else closes - 1


def _codes(text: str | None) -> Iterator[tuple[str, str | None]]:
    known = {countries.name(code).casefold(): code for code in countries.ALL} | {code.casefold(): code for code in countries.ALL}
    for row in (text or "").splitlines():
        if row.strip():
            yield row.strip(), known.get(row.strip().casefold())


class Clone(Form):
    """An edition like another one, from another day on."""

    title = line("Title", most=120)
    slug = line("Address", most=60, hint="The pages of the edition begin with /e/ and this: small letters, digits and hyphens.")
    starts_on = day("First day", hint="All other dates move by as many days.")


class Look(Form):
    """A date on which to see the course."""

    on = day("See the course as a learner on")


class Closing(Form):
    """The closing, with the numbers of the dry run that was shown."""

    shown = HiddenField("The numbers")

    @property
    def numbers(self) -> list[int]:
        """The numbers, as far as they are any."""
        parts = (self.shown.data or "").split(",")
        return [int(part) if part.isascii() and part.isdigit() and len(part) < 10 else -1 for part in parts]  # noqa: PLR2004 - no such counts


class MoreTimeForm(Form):
    """More time for a learner or for a country."""

    learner = line("E-mail address of a learner", most=254, required=False, hint="For one person. For a whole country leave it empty.")
    country = SelectField("Country", validate_choice=True)
    module = SelectField("Module")
    hours = IntegerField("Hours more", [InputRequired(NEEDED), _whole], description="So much later than for others. Two days are 48 hours.")
    reason = line("Reason", most=300, hint="The learner reads it on the quiz page, colleagues in the list.")

    def offer(self, modules: Iterable[tuple[str, str]], codes: Iterable[str], *, all_modules: bool) -> None:
        """Offer the modules that the viewer looks after, and the countries that learners are of."""
        every = [SelectChoice("", "All modules")] if all_modules else []
        self.module.choices = [*every, *(SelectChoice(*pair) for pair in modules)]
        self.country.choices = [SelectChoice("", "No country"), *(SelectChoice(*pair) for pair in countries.choices(codes))]


def next_start(today: date) -> date:
    """Propose a first day: the Monday after four weeks."""
    later = today + timedelta(weeks=4)
    return later + timedelta(days=-later.weekday() % 7)
