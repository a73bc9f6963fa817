"""What other features may use of questionnaires."""

from __future__ import annotations

from lms.questionnaires.commands import answer, close, create, seal_closed
from lms.questionnaires.queries import answered, of_edition, open_for, receipts, response, satisfaction
from lms.questionnaires.reading import info
from lms.questionnaires.rules import questions
from lms.questionnaires.values import Audience, Info, Kind, Rate

__all__ = [
    "Audience",
    "Info",
    "Kind",
    "Rate",
    "answer",
    "answered",
    "close",
    "create",
    "info",
    "of_edition",
    "open_for",
    "questions",
    "receipts",
    "response",
    "satisfaction",
    "seal_closed",
]
