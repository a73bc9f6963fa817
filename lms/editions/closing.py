"""The dry run of the closing of an edition: what it would mean now, and whether that is still what was shown."""

from __future__ import annotations

from collections.abc import Sequence

from lms.core.slots import collect
from lms.core.viewer import EditionInfo
from lms.editions.queries import learners
from lms.editions.values import Count


def dry_run(edition: EditionInfo) -> tuple[Count, ...]:
    """Give the numbers that closing the edition now would mean."""
    known = (Count("Learners", learners(edition.id)), Count("Changes to the set-up", edition.version - 1))
    return (*known, *collect("editions.outlook", edition))


def changes(shown: Sequence[int], now: Sequence[Count]) -> list[str]:
    """Say which numbers of a dry run are others now than they were shown."""
    if len(shown) != len(now):
        return ["the page is of another version of this program"]
    pairs = zip(shown, now, strict=True)
    return [f"{count.label}: {was} before, {count.value} now" for was, count in pairs if was != count.value]
