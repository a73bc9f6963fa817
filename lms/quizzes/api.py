"""What other features may use of quizzes."""

from __future__ import annotations

from lms.core.marking import right_answer, wrong_answer
from lms.quizzes.commands import make_good, save_answer, start_attempt, submit_attempt
from lms.quizzes.events import AttemptSubmitted
from lms.quizzes.hindered import Hindered, cut_short, hindered, spoilt
from lms.quizzes.papers import PaperItem, items_of, quizzes
from lms.quizzes.rules import Gap

__all__ = [
    "AttemptSubmitted",
    "Gap",
    "Hindered",
    "PaperItem",
    "cut_short",
    "hindered",
    "items_of",
    "make_good",
    "quizzes",
    "right_answer",
    "save_answer",
    "spoilt",
    "start_attempt",
    "submit_attempt",
    "wrong_answer",
]
