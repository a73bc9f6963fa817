"""Who may do what: named rules, each a pure function of the viewer and the thing; every view names one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app

from lms.core.domain import Role
from lms.core.errors import Forbidden
from lms.core.viewer import Viewer, current_viewer

Rule = Callable[[Viewer, Any], bool]
View = TypeVar("View", bound=Callable[..., Any])


def anyone(viewer: Viewer, thing: object = None) -> bool:
    """Let everybody in."""
    del viewer, thing
    return True


def signed_in(viewer: Viewer, thing: object = None) -> bool:
    """Let in whoever is signed in."""
    del thing
    return viewer.is_authenticated


def participant(viewer: Viewer, thing: object = None) -> bool:
    """Let in everybody who belongs to the edition, and the installation's administrators."""
    del thing
    return viewer.enrolment_id is not None or viewer.is_staff or viewer.administrator


def learner(viewer: Viewer, thing: object = None) -> bool:
    """Let in the edition's learners."""
    del thing
    return viewer.enrolment_id is not None and viewer.role == Role.LEARNER


def enrolled(viewer: Viewer, thing: object = None) -> bool:
    """Let in everybody with an enrolment of their own, whatever the role."""
    del thing
    return viewer.enrolment_id is not None


def staff(viewer: Viewer, thing: object = None) -> bool:
    """Let in the edition's tutors and administrators."""
    del thing
    return viewer.is_staff


def administrator(viewer: Viewer, thing: object = None) -> bool:
    """Let in administrators of the edition or of the installation."""
    del thing
    return viewer.is_administrator


def site_administrator(viewer: Viewer, thing: object = None) -> bool:
    """Let in administrators of the whole installation."""
    del thing
    return viewer.administrator


def export(viewer: Viewer, thing: object = None) -> bool:
    """Let administrators take lists as files, and tutors to whom an administrator gave that right; no file tells more than its page."""
    return administrator(viewer, thing) or viewer.may_export


CORE_RULES: dict[str, Rule] = {
    "public": anyone,
    "signed-in": signed_in,
    "participant": participant,
    "learner": learner,
    "enrolled": enrolled,
    "staff": staff,
    "administrator": administrator,
    "export": export,
    "site-administrator": site_administrator,
}


def permission(name: str) -> Callable[[View], View]:
    """State the permission that a view needs; start-up fails for a view without one."""

    def state(view: View) -> View:
        view.permission = name  # type: ignore[attr-defined]
        return view

    return state


def can(name: str, thing: object = None) -> bool:
    """Tell whether the request's viewer may do the named thing; the same answer for views and templates."""
    rule: Rule = current_app.extensions["lms"].rules[name]
    return rule(current_viewer(), thing)


def authorize(name: str, thing: object = None) -> None:
    """Raise `Forbidden` unless the viewer may do the named thing."""
    if not can(name, thing):
        message = "You may not do this."
        raise Forbidden(message)
