"""What other features may use of editions."""

from __future__ import annotations

from lms.editions.commands import (
    NewEdition,
    apply,
    appoint,
    close_edition,
    confirm,
    confirm_all,
    create_edition,
)
from lms.editions.events import EditionClosed, EditionClosing, EnrolmentConfirmed
from lms.editions.queries import countries_of, enrolment_of
from lms.editions.rules import day_begins, day_ends, may_register

__all__ = [
    "EditionClosed",
    "EditionClosing",
    "EnrolmentConfirmed",
    "NewEdition",
    "apply",
    "appoint",
    "close_edition",
    "confirm",
    "confirm_all",
    "countries_of",
    "create_edition",
    "day_begins",
    "day_ends",
    "enrolment_of",
    "may_register",
]
