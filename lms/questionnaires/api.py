"""What other features may use of questionnaires."""

from __future__ import annotations

from lms.questionnaires.commands import answer, close, create
from lms.questionnaires.queries import answered, of_edition, receipts, response, satisfaction
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
    "questions",
    "receipts",
    "response",
    "satisfaction",
]
