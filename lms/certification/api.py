"""What other features may use of certification."""

from __future__ import annotations

from lms.certification.commands import COURSE, WORKSHOP, request
from lms.certification.issuing import issue_waiting
from lms.certification.queries import Counts, certified, counts, holds, is_revoked, revoked
from lms.certification.signing import seal, sign

__all__ = [
    "COURSE",
    "WORKSHOP",
    "Counts",
    "certified",
    "counts",
    "holds",
    "is_revoked",
    "issue_waiting",
    "request",
    "revoked",
    "seal",
    "sign",
]
