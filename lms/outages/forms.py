"""Forms about outages: one entered by hand, and the decision."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import InputRequired, StopValidation

from lms.core import countries
from lms.core.forms import NEEDED, Form, line, moment
from lms.outages.values import LONGEST_REASON, Approval, Entry


def _whole(_form: object, field: IntegerField) -> None:
    if field.process_errors:
        field.errors = []
        message = "Please give a whole number."
        raise StopValidation(message)


class EntryForm(Form):
    """An outage that was not detected."""

    since = moment("From")
    until = moment("Until")
    country = SelectField("Country", description="Where the network was down there alone.")
    note = line("What it was", most=200, required=False, hint="For your colleagues, such as: the network of a provider was down.")

    def offer(self, codes: Iterable[str]) -> None:
        """Offer the countries that learners are of."""
        self.country.choices = [SelectChoice("", "All countries"), *(SelectChoice(*pair) for pair in countries.choices(codes))]

    def entry(self, zone: str) -> Entry:
        """Give what was typed, whose moments are meant in a zone."""
        here = ZoneInfo(zone)
        since, until = (self[name].data.replace(tzinfo=here) for name in ("since", "until"))
        return Entry(since, until, self.country.data or None, self.note.data or "")


class Decide(Form):
    """More time for those who are affected, or none."""

    shown = HiddenField("This proposal is out of date")
    act = StringField("What to do")
    hours = IntegerField("Hours more", [InputRequired(NEEDED), _whole])
    reason = line("Reason", most=LONGEST_REASON, hint="Learners read it with their new date and in their mail.")

    @property
    def approval(self) -> Approval:
        """What was sent."""
        return Approval(self.hours.data or 0, self.reason.data or "", self.shown.data or "")

    @property
    def status(self) -> int:
        """409 for a proposal that is not the one shown, 422 for other faults."""
        return 409 if self.shown.errors else super().status
