"""What other features may use of editions."""

from __future__ import annotations

from lms.editions.commands import (
    NewEdition,
    admit,
    apply,
    appoint,
    begins_as,
    close_edition,
    confirm,
    confirm_all,
    create_edition,
)
from lms.editions.events import EditionClosed, EditionClosing, EnrolmentApplied, EnrolmentConfirmed, ExtensionGranted
from lms.editions.extensions import LaterClosings, More, MoreTime, countries_there, grant, later_closings, more_time
from lms.editions.queries import countries_of, enrolment_of
from lms.editions.rules import day_begins, day_ends, may_register
from lms.editions.values import Check, Count, ModuleDays

__all__ = [
    "Check",
    "Count",
    "EditionClosed",
    "EditionClosing",
    "EnrolmentApplied",
    "EnrolmentConfirmed",
    "ExtensionGranted",
    "LaterClosings",
    "ModuleDays",
    "More",
    "MoreTime",
    "NewEdition",
    "admit",
    "apply",
    "appoint",
    "begins_as",
    "close_edition",
    "confirm",
    "confirm_all",
    "countries_of",
    "countries_there",
    "create_edition",
    "day_begins",
    "day_ends",
    "enrolment_of",
    "grant",
    "later_closings",
    "may_register",
    "more_time",
]
