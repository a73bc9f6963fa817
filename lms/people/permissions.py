"""Who may look after whom."""

from __future__ import annotations

from lms.core.domain import EnrolmentState, Role
from lms.core.permissions import administrator, staff
from lms.core.viewer import Viewer
from lms.people.values import Learner


def manage(viewer: Viewer, thing: object = None) -> bool:
    """Let administrators see everybody's facts, and take lists of them."""
    return administrator(viewer, thing)


def write(viewer: Viewer, learner: Learner | None = None) -> bool:
    """Let staff write to learners whose place is confirmed."""
    fits = learner is None or (learner.role == Role.LEARNER and learner.state == EnrolmentState.CONFIRMED)
    return staff(viewer) and fits
