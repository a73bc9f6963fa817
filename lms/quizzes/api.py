"""What other features may use of quizzes."""

from __future__ import annotations

from lms.core.marking import right_answer, wrong_answer
from lms.quizzes.commands import save_answer, start_attempt, submit_attempt
from lms.quizzes.events import AttemptSubmitted
from lms.quizzes.papers import PaperItem, items_of, quizzes

__all__ = [
    "AttemptSubmitted",
    "PaperItem",
    "items_of",
    "quizzes",
    "right_answer",
    "save_answer",
    "start_attempt",
    "submit_attempt",
    "wrong_answer",
]
