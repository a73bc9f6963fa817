"""What other features may use of reports."""

from __future__ import annotations

from lms.reports.commands import FORMS, ask_for, take_snapshot
from lms.reports.naming import say as say_named
from lms.reports.register import figures

__all__ = ["FORMS", "ask_for", "figures", "say_named", "take_snapshot"]
