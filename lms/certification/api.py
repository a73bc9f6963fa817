"""What other features may use of certification."""

from __future__ import annotations

from lms.certification.commands import COURSE, WORKSHOP, issue_waiting, request
from lms.certification.queries import Counts, certified, counts

__all__ = ["COURSE", "WORKSHOP", "Counts", "certified", "counts", "issue_waiting", "request"]
