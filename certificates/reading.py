"""An award read from JSON, for programs and people who have no Python value at hand."""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from certificates.award import Award
from certificates.errors import AwardError


def award_from_json(text: str | bytes) -> Award:
    """Return the award a JSON object describes; its keys are the fields of `Award`, days are written 2026-11-23."""
    try:
        given = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise AwardError(field="json", message=f"can't be read: {error}") from error
    if not isinstance(given, dict):
        raise AwardError(field="json", message="must be one object, with the fields of an award as keys")
    _check_keys(given)
    return Award(**{key: _READERS.get(key, _as_given)(key, value) for key, value in given.items()})


def _check_keys(given: Mapping[str, object]) -> None:
    known = {field.name: field.default is MISSING for field in fields(Award)}
    for key in given:
        if key not in known:
            raise AwardError(key, f"is not a field of an award; the fields are {', '.join(known)}")
    for key, required in known.items():
        if required and key not in given:
            raise AwardError(key, "is missing")


def _as_given(_field: str, value: object) -> object:
    return value


def _day(field: str, value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise AwardError(field, "must be a day such as 2026-11-23") from error


def _decimal(field: str, value: object) -> Decimal | None:
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise AwardError(field, "must be a decimal number from 0 to 100, or left out") from error


def _lines(field: str, value: object) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise AwardError(field, "must be a list of lines")
    return tuple(value)


_READERS: dict[str, Callable[[str, object], Any]] = {
    "issued_on": _day,
    "started_on": _day,
    "completed_on": _day,
    "final_average": _decimal,
    "statement": _lines,
}
