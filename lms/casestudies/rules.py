"""How case studies are taken in and assessed: decided on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.core import names

TITLE, SUMMARY, COMMENT, PHRASE, WORDS = 200, 4_000, 4_000, 1_000, 300
PART = 1_000_000
LEVELS = 5
CRITERIA = 4
FAR_APART = Decimal(25)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that is looked at, and what each level of it means, the lowest first."""

    title: str
    levels: tuple[str, ...]


USUAL = (
    Criterion(
        "Problem and trade",
        (
            "No problem that can be recognised",
            "Several problems are mixed, or trade is only mentioned",
            "The problem is clear; the link to trade is stated",
            "A clear problem; its effect on trade is described with a figure",
            "One sharp problem; its effect on trade is measured",
        ),
    ),
    Criterion(
        "Evidence",
        (
            "Claims without sources",
            "Few sources, or old ones without a date",
            "The main claims have sources",
            "Nearly all claims have sources; dates are given",
            "Each claim has a source; limits and conflicts of the data are stated",
        ),
    ),
    Criterion(
        "Use of the module",
        (
            "The module does not appear",
            "Terms appear, but do not explain anything",
            "One idea is used correctly",
            "Ideas are correct and explain the cause",
            "Ideas explain the cause and lead to the remedy",
        ),
    ),
    Criterion(
        "Recommendation and delivery",
        (
            "No recommendation",
            "General wishes; much too long or hard to follow",
            "Measures are named; the talk can be followed",
            "Measures with a responsible body; clear, and nearly within the time",
            "Measures with body, first step and cost; clear, and within the time",
        ),
    ),
)


def complete(levels: Sequence[int], criteria: int) -> bool:
    """Tell whether every criterion has a level."""
    return len(levels) == criteria and all(1 <= level <= LEVELS for level in levels)


def score(levels: Sequence[int]) -> Decimal:
    """Turn levels into a percentage: the lowest level of all criteria is 0, the highest 100, each criterion weighs the same."""
    return HUNDRED * sum(level - 1 for level in levels) / ((LEVELS - 1) * len(levels))


def far_apart(scores: Sequence[Decimal]) -> bool:
    """Tell whether assessors have to talk: the highest and the lowest score are 25 points or more apart."""
    return bool(scores) and max(scores) - min(scores) >= FAR_APART


def result(scores: Sequence[Decimal], agreed: Decimal | None) -> Decimal | None:
    """Give the score that can be released: the mean, or what was agreed where assessors were far apart; `None` if there is none yet."""
    if not scores:
        return None
    return agreed if far_apart(scores) else sum(scores, Decimal(0)) / len(scores)


def same_institution(first: str, second: str) -> bool:
    """Tell whether two people are of the same institution, however it is spelled; nobody is of one without a name."""
    return bool(names.plain(first)) and names.plain(first) == names.plain(second)
