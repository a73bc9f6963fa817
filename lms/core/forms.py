"""Forms: the shape of what people send; whatever is wrong is said beside the field, and what was typed stays."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, EmailField, Field, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.db import abandon
from lms.core.errors import DomainError, Invalid

FIRST_YEAR, LAST_YEAR = 2000, 2200
NEEDED = "Please fill this in."
MOMENT = "%Y-%m-%dT%H:%M"
LONGEST_NUMBER = 10
_INVISIBLE = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_BETWEEN_LINES = "\n\r\t\u2028\u2029"
_BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(text: str | None) -> str | None:
    """Normalise to NFC and strip outer white space."""
    return None if text is None else unicodedata.normalize("NFC", text).strip()


def readable(_form: object, field: Field) -> None:
    """Refuse control characters, directional overrides and whatever else can't be shown or stored."""
    for character in field.data or "":
        allowed = character in _BETWEEN_LINES and isinstance(field, TextAreaField)
        if character in _BIDI or (unicodedata.category(character) in _INVISIBLE and not allowed):
            message = f"Please remove the invisible character U+{ord(character):04X}."
            raise StopValidation(message)


def whole(text: object) -> int:
    """Read a number that a page carries along as text; 0 for what can't be one, and for what no page has sent."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


def line(label: str, *, most: int = 200, required: bool = True, hint: str = "", **kwargs: Any) -> StringField:
    """Make a field for one line of text."""
    return StringField(label, _validators(most, required), filters=[tidy], description=hint, **kwargs)


def email(label: str, *, hint: str = "", **kwargs: Any) -> EmailField:
    """Make a field for an e-mail address; its form is checked where it is used."""
    return EmailField(label, _validators(254, required=True), filters=[tidy], description=hint, **kwargs)


def paragraphs(label: str, *, most: int = 20_000, required: bool = True, hint: str = "", **kwargs: Any) -> TextAreaField:
    """Make a field for text of several lines."""
    return TextAreaField(label, _validators(most, required), filters=[tidy], description=hint, **kwargs)


def ticks(label: str, *, hint: str = "", **kwargs: Any) -> SelectMultipleField:
    """Make a field of boxes to tick, any number of them; what they offer is said later."""
    return SelectMultipleField(label, description=hint, widget=ListWidget(), option_widget=CheckboxInput(), **kwargs)


def secret(label: str, *, hint: str = "", **kwargs: Any) -> PasswordField:
    """Make a field for a password; it is never filled in again."""
    return PasswordField(label, _validators(200, required=True), description=hint, **kwargs)


def day(label: str, *, required: bool = True, hint: str = "") -> DateField:
    """Make a field for a date."""
    needed = InputRequired(NEEDED) if required else Optional()
    return DateField(label, [needed, _read_as("a date, such as 2027-08-26"), _sensible], description=hint)


def _read_as(what: str) -> Callable[[object, Field], None]:
    def check(_form: object, field: Field) -> None:
        if field.process_errors:
            field.errors = []
            message = f"Please give {what}."
            raise StopValidation(message)

    return check


def moment(label: str, hint: str = "") -> DateTimeLocalField:
    """Make a field for a moment of the edition's zone."""
    checks = [InputRequired(NEEDED), _read_as("a day and a time, such as 2027-08-26 16:30"), _sensible]
    return DateTimeLocalField(label, checks, format=[MOMENT, "%Y-%m-%d %H:%M"], description=hint)


def _sensible(_form: object, field: Field) -> None:
    if field.data is not None and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        message = f"Please give a date from {FIRST_YEAR} to {LAST_YEAR}."
        raise StopValidation(message)


def _validators(most: int, required: bool) -> list[Any]:  # noqa: FBT001 - click passes it by name
    length = Length(max=most, message=f"Please use at most {most:,} characters.")
    needed = [DataRequired(NEEDED)] if required else []
    return [*needed, readable, length]


class Form(FlaskForm):
    """The base of every form."""

    class Meta(FlaskForm.Meta):
        """How a form reads a request; that nobody forged it was made sure of before the view (`core.web`), whatever form it sends."""

        csrf = False

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Take what was typed alone: a file or JSON in the place of a text is no text."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return (request.form or None) if form.is_submitted() else None

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn a `DomainError` that names one of the form's fields into a message beside it, and undo what was written."""
        try:
            yield
        except DomainError as error:
            if error.field is None or error.field not in self._fields:
                raise
            abandon()
            self[error.field].errors = [*self[error.field].errors, error.message]

    @property
    def status(self) -> int:
        """The status of the page that shows the form: 422 if something was wrong with it."""
        return 422 if self.errors else 200


class FileForm(Form):
    """The base of every form with a file among its fields."""

    too_large = False

    @property
    def status(self) -> int:
        """413 for a file that is too large, 422 for other faults."""
        return 413 if self.too_large else super().status

    def uploaded(self, field: str, most: int, advice: str = "") -> tuple[str, bytes]:
        """Read the name and the bytes of the file in a field; raise `Invalid` where there is none, or one of over `most` bytes."""
        upload = request.files.get(field)
        if upload is None or not upload.filename:
            message = "Please choose a file."
            raise Invalid(message, field=field)
        body = upload.stream.read(most + 1)
        upload.close()
        if len(body) > most:
            self.too_large = True
            message = f"This file is larger than {most // 1_000_000} MB. {advice}".rstrip()
            raise Invalid(message, field=field)
        return upload.filename, body


class Press(Form):
    """A form that is only a button."""
