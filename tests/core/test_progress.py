"""What features report of a learner."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from lms.core.progress import Activity, Source, activities, counting

QUIZ = Activity("quiz", "one", "A quiz", counts=True)
NOTE, LESSON = Activity("club", "note", "A note"), Activity("lessons", "one", "A lesson")


def source(*reported: Activity) -> Source:
    """Report these of everybody."""
    return lambda _: reported


def never(_: int) -> Iterator[Activity]:
    """Report nothing, but fail when asked."""
    raise AssertionError


@pytest.fixture(name="report")
def _report(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[Source, bool]:
    sources: dict[Source, bool] = {}
    monkeypatch.setattr(ctx.extensions["lms"], "activity_sources", sources)
    return sources


def test_everything_is_reported_in_order(report: dict[Source, bool]) -> None:
    report |= {source(LESSON): False, source(QUIZ, NOTE): True}
    assert activities(1) == (LESSON, QUIZ, NOTE)


def test_for_the_average_only_those_are_asked_of_whom_something_may_count(report: dict[Source, bool]) -> None:
    report |= {never: False, source(QUIZ, NOTE): True}
    assert list(counting(1)) == [QUIZ]


def test_what_counts_against_its_manifest_fails(report: dict[Source, bool]) -> None:
    report[source(QUIZ)] = False
    with pytest.raises(ValueError, match="its manifest says that nothing of it does"):
        activities(1)
