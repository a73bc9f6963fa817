"""Plain values about recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms.recommendations.rules import Level, State


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody proposes: to whom, in which words, for which group, and the case studies that it comes from."""

    level: Level
    text: str
    group: str = ""
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A case study that a recommendation comes from."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Voice:
    """What one participant says; not `current` if that was before the last change of the words."""

    enrolment_id: int
    name: str
    stance: str
    reason: str
    current: bool


@dataclass(frozen=True, slots=True)
class RecommendationLine:
    """A recommendation, with its number in the final list and how many can live with its words as they are, or object."""

    id: int
    level: Level
    number: int | None
    text: str
    group: str
    state: State
    version: int
    agreed: int
    objected: int
    sources: tuple[Source, ...]
    author_id: int
    merged_into: int | None = None
    adopted_despite: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording in the history of a recommendation."""

    version: int
    level: Level
    text: str
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Whole:
    """A recommendation with its history, its voices and what was merged into it."""

    line: RecommendationLine
    wordings: tuple[Wording, ...]
    voices: tuple[Voice, ...]
    merged: tuple[RecommendationLine, ...]
