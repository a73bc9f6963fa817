"""An award exists only if a certificate can print it; what is refused is refused with a reason."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from certificates import AwardError, check_recipient
from tests.certificates.factories import award

RIGHT_TO_LEFT_MARK, OVERRIDE = "\u200f", "\u202e"

REFUSED_NAMES = {
    "nothing": ("", "is empty"),
    "spaces": (" \u00a0 ", "is empty"),
    "only invisible marks": ("\u200f\u2060", "is empty"),
    "no letter": ("123 - .", "no letter"),
    "a tab": ("Ana\tLim", "character 4, (U+0009), is a control character"),
    "a line break": ("Ana\nLim", "(U+000A), is a control character"),
    "a null": ("Ana\0", "(U+0000), is a control character"),
    "an escape": ("\x1b[31mAna", "character 1, (U+001B), is a control character"),
    "a line separator": ("Ana\u2028Lim", "(U+2028), is a control character"),
    "an override of direction": (f"Ana {OVERRIDE}miL", "(U+202E), is a control character"),
    "a lone surrogate": ("Ana \ud83d", "(U+D83D), is a control character"),
    "a tag character": ("Ana\U000e0041", "(U+E0041), is a control character"),
    "an emoji": ("Ana 😀", "character 5, 😀 (U+1F600), can't be drawn"),
    "a flag": ("Ana 🇸🇬", "(U+1F1F8), can't be drawn"),
    "a drawable symbol": ("Ana ©", "© (U+00A9), is a symbol"),
    "a private character": ("Ana \ue000", "(U+E000), can't be drawn"),
    "a script without a font": ("한지민", "한 (U+D55C), can't be drawn"),
    "a tower of accents": ("Z\u0301\u0302\u0303\u0304\u0306ana", "stacks more than 4 accents"),
    "an accent of another script": ("陈\u0301", "joins a letter and a mark"),
    "a vowel sign without a letter": ("Ana\u0e34", "joins a letter and a mark"),
    "201 characters": ("A" * 201, "has 201 characters; at most 200 fit"),
    "a megabyte": ("A" * 1_000_000, "has 1000000 characters"),
    "a number": (7, "must be text, not int"),
    "none": (None, "must be text, not NoneType"),
}


@pytest.mark.parametrize(("name", "reason"), REFUSED_NAMES.values(), ids=REFUSED_NAMES.keys())
def test_a_name_that_cannot_be_printed_is_refused(name: str, reason: str) -> None:
    """Each refusal names the field, the character and its place."""
    with pytest.raises(AwardError) as refusal:
        award(recipient=name)
    assert refusal.value.field == "recipient"
    assert reason in refusal.value.message


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ana", "Ana"),
        ("  Ana\u00a0 Lim ", "Ana Lim"),
        (f"{RIGHT_TO_LEFT_MARK}نور{RIGHT_TO_LEFT_MARK}", "نور"),
        ("\u202aAna\u202c", "Ana"),
        ("\u2068Ana\u2069", "Ana"),
        ("\ufeffAna", "Ana"),
        ("Ana\u00adlisa", "Analisa"),
        ("葛\U000e0100城", "葛城"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("\u0645\u06cc\u200c\u0646\u0627", "\u0645\u06cc\u200c\u0646\u0627"),
        ("សុខ\u200bសុភាព", "សុខ\u200bសុភាព"),
        ("O'Neill-D\u2019Souza, Jr. (3rd)", "O'Neill-D\u2019Souza, Jr. (3rd)"),
        ("喆堃昇镕\U0002cb4e", "喆堃昇镕\U0002cb4e"),
        ("A" * 200, "A" * 200),
    ],
)
def test_a_name_is_shown_without_what_nobody_sees(name: str, shown: str) -> None:
    """The page leaves out invisible signs; the award keeps the name as given."""
    assert check_recipient(name) == shown
    assert award(recipient=name).recipient == name


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("number", "", "1 to 40 letters"),
        ("number", "A" * 41, "1 to 40 letters"),
        ("number", "A 1", "1 to 40 letters"),
        ("number", "-A", "1 to 40 letters"),
        ("number", 12, "1 to 40 letters"),
        ("kind", "exam", "must be one of course, workshop"),
        ("verify_url", "learn.example.org/x", "begins with https://"),
        ("verify_url", "javascript:alert(1)", "begins with https://"),
        ("verify_url", "https://learn.example.org/a b", "begins with https://"),
        ("verify_url", "https://learn.example.org/é", "ASCII"),
        ("verify_url", "https://x.org/" + "a" * 200, "at most 200 fit"),
        ("language", "English", "language tag"),
        ("development", "yes", "true or false"),
        ("course_title", "", "is empty"),
        ("course_title", "A" * 201, "at most 200 fit"),
        ("course_title", "A\nB", "control character"),
        ("edition_title", " ", "is empty"),
        ("issuer_name", "Centre 🏛", "can't be drawn"),
        ("signatory_title", "Head\x07", "control character"),
        ("signatory_name", "", "a title needs a name"),
        ("statement", ["A list"], "must be a tuple"),
        ("statement", ("a", "b", "c", "d"), "at most 3 lines"),
        ("statement", ("a", ""), "is empty"),
        ("statement", ("\u200d",), "is empty"),
        ("edition_title", "\u0301", "is empty"),
        ("signatory_name", " ", "holds nothing that can be seen"),
        ("issued_on", "2026-10-05", "must be a day"),
        ("issued_on", datetime(2026, 10, 5, tzinfo=UTC), "must be a day without a time"),
        ("completed_on", date(2026, 8, 25), "lies before started_on"),
        ("final_average", 86.5, "must be a decimal number"),
        ("final_average", Decimal("100.01"), "from 0 to 100"),
        ("final_average", Decimal("-0.01"), "from 0 to 100"),
        ("final_average", Decimal("NaN"), "from 0 to 100"),
        ("hours", 0, "from 1 to 9999"),
        ("hours", True, "whole number"),
        ("hours", 2.5, "whole number"),
    ],
)
def test_a_field_that_cannot_be_printed_is_refused(field: str, value: Any, reason: str) -> None:
    """Each field has its limits, and says them."""
    with pytest.raises(AwardError) as refusal:
        award(**{field: value})
    assert refusal.value.field == field
    assert reason in refusal.value.message


def test_a_refusal_survives_the_way_between_processes() -> None:
    """A pickled refusal still knows its field."""
    copy = pickle.loads(pickle.dumps(AwardError("hours", "must be a whole number")))  # noqa: S301 - made one line up
    assert (copy.field, copy.message, str(copy)) == ("hours", "must be a whole number", "hours: must be a whole number")
