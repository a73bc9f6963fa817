"""Forms about applications: what applicants say, what administrators decide, the privacy notice."""

from __future__ import annotations

from wtforms import BooleanField, Field, FileField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import DataRequired, InputRequired, ValidationError

from lms.accounts.api import CHOOSE, CHOOSE_ONE, SECTORS, NewPerson, SignUp
from lms.applications import rules, sheets
from lms.applications.values import Answers, Decision
from lms.core import countries
from lms.core.forms import FileForm, Form, line, paragraphs, whole

LABELS = {
    Decision.CONFIRM: "Confirm: they have a place",
    Decision.WAITLIST: "Put on the wait-list",
    Decision.REJECT: "Reject",
    Decision.REOPEN: "Back to applied",
}
REASONS = {
    "": "No ready-made reason",
    "places": "More applications than places",
    "audience": "Not the audience of the course",
    "country": "The places of the country are taken",
    "incomplete": "The application says too little",
}
AGREE = "Please agree: without that we may not keep what you say."


class _Wishes(Form):
    """What every applicant is asked, and the consent to the privacy notice where there is one."""

    position = line("Your position", most=rules.POSITION, hint="Such as Deputy Director, Customs Modernisation.")
    motivation = paragraphs("Motivation", most=rules.MOTIVATION, hint=f"Why you, and what for. At most {rules.MOTIVATION:,} characters.")
    notice = HiddenField()
    agree = BooleanField("I have read the privacy notice and agree to it", [DataRequired(AGREE)])

    def ask_consent(self, version: int | None) -> None:
        """Ask for consent to a version of the notice, or not at all where there is none."""
        if version is None:
            del self.agree
        elif not self.is_submitted():
            self.notice.data = str(version)

    @property
    def agreed(self) -> int | None:
        """The version that was agreed to; `None` where none was asked for."""
        return whole(self.notice.data) if "agree" in self else None

    def ask_again(self, version: int | None) -> None:
        """Let the page that shows the form again carry the version that holds now."""
        if version is not None and self.agree.errors:
            self.notice.data, self.agree.data = str(version), False


class _Facts(Form):
    """Where an applicant comes from."""

    country = SelectField("Country", [DataRequired(CHOOSE_ONE)])
    sector = SelectField("Sector", [DataRequired(CHOOSE_ONE)], choices=SECTORS)
    institution = line("Institution or company", most=200)

    def offer(self, codes: tuple[str, ...]) -> None:
        """Offer these countries, or all of them if there are none."""
        self.country.choices = [CHOOSE, *(SelectChoice(*pair) for pair in countries.choices(codes or countries.ALL))]


class Registration(SignUp, _Wishes):
    """The application of somebody who has no account yet."""

    def person(self, zone: str) -> NewPerson:
        """Give the account that is to be made."""
        names = ("email", "password", "name", "printed_name", "gender", "country", "sector", "institution")
        return NewPerson(**{name: self[name].data for name in names}, zone=zone)


class Joining(_Facts, _Wishes):
    """The application of somebody who is signed in."""


class Change(_Facts):
    """A change of one's own application."""

    position = line("Your position", most=rules.POSITION)
    motivation = paragraphs("Motivation", most=rules.MOTIVATION, hint=f"At most {rules.MOTIVATION:,} characters.")
    version = HiddenField("This page is out of date")

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


def answers(form: Registration | Joining | Change) -> Answers:
    """Give what a valid form says of an application."""
    return Answers(**{name: form[name].data or "" for name in Answers.__dataclass_fields__})


class Deciding(Form):
    """A decision about some applications or all that match, with the words that go along, and what the preview showed."""

    decision = SelectField("Decision", [DataRequired(CHOOSE_ONE)], choices=[SelectChoice(key.value, text) for key, text in LABELS.items()])
    reason = SelectField("Ready-made reason", choices=[SelectChoice(*pair) for pair in REASONS.items()], default="")
    words = paragraphs("Your own words", most=rules.WORDS, required=False, hint="They go into every one of these mails.")
    scope = HiddenField()
    shown = HiddenField("This page is out of date")

    @property
    def said(self) -> str:
        """The reason and the words together."""
        return rules.letter_words(self.reason.data or "", self.words.data or "")

    @property
    def status(self) -> int:
        """409 for a preview that does not hold any more, 422 for other faults."""
        return 409 if self.shown.errors else super().status

    def validate_scope(self, field: Field) -> None:
        """Take nothing but the two that there are."""
        if field.data not in {"", "all", "ticked", None}:
            message = "Please choose the ticked ones or all."
            raise ValidationError(message)


class Upload(FileForm):
    """A file of nominees."""

    file = FileField("File", render_kw={"required": True})


class Reading(Form):
    """How a file is to be read."""

    encoding = SelectField("Encoding", [DataRequired(CHOOSE_ONE)], choices=[SelectChoice(*pair) for pair in sheets.ENCODINGS.items()])
    separator = SelectField(
        "Between the cells stands a", [InputRequired(CHOOSE_ONE)], choices=[SelectChoice(*pair) for pair in sheets.SEPARATORS.items()]
    )


class NoticeForm(Form):
    """A new version of the privacy notice; `before` is the one that its author has read."""

    text = paragraphs("Text", most=60_000, hint="Markdown. Everybody can read it; earlier versions stay readable.")
    before = HiddenField()
