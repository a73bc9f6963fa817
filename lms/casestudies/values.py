"""Plain values about case studies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lms.casestudies.rules import Criterion


@dataclass(frozen=True, slots=True)
class Text:
    """What a participant says: the module's slug, title and summary."""

    module: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessor writes down: levels in the order of the criteria, 0 for none yet; `version` is the one that was seen, 0 for none."""

    levels: tuple[int, ...]
    comment: str = ""
    final: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """A comment of the bank, for somebody who may insert it; `mine` where they may change it, too."""

    id: int
    text: str
    shared: bool
    author: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Slides:
    """Slides without their bytes."""

    kind: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is to come in parts."""

    name: str
    size: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """How much of a file has arrived."""

    id: int
    name: str
    size: int
    received: int

    @property
    def whole(self) -> bool:
        """Whether all of it is here."""
        return self.received == self.size


@dataclass(frozen=True, slots=True)
class Finding:
    """What one assessor found: a level for each criterion, and words."""

    levels: tuple[int, ...]
    comment: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class OwnStudy:
    """A case study as its author sees it; what assessors found is shown when it is released."""

    id: int
    module: str
    title: str
    summary: str
    version: int
    handed_in_at: datetime
    changed_at: datetime
    score: Decimal | None
    released_at: datetime | None
    agreed_why: str
    slides: Slides | None
    criteria: tuple[Criterion, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one assessor found, by whom."""

    assessor_id: int
    name: str
    levels: tuple[int, ...]
    comment: str
    final: bool
    version: int
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Wait:
    """A case study that waits for somebody's grading: since it was handed in, or since the draft that they `begun` was last changed."""

    id: int
    title: str
    since: datetime
    begun: bool


@dataclass(frozen=True, slots=True)
class ToGrade:
    """A case study in the list of its assessors; who wrote it is not said before it is released."""

    id: int
    module: str
    title: str
    handed_in_at: datetime
    released_at: datetime | None
    finals: int
    mine: str
    far_apart: bool
    result: Decimal | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A case study as its assessors see it."""

    id: int
    module: str
    title: str
    summary: str
    handed_in_at: datetime
    released_at: datetime | None
    agreed: Decimal | None
    agreed_why: str
    slides: Slides | None
    judgements: tuple[Judgement, ...]
    scores: tuple[Decimal, ...]
    far_apart: bool


@dataclass(frozen=True, slots=True)
class CaseStudyLine:
    """A case study for reports and agendas: whose it is, what about, and its score once that is released."""

    id: int
    enrolment_id: int
    name: str
    country: str
    gender: str
    institution: str
    module: str
    title: str
    summary: str
    score: Decimal | None
    released_at: datetime | None
