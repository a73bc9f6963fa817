"""What other features tell about a course and an edition in the slots of the pages that set it up and close it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModuleDays:
    """A module of a course with the days, counted from 0, on which it opens and closes; `None` if it stays open."""

    slug: str
    title: str
    opens: int
    closes: int | None


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the checklist: something that must be there before an edition is published, and where it is mended."""

    done: bool
    label: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of the dry run: the closing is refused if it is another by then."""

    label: str
    value: int
