"""What the selection tells the staff about learners: who is selected."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, select

from lms.certification.api import certified
from lms.core.domain import Enrolment
from lms.core.figures import Phase
from lms.core.reporting import Stage, StageRate
from lms.core.viewer import EditionInfo
from lms.selection.models import SelectionApproval, SelectionPlace
from lms.selection.values import State


def stages(edition: EditionInfo) -> Iterator[Stage]:
    """Name being selected; before a run is approved nobody is."""
    if edition.is_closed:
        listed = select(1).select_from(SelectionPlace).join(SelectionApproval, SelectionApproval.run_id == SelectionPlace.run_id)
        own = SelectionPlace.enrolment_id == Enrolment.id, SelectionPlace.state == State.SELECTED
        reached = and_(listed.where(*own).correlate(Enrolment).exists(), Enrolment.id.in_(certified(edition.id)))
        rates = (StageRate("selection_rate", "Selection rate", "certified", ("selection rate",)),)
        words = "Certified, and on the approved list of the selection."
        yield Stage("selected", "Selected", words, reached, Phase.WORKSHOP, words=("selected",), rates=rates)
