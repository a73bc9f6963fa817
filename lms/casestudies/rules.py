"""How case studies are taken in and assessed: decided on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.core import names
from lms.core.errors import Invalid

TITLE, SUMMARY, COMMENT, WORDS = 200, 4_000, 4_000, 300
MOST_BYTES = 10_000_000
PART = 1_000_000
SMALLER = "Make its pictures smaller, or save it as PDF."
TOO_LARGE = f"This file is larger than {MOST_BYTES // 1_000_000} MB. {SMALLER}"
LEVELS = 5
CRITERIA = 4
FAR_APART = Decimal(25)
HUNDRED = Decimal(100)
PDF, PPTX, ODP = "pdf", "pptx", "odp"
KINDS = {
    PDF: "application/pdf",
    PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ODP: "application/vnd.oasis.opendocument.presentation",
}


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


def acceptable(name: str, size: int) -> None:
    """Raise `Invalid` for a file whose name or size alone says that it can't be taken."""
    if size > MOST_BYTES:
        raise Invalid(TOO_LARGE, field="slides")
    if size <= 0 or _ending(name) not in KINDS:
        message = "This is not a presentation. Please save it as PDF, PPTX or ODP."
        raise Invalid(message, field="slides")


def promising(name: str, first: bytes) -> None:
    """Raise `Invalid` if a file can't be what its name says, by how it begins."""
    if not first.startswith(b"%PDF-" if _ending(name) == PDF else b"PK\x03\x04"):
        message = f"This is not a presentation, though its name ends in .{_ending(name)}. Please save it as PDF, PPTX or ODP."
        raise Invalid(message, field="slides")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def kind_of(name: str, body: bytes) -> str:
    """Tell what kind of slides a file holds, by its bytes; raise `Invalid` for anything else, and for a name that says otherwise."""
    found = _by_bytes(body)
    said = _ending(name)
    if not found:
        lie = f", though its name ends in .{said}" if said in KINDS else ""
        message = f"This is not a presentation{lie}. Please save it as PDF, PPTX or ODP."
        raise Invalid(message, field="slides")
    if said != found:
        message = f"By its bytes this file is {found.upper()}, but its name does not end in .{found}. Please rename it or choose another."
        raise Invalid(message, field="slides")
    return found


def _by_bytes(body: bytes) -> str:
    if body.startswith(b"%PDF-"):
        return PDF
    if not body.startswith(b"PK\x03\x04"):
        return ""
    if body[30:].startswith(b"mimetype" + KINDS[ODP].encode()):
        return ODP
    return PPTX if b"[Content_Types].xml" in body and b"ppt/presentation.xml" in body else ""


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
