"""What other features may use of people."""

from __future__ import annotations

from lms.people.funnel import funnel

__all__ = ["funnel"]
