"""What other features may use of reports."""

from __future__ import annotations

from lms.reports.commands import take_snapshot
from lms.reports.register import figures

__all__ = ["figures", "take_snapshot"]
