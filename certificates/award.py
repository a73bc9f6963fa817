"""The award: everything a certificate prints, and the rules it has to keep."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, get_args

from certificates.errors import AwardError
from certificates.lettering import check_recipient, check_text

Kind = Literal["course", "workshop"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\[][!-~]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LONGEST_ADDRESS = 200
_WHOLE = 100
_MOST_HOURS = 9999
_MOST_STATEMENTS = 3
_REQUIRED_TEXTS = (("course_title", 200), ("edition_title", 120), ("issuer_name", 120))
_OPTIONAL_TEXTS = (("signatory_name", 120), ("signatory_title", 120))
_LONGEST_STATEMENT = 200
_DATES = ("issued_on", "started_on", "completed_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """What one person is awarded; a value that can't exist unless a certificate can print it."""

    number: str
    kind: Kind
    recipient: str
    course_title: str
    edition_title: str
    issuer_name: str
    issued_on: date
    started_on: date
    completed_on: date
    verify_url: str
    signatory_name: str = ""
    signatory_title: str = ""
    final_average: Decimal | None = None
    hours: int | None = None
    statement: tuple[str, ...] = ()
    language: str = "en"
    development: bool = False

    def __post_init__(self) -> None:
        """Refuse the first field that can't be printed, with an `AwardError` that names it."""
        _check_identity(self)
        check_recipient(self.recipient)
        _check_texts(self)
        _check_dates(self)
        _check_figures(self)


def _check_identity(award: Award) -> None:
    _check_pattern("number", award.number, _NUMBER, "1 to 40 letters, digits and hyphens, such as DITD-7K3M-9Q2X")
    if award.kind not in KINDS:
        raise AwardError(field="kind", message=f"must be one of {', '.join(KINDS)}")
    _check_pattern("verify_url", award.verify_url, _ADDRESS, "a web address that begins with https://, in ASCII")
    if len(award.verify_url) > _LONGEST_ADDRESS:
        raise AwardError(field="verify_url", message=f"has {len(award.verify_url)} characters; at most {_LONGEST_ADDRESS} fit")
    _check_pattern("language", award.language, _LANGUAGE, "a language tag of two or three letters, such as en")
    if not isinstance(award.development, bool):
        raise AwardError(field="development", message="must be true or false")


def _check_pattern(field: str, value: object, pattern: re.Pattern[str], wanted: str) -> None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise AwardError(field, f"must be {wanted}")


def _check_texts(award: Award) -> None:
    for field, longest in _REQUIRED_TEXTS:
        check_text(field, getattr(award, field), longest)
    for field, longest in _OPTIONAL_TEXTS:
        check_text(field, getattr(award, field), longest, required=False)
    if award.signatory_title and not award.signatory_name:
        raise AwardError(field="signatory_name", message="is empty, but signatory_title isn't; a title needs a name above it")
    if not isinstance(award.statement, tuple) or len(award.statement) > _MOST_STATEMENTS:  # type: ignore[redundant-expr] # callers may not check types
        raise AwardError(field="statement", message=f"must be a tuple of at most {_MOST_STATEMENTS} lines")
    for line in award.statement:
        check_text("statement", line, _LONGEST_STATEMENT)


def _check_dates(award: Award) -> None:
    for field in _DATES:
        value = getattr(award, field)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise AwardError(field, "must be a day without a time")
    if award.completed_on < award.started_on:
        raise AwardError(field="completed_on", message=f"{award.completed_on} lies before started_on, {award.started_on}")


def _check_figures(award: Award) -> None:
    average, hours = award.final_average, award.hours
    if average is not None and (not isinstance(average, Decimal) or not _is_percentage(average)):  # type: ignore[redundant-expr] # callers may not check types
        raise AwardError(field="final_average", message="must be a decimal number from 0 to 100, or left out")
    if hours is not None and (type(hours) is not int or not 1 <= hours <= _MOST_HOURS):
        raise AwardError(field="hours", message=f"must be a whole number from 1 to {_MOST_HOURS}, or left out")


def _is_percentage(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= _WHOLE
