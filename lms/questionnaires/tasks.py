"""The task of questionnaires."""

from __future__ import annotations

import logging

from lms.core.db import unit_of_work
from lms.core.errors import Conflict
from lms.core.tasks import task
from lms.questionnaires import commands

SWEEP = "questionnaires.sweep"
log = logging.getLogger(__name__)


@task(SWEEP)
def sweep() -> None:
    """Open and mix the answers of what is over; what can't be opened stays, and does not keep the others waiting."""
    for row_id in commands.over():
        try:
            with unit_of_work():
                commands.seal(row_id)
        except Conflict as error:
            log.error("questionnaire %s: %s", row_id, error.message)  # noqa: TRY400 - the sentence says it all
