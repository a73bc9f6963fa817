"""Who may do what in forums."""

from __future__ import annotations

from typing import Protocol

from lms.core.permissions import enrolled, staff
from lms.core.viewer import Viewer
from lms.forums.rules import ANNOUNCEMENTS


class Written(Protocol):
    """Anything that somebody wrote."""

    @property
    def author_id(self) -> int | None:
        """The enrolment of who wrote it; none for the course itself."""


def moderate(viewer: Viewer, forum: str | None = None) -> bool:
    """Let staff look after forums, and after this one unless they are limited to other modules."""
    return staff(viewer) if forum is None else viewer.leads(forum)


def announce(viewer: Viewer, thing: object = None) -> bool:
    """Let staff write to the whole edition, but no tutor who is limited to some modules."""
    return staff(viewer, thing) and not viewer.modules


def start(viewer: Viewer, forum: str) -> bool:
    """Let participants start topics, in the announcements only those who may write to all."""
    return enrolled(viewer) and (forum != ANNOUNCEMENTS or announce(viewer))


def own(viewer: Viewer, post: Written) -> bool:
    """Let authors change what is theirs."""
    return enrolled(viewer) and post.author_id == viewer.enrolment_id


def flag(viewer: Viewer, post: Written) -> bool:
    """Let participants report what others wrote."""
    return enrolled(viewer) and not own(viewer, post)


def decide(viewer: Viewer, post: Written) -> bool:
    """Let staff decide about what others wrote, never about their own posts."""
    return staff(viewer) and not own(viewer, post)
