"""Forms of questionnaires: the one that asks, built from its items, and those of the staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, Field, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # not in the published types yet
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, StopValidation

from lms.core.forms import Form, line, moment, paragraphs
from lms.questionnaires import rules
from lms.questionnaires.values import Given, Info, Item, Kind

MOST_ROWS, LONGEST_ROW = 30, 200
USUAL = "usual"


class Times(Form):
    """From when to when is asked."""

    title = line("Title", most=120)
    opens_at = moment("Opens")
    closes_at = moment("Closes", "Results are shown after this, and never before.")

    def times(self, zone: str) -> dict[str, Any]:
        """Give the title and the two moments, of which what was typed was meant in a zone."""
        here = ZoneInfo(zone)
        moments = {name: self[name].data.replace(tzinfo=here) for name in ("opens_at", "closes_at")}
        return {"title": self.title.data or "", **moments}


class NewQuestionnaire(Times):
    """What is asked, whom, from when to when."""

    title = line("Title", most=120, required=False, hint="Left empty, it gets its usual one.")
    template = SelectField("What it asks", [DataRequired("Please choose one.")])
    audience = SelectField(
        "Whom it asks",
        [DataRequired("Please choose one.")],
        default=USUAL,
        description="A day concerns those who were there, the workshop its participants, and a module all learners.",
    )
    module = SelectField("Module", description="Where the questionnaire is about one.")
    day = IntegerField("Day of the workshop", [Optional(), NumberRange(1, 30, "Please give a whole number from 1 to 30.")])

    def offer(self, templates: Mapping[str, str], audiences: Mapping[str, str], modules: Mapping[str, str]) -> None:
        """Say what can be chosen."""
        self.template.choices = [SelectChoice(*pair) for pair in templates.items()]
        self.audience.choices = [SelectChoice(USUAL, "Those it concerns"), *(SelectChoice(*pair) for pair in audiences.items())]
        self.module.choices = [SelectChoice(*pair) for pair in modules.items()]

    @property
    def whom(self) -> str:
        """The audience that was named, if one was."""
        return "" if self.audience.data == USUAL else self.audience.data


class Change(Times):
    """Other times, and other words until the first answer."""

    version = HiddenField("This page is out of date")

    @property
    def status(self) -> int:
        """409 for a page that was out of date, 422 for other faults."""
        return 409 if self.version.errors else super().status


def change_form(found: Info, zone: str, *, begun: bool) -> Change:
    """Build the form that changes a questionnaire; as long as nobody has answered, with a field for each text."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"title": found.title, "version": str(found.version)}
    here = ZoneInfo(zone)
    data |= {name: getattr(found, name).astimezone(here).replace(tzinfo=None) for name in ("opens_at", "closes_at")}
    for number, item in enumerate(() if begun else found.items):
        fields[f"label{number}"], data[f"label{number}"] = line(f"Question {number + 1}", most=LONGEST_ROW), item.label
        if entries := item.rows or item.options:
            hint = "One in each line. An aspect keeps its place in the results as long as its words stay."
            fields[f"rows{number}"] = paragraphs(f"Rows of question {number + 1}", most=MOST_ROWS * LONGEST_ROW, hint=hint)
            data[f"rows{number}"] = "\n".join(entry.label for entry in entries)
    form: Change = type("ChangeItems", (Change,), fields)(data=data)
    return form


def items_of(form: Change, items: Sequence[Item]) -> tuple[Item, ...] | None:
    """Read the questions as they were typed; none, with a message beside the field, where that can't be."""
    found = []
    for number, item in enumerate(items):
        if f"label{number}" not in form:
            return tuple(items)
        labels = _lines(form[f"rows{number}"]) if f"rows{number}" in form else ()
        if labels is None:
            return None
        rows = rules.options(labels, item.rows) if item.rows else ()
        choices = rules.options(labels, item.options) if item.options else ()
        found.append(replace(item, label=form[f"label{number}"].data or item.label, rows=rows, options=choices))
    return tuple(found)


def _lines(field: Field) -> list[str] | None:
    labels = [text.strip() for text in (field.data or "").splitlines() if text.strip()]
    message = ""
    if len(labels) > MOST_ROWS or any(len(label) > LONGEST_ROW for label in labels):
        message = f"Please give at most {MOST_ROWS} lines of at most {LONGEST_ROW} characters."
    elif not labels:
        message = "Please give at least one line."
    elif len(set(labels)) < len(labels):
        message = "Two lines are the same."
    if message:
        field.errors = [*field.errors, message]
        return None
    return labels


class Sheet(Form):
    """A questionnaire as it is answered; its other fields are built from the items."""

    quotable = BooleanField("My comments may be quoted, without my name", description="Leave it empty if they may not.")

    def given(self, items: Iterable[Item]) -> Given:
        """Give what was answered, by the keys of `rules.questions`."""
        found: dict[str, Any] = {}
        for key, item, _ in rules.questions(items):
            data = self[name_of(key)].data
            found[key] = int(data) if item.kind == Kind.MATRIX and data else data
        return rules.given_of(found)


def name_of(key: str) -> str:
    """Give the name of the field of a question."""
    return f"a-{key.replace('.', '-')}"


def sheet_form(items: Sequence[Item]) -> Sheet:
    """Build the form that asks."""
    fields = {name_of(key): _field(item, label) for key, item, label in rules.questions(items)}
    form: Sheet = type("Asked", (Sheet,), fields)()
    if all(item.kind != Kind.TEXT for item in items):
        del form.quotable
    return form


def _field(item: Item, label: str) -> Any:
    needed: list[Any] = [DataRequired(rules.NEEDED)] if item.needed else [Optional()]
    if item.kind == Kind.MATRIX:
        return RadioField(label, needed, choices=[SelectChoice(str(n), text) for n, text in enumerate(item.scale, 1)])
    if item.kind == Kind.CHOICE:
        return RadioField(label, needed, choices=[SelectChoice(option.key, option.label) for option in item.options])
    if item.kind == Kind.NUMBER:
        wrong = rules.OUT_OF_RANGE.format(least=item.least, most=item.most)
        needed = [InputRequired(rules.NEEDED)] if item.required else [Optional()]
        return IntegerField(label, [*needed, _number(wrong), NumberRange(item.least, item.most, wrong)])
    return paragraphs(label, most=rules.LONGEST_TEXT, required=item.required)


def _number(message: str) -> Any:
    def check(_form: object, field: Field) -> None:
        if field.process_errors:
            field.errors = []
            raise StopValidation(message)

    return check


class Tag(Form):
    """A word for a comment."""

    key = HiddenField()
    word = line("Tag", most=40, required=False)


def local(at: datetime, zone: str) -> datetime:
    """Give a moment as a field of `moment` shows it."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
