"""What other features may use of applications."""

from __future__ import annotations

from lms.applications.queries import motivated, motivation
from lms.applications.sheets import MOST_BYTES, Table, UnreadableError, table

__all__ = ["MOST_BYTES", "Table", "UnreadableError", "motivated", "motivation", "table"]
