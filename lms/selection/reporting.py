"""What the selection tells the staff: who is selected, and which motivations wait for their score."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, select

from lms.certification.api import certified
from lms.core.domain import Enrolment
from lms.core.figures import Phase
from lms.core.reporting import Queue, Stage, StageRate
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, Viewer
from lms.selection import assessing
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


def queues(viewer: Viewer, edition: EditionInfo) -> Iterator[Queue]:
    """Count the motivations that the viewer can still score, as soon as the course is closed and motivations count."""
    if edition.is_closed and (count := assessing.waits_for(edition.id, viewer)):
        where = path_for("selection.assess", edition=edition.slug)
        yield Queue("Motivations to score", count, None, "Every motivation has its scores.", where)
