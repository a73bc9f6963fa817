"""What a course may ask of its texts in `[check]`."""

from __future__ import annotations

import pytest

from lms.core.criteria import Criteria, criteria, faults


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ({"words": [900, 1600]}, "words", (900, 1600)),
        ({"words_per_minute": 0}, "words_per_minute", 0),
        ({"questions_per_module": 30, "question_types": 7}, "question_types", 7),
        ({"terms_per_module": [0, 0]}, "terms_per_module", (0, 0)),
    ],
)
def test_what_is_given_counts(table: dict[str, object], key: str, value: object) -> None:
    assert list(faults(table)) == []
    assert getattr(criteria(table), key) == value


@pytest.mark.parametrize(
    ("table", "key", "message"),
    [
        ({"wrods": [1, 2]}, "wrods", "unknown key 'wrods' in [check]; there are words, words_per_minute"),
        ({"words": 900}, "words", "'words' must be a pair like [3, 5], the fewest and the most"),
        ({"words": [1600, 900]}, "words", "'words' must be a pair"),
        ({"words": [1, 2, 3]}, "words", "'words' must be a pair"),
        ({"words": [1, True]}, "words", "'words' must be a pair"),
        ({"question_types": -1}, "question_types", "'question_types' must be a whole number"),
        ({"question_types": 2.5}, "question_types", "'question_types' must be a whole number"),
        ({"question_types": True}, "question_types", "'question_types' must be a whole number"),
        (5, "check", "'check' must be a table"),
        ([{"words": [1, 2]}], "check", "'check' must be a table"),
    ],
)
def test_what_cannot_be_is_named_and_left_out(table: object, key: str, message: str) -> None:
    [(near, text)] = faults(table)
    assert near == key
    assert text.startswith(message)
    assert criteria(table) == Criteria()
