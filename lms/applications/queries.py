"""What is left to do."""

from __future__ import annotations

from collections.abc import Sequence

from lms.applications.models import NomineeFile
from lms.core.work import due


def files() -> Sequence[int]:
    """List the files of nominees that wait to be imported."""
    return due(NomineeFile)
