"""What happens to editions and enrolments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnrolmentConfirmed:
    """A person may study in an edition from now on."""

    enrolment_id: int


@dataclass(frozen=True, slots=True)
class EnrolmentApplied:
    """A person whose address is known wants a place, or one on the wait-list, and waits for a decision."""

    enrolment_id: int


@dataclass(frozen=True, slots=True)
class EditionClosing:
    """An edition is about to be closed: whoever has something under way brings it to its end, while grades still move."""

    edition_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class EditionClosed:
    """An edition is over: grades are frozen, what is missing counts 0."""

    edition_id: int
    actor_id: int | None


@dataclass(frozen=True, slots=True)
class ExtensionGranted:
    """Modules close later for one enrolment of an edition, or for everybody of a country."""

    edition_id: int
    enrolment_id: int | None
    country: str | None
