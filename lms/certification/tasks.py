"""Celery's side of certificates."""

from __future__ import annotations

import logging

from certificates import KeysError
from lms.certification import commands, issuing, signing
from lms.core.tasks import task

SWEEP = commands.SWEEP
log = logging.getLogger(__name__)


@task(commands.ISSUE)
def issue(certificate_id: int) -> None:
    """Issue one certificate."""
    issuing.issue(certificate_id)


@task(issuing.LISTS)
def lists() -> None:
    """Sign the status lists that changed."""
    issuing.make_lists()


@task(SWEEP)
def sweep() -> None:
    """Publish the keys, issue every certificate that waits, and sign the status lists that changed."""
    try:
        signing.keep_published()
    except (KeysError, OSError) as error:
        log.warning("the keys can't be published: %s", error)  # what waits for them says so, too
    issuing.issue_waiting()
    issuing.make_lists()
