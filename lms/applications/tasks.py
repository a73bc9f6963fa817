"""Background work on applications."""

from __future__ import annotations

from lms.applications import applying, duplicates, importing, queries
from lms.core.db import unit_of_work
from lms.core.tasks import task

SWEEP = "applications.sweep"


@task(importing.IMPORT)
def import_file(file_id: int) -> None:
    """Import a file of nominees."""
    importing.run(file_id)


@task(applying.COMPARE)
def compare(enrolment_id: int) -> None:
    """Look for the same person among the other applications."""
    duplicates.compare(enrolment_id)


@task(SWEEP)
def sweep() -> None:
    """Import the files that were left, compare what nobody compared, and forget drafts that nobody wants any more."""
    for file_id in queries.files():
        importing.run(file_id)
    for enrolment_id in duplicates.uncompared():
        duplicates.compare(enrolment_id)
    with unit_of_work():
        importing.forget_drafts()
