"""How the words of a lesson are counted, and what minutes they take."""

from __future__ import annotations

import pytest

from lms.modules import reading


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One two, three.", 3),
        ("A well-known trader's card costs 1,600.50 dollars.", 7),
        ("## A heading\n\nText.", 3),
        ("An [identifier](glossary:identifier) picks [one](02-second.md#there).", 4),
        ('[Words](https://example.org/a-b "A title") here', 2),
        ("![A long text alternative.](figures/a.svg)", 0),
        ('![A long text alternative.](figures/a.svg "A caption")', 2),
        ("Proved.[^a] Again.[^a]\n\n[^a]: A body, *A title*, 2019.", 2),
        ("Proved.[^a]\n\n[^a]: A body,\n    and more of it.\n\n    And a second paragraph.\n\nText.", 2),
        ("| Level | Fits |\n| --- | ---: |\n| low | a forum |", 5),
        ("- **One** thing\n- *another*\n\n1. third", 5),
        ("`code` counts, ~~as~~ do dashes – and — these", 7),
    ],
)
def test_words_are_counted_as_a_reader_reads(text: str, count: int) -> None:
    assert reading.words(text) == count


@pytest.mark.parametrize(
    ("stated", "count", "fits"),
    [(10, 1200, True), (8, 1200, True), (7, 1200, False), (12, 1200, True), (13, 1200, False), (2, 120, True), (3, 120, False)],
)
def test_minutes_may_be_a_quarter_off(stated: int, count: int, fits: bool) -> None:
    assert reading.fits(stated, count, 120) is fits


@pytest.mark.parametrize(("count", "minutes"), [(0, 1), (119, 1), (190, 2), (1200, 10)])
def test_words_take_whole_minutes(count: int, minutes: int) -> None:
    assert reading.minutes(count, 120) == minutes
