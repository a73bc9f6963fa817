"""What accounts put on other features' pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import render_template
from markupsafe import Markup

from lms.accounts import first_run, queries
from lms.core import clock
from lms.core.permissions import learner
from lms.core.viewer import EditionInfo, Viewer

NEAR_THE_END = timedelta(days=10)


def dashboard(viewer: Viewer, edition: EditionInfo) -> Iterator[Markup]:
    """Ask a learner, when the end is near, to confirm the name that the certificate will print."""
    near = edition.is_closed or clock.today(edition.zone) >= edition.ends_on - NEAR_THE_END
    if not near or not learner(viewer):
        return
    name = queries.printed_name(viewer.person_id or 0)
    if name.confirmed_at is None:
        yield Markup(render_template("accounts/name_card.html", name=name))  # noqa: S704 - a template's output


def home(viewer: Viewer) -> Iterator[Markup]:
    """Tell whoever opens a new installation how its first administrator is made."""
    if not viewer.is_authenticated and first_run.waits():
        yield Markup(render_template("accounts/waits.html"))  # noqa: S704 - a template's output
