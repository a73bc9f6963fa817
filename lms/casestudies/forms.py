"""Forms about case studies: handing in, grading, settling, and the words of the rubric."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, Field, FileField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import DataRequired, ValidationError

from lms.casestudies import rules
from lms.casestudies.rules import Criterion
from lms.casestudies.values import Announced, Assessment, Phrase, Text
from lms.core.forms import FileForm, Form, line, paragraphs, whole

LONGEST = 10
NOT_YET = "0"
SHOWN = 100
INSERTED = "A comment of the bank is inserted. It is not saved yet."


class HandIn(FileForm):
    """A case study as its author hands it in."""

    module = SelectField("Module", [DataRequired("Please choose a module.")])
    title = line("Title", most=rules.TITLE)
    summary = paragraphs("Summary", most=rules.SUMMARY, hint="What the case is, what was done, and what others can learn from it.")
    slides = FileField("Slides")
    upload = HiddenField("Slides that have arrived")
    version = HiddenField("This page is out of date")

    def offer(self, modules: Sequence[tuple[str, str]]) -> None:
        """Offer these modules, by slug and title."""
        self.module.choices = [SelectChoice("", "Choose one"), *(SelectChoice(*pair) for pair in modules)]

    @property
    def text(self) -> Text:
        """What a valid form says."""
        return Text(self.module.data or "", self.title.data or "", self.summary.data or "")

    @property
    def status(self) -> int:
        """409 for a page that was out of date, otherwise that of its other faults."""
        return 409 if self.version.errors else super().status


class Announcing(Form):
    """A file that a script is about to send in parts."""

    name = line("Name", most=255)
    size = line("Size", most=LONGEST)
    stamp = line("Changed", most=20, required=False)

    @property
    def announced(self) -> Announced:
        """What a valid form says."""
        return Announced(self.name.data or "", whole(self.size.data), self.stamp.data or "")


class PartForm(Form):
    """Where a part of a file belongs."""

    upload = line("Upload", most=LONGEST)
    start = line("Start", most=LONGEST)


class Grading(Form):
    """What an assessor finds; a form for a rubric has a field for each of its criteria."""

    comment = paragraphs("Comment for the author", most=rules.COMMENT, required=False)
    keep = BooleanField("Keep this comment in my comment bank")
    phrase = SelectField("From the comment bank", default=NOT_YET, validate_choice=False)
    insert = StringField("Insert")  # a button's name, as the next one
    version = HiddenField("This page is out of date")
    final = StringField("How it stands")  # a button's name: a hidden field would come first and speak in its place

    def levels(self) -> list[RadioField]:
        """Give the fields of the criteria, in order."""
        return [field for field in self if field.name.startswith("level_")]

    def offer(self, phrases: Sequence[Phrase]) -> None:
        """Offer these comments to be inserted; a script finds the whole of each beside its beginning."""
        self.texts = {str(one.id): one.text for one in phrases}
        shown = [(one, " ".join(one.text.split())) for one in phrases]
        cut = [(one, words if len(words) <= SHOWN else f"{words[:SHOWN]}…") for one, words in shown]
        offered = [SelectChoice(str(one.id), words, {"data-text": one.text}) for one, words in cut]
        self.phrase.choices = [SelectChoice(NOT_YET, "Choose a comment"), *offered]

    def put_in(self) -> None:
        """Add the chosen comment to what is typed; it is not saved with that."""
        chosen = self.texts.get(self.phrase.data, "")
        if not chosen:
            self.phrase.errors = ["Please choose one of the comments."]
            return
        self.comment.data = f"{self.comment.data or ''}\n{chosen}".strip()
        self.comment.description, self.phrase.data = INSERTED, NOT_YET

    @property
    def wanted(self) -> Assessment:
        """What a valid form says."""
        levels = tuple(whole(field.data) for field in self.levels())
        return Assessment(levels, self.comment.data or "", self.final.data == "yes", whole(self.version.data))

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


def grading(criteria: Sequence[Criterion], found: Assessment | None) -> Grading:
    """Make the form for a rubric, filled in with what was found so far."""
    fields = {
        f"level_{number}": RadioField(criterion.title, choices=_choices(criterion), default=NOT_YET)
        for number, criterion in enumerate(criteria)
    }
    data: dict[str, Any] = {"version": str(found.version if found else 0)}
    if found:
        data |= {"comment": found.comment, **{f"level_{number}": str(level) for number, level in enumerate(found.levels)}}
    made: Grading = type("GradingOfRubric", (Grading,), fields)(data=data)
    return made


def _choices(criterion: Criterion) -> list[SelectChoice]:
    return [SelectChoice(NOT_YET, "Not yet"), *(SelectChoice(str(n), f"{n}: {level}") for n, level in enumerate(criterion.levels, 1))]


class PhraseForm(Form):
    """A comment for the bank."""

    comment = paragraphs("Comment", most=rules.PHRASE, hint="What you write often, in words that fit any case study.")
    shared = BooleanField("Share it with the other staff of this edition")


class Settling(Form):
    """The score on which assessors agree who are far apart."""

    score = line("Score", most=8, hint="From 0 to 100.")
    why = paragraphs("Why", most=rules.COMMENT, hint="The author reads it.")

    def validate_score(self, field: Field) -> None:
        """Take a number alone."""
        try:
            self.value = Decimal((field.data or "").replace(",", "."))
        except InvalidOperation as error:
            message = "Please write a number such as 62.5."
            raise ValidationError(message) from error
        if not self.value.is_finite():
            message = "Please write a number such as 62.5."
            raise ValidationError(message)


class RubricForm(Form):
    """The words of the rubric: a title and five lines for each criterion."""

    version = HiddenField("This page is out of date")

    def criteria(self) -> list[Criterion]:
        """Give what a valid form says."""
        numbers = range(rules.CRITERIA)
        return [Criterion(self[f"title_{n}"].data, tuple(words(self[f"levels_{n}"].data))) for n in numbers]

    def pairs(self) -> list[tuple[Field, Field]]:
        """Give the title and the levels of each criterion."""
        return [(self[f"title_{n}"], self[f"levels_{n}"]) for n in range(rules.CRITERIA)]

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


def words(text: str | None) -> list[str]:
    """Give the lines that are not empty."""
    return [part.strip() for part in (text or "").splitlines() if part.strip()]


def _five(_form: object, field: Field) -> None:
    found = words(field.data)
    if len(found) != rules.LEVELS or max(map(len, found)) > rules.WORDS:
        message = f"Please write {rules.LEVELS} lines, the lowest level first, each of at most {rules.WORDS} characters."
        raise ValidationError(message)


def rubric_form(criteria: Sequence[Criterion], version: int) -> RubricForm:
    """Make the form, filled in with the rubric as it is."""
    fields: dict[str, Any] = {}
    data = {"version": str(version)}
    for number, criterion in enumerate(criteria):
        fields[f"title_{number}"] = line(f"Criterion {number + 1}", most=rules.TITLE)
        fields[f"levels_{number}"] = paragraphs("Its five levels, the lowest first", most=2_000)
        fields[f"validate_levels_{number}"] = staticmethod(_five)
        data |= {f"title_{number}": criterion.title, f"levels_{number}": "\n".join(criterion.levels)}
    made: RubricForm = type("RubricOfEdition", (RubricForm,), fields)(data=data)
    return made
