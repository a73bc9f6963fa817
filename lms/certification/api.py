"""What other features may use of certification."""

from __future__ import annotations

from lms.certification.commands import issue_waiting
from lms.certification.queries import Counts, counts

__all__ = ["Counts", "counts", "issue_waiting"]
