"""What other features may use of the selection."""

from __future__ import annotations

from lms.selection.commands import approve, carry_out, run, set_rules
from lms.selection.events import SelectionApproved
from lms.selection.queries import Approved, approved, next_reserve
from lms.selection.values import Criterion, Range, Rules, Source

__all__ = [
    "Approved",
    "Criterion",
    "Range",
    "Rules",
    "SelectionApproved",
    "Source",
    "approve",
    "approved",
    "carry_out",
    "next_reserve",
    "run",
    "set_rules",
]
