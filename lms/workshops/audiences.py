"""Who can be asked about a workshop: all participants, and those who were there on a day."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lms.invitations.api import participants
from lms.questionnaires.api import Audience
from lms.workshops import days, sheets


def audiences(edition_id: int) -> Iterator[Audience]:
    """Name them, once the days are laid out."""
    numbers = sorted({half.day for half in days.half_days(edition_id)})
    if numbers:
        yield Audience("workshop", "Participants of the workshop", partial(_participants, edition_id), "workshop")
    for day in numbers:
        yield Audience(f"workshop:day{day}", f"Those who were there on day {day}", partial(sheets.there_on, edition_id, day), f"day {day}")


def _participants(edition_id: int) -> tuple[int, ...]:
    return tuple(one.enrolment_id for one in participants(edition_id))
