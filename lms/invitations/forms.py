"""Forms about invitations: answers, what the journey needs, where and when the workshop is, and what administrators do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, Field, FileField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from lms.core.forms import NEEDED, FileForm, Form, day, line, paragraphs
from lms.invitations.rules import NEEDED as JOURNEY_NEEDS
from lms.invitations.rules import is_password
from lms.invitations.values import Act, GatheringInfo, Journey, Receiver

REASON = 500
WORDS = 1000
LONGEST = 10
MOST_DAYS = 90
OUT_OF_DATE = "This page is out of date"
VISA = {"": "Please choose", "no": "I need no visa", "yes": "I need a visa"}
LISTS = {
    Receiver.HOTEL: "Rooms, meals and access: nights, flights, diet, needs, whom to call in an emergency",
    Receiver.CONSULATE: "Passports and visas: name and number in the passport, days of travel",
}
DEEDS = {
    Act.ACCEPT: "Put down that they accept",
    Act.DECLINE: "Put down that they don't come",
    Act.CONFIRM: "Put down that they confirmed again",
    Act.ATTEND: "Put down that they were there",
    Act.MISS: "Put down that they were not there",
    Act.REPLACE: "Take the proposal back",
}


def whole(text: object) -> int:
    """Read a number that a page carries along as text; 0 for what can't be one."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= LONGEST else 0


class Declining(Form):
    """Not coming, and why."""

    reason = paragraphs("Why can't you come?", most=REASON, required=False, hint="A few words help us. Only administrators read them.")


class Versioned(Form):
    """A form about something that others may change meanwhile."""

    version = HiddenField(OUT_OF_DATE)

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


class Workshop(Versioned):
    """Where and when the workshop is, and by when what is needed."""

    title = line("Title", most=120, hint="Such as Regional workshop on trade in the digital age.")
    place = line("Place", most=200, hint="City and house, as a letter says it.")
    starts_on = day("First day")
    ends_on = day("Last day")
    answer_days = IntegerField(
        "Days to answer",
        [InputRequired(NEEDED), NumberRange(1, MOST_DAYS, f"Please give a whole number from 1 to {MOST_DAYS}.")],
        description="How long people usually have to accept or decline.",
    )
    freeze_on = day("Travel is booked on", hint="From this day on, a change of travel is a request that you decide about.")
    delete_on = day("Travel details are deleted on", hint="Passport, diet, access needs: all of it goes on this day.")
    automatic = BooleanField("Invite reserves at once when a seat becomes free", description="Otherwise they are proposed, and you send.")

    def info(self) -> GatheringInfo:
        """Give what a valid form says."""
        names = [name for name in GatheringInfo.__dataclass_fields__ if name != "version"]
        return GatheringInfo(**{name: self[name].data for name in names}, version=whole(self.version.data))


class Travel(Versioned):
    """What the journey needs."""

    passport_name = line("Name in your passport", most=120, required=False, hint="Exactly as it is printed there.")
    passport_number = line("Number of your passport", most=40, required=False)
    visa = SelectField("Visa", choices=[SelectChoice(*pair) for pair in VISA.items()], default="")
    arrives_on = day("You arrive on", required=False)
    arrival = line("Flight or train of arrival", most=120, required=False)
    leaves_on = day("You leave on", required=False)
    departure = line("Flight or train of departure", most=120, required=False)
    diet = line("Diet", most=200, required=False, hint="Such as vegetarian, halal, an allergy.")
    access = paragraphs("What you need to take part well", most=500, required=False, hint="Such as a ramp, a seat in front, captions.")
    emergency = line("Whom to call in an emergency", most=200, required=False, hint="A name and a number with country code.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show what is needed in the end as such, though it can be said later."""
        super().__init__(*args, **kwargs)
        for name in JOURNEY_NEEDS:
            self[name].render_kw = {"required": True}

    def journey(self) -> Journey:
        """Give what a valid form says."""
        return Journey(**{name: self[name].data for name in Journey.__dataclass_fields__})


class Page(FileForm):
    """A picture of the passport's page."""

    page = FileField("Picture of your passport's page")


class Sending(Form):
    """The last day to answer, words that go along, and what the preview showed."""

    answer_by = day("Last day to answer")
    words = paragraphs("Your own words", most=WORDS, required=False, hint="They go into every one of these mails.")
    shown = HiddenField(OUT_OF_DATE)

    @property
    def status(self) -> int:
        """409 for a preview that does not hold any more, 422 for other faults."""
        return 409 if self.shown.errors else super().status


class Doing(Form):
    """What an administrator puts down about one invitation."""

    act = SelectField("What", [DataRequired("Please choose one.")])
    reason = paragraphs("Why, or who said so", most=REASON, required=False)
    shown = HiddenField(OUT_OF_DATE)

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.shown.errors else super().status

    def offer(self, acts: Iterable[Act]) -> None:
        """Offer these acts."""
        self.act.choices = [SelectChoice("", "Please choose"), *(SelectChoice(act.value, DEEDS[act]) for act in acts)]


class Deciding(Form):
    """Granting or refusing a change of travel."""

    verdict = SelectField("Decision", choices=[SelectChoice("grant", "Make the change"), SelectChoice("refuse", "Leave it as it is")])
    words = paragraphs("Words to the traveller", most=WORDS, required=False)


class Taking(Form):
    """Taking a list for the journey: for whom, why, and the password that locks it."""

    receiver = RadioField("List", [DataRequired("Please choose one.")], choices=[SelectChoice(*pair) for pair in LISTS.items()])
    reason = line("Reason", most=REASON, hint="Such as the name of the hotel. Everybody on the list can read it.")
    password = line("Password of the file", most=40, hint="Write it down now: it is kept nowhere, and shown on this page alone.")

    def validate_password(self, field: Field) -> None:
        """Take passwords that were made here alone."""
        if not is_password(field.data or ""):
            message = "This is not the password that was shown. Use the new one."
            raise ValidationError(message)
