"""Pages that look at everybody at once: the funnel, who is at risk, the day of the staff; and who looked, for everybody."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.core.listing import number
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.gradebook.api import ensure_settled
from lms.people import funnel, privacy, queries, risks, rules, views

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint
FIRST = 5


@blueprint.get("/e/<edition>/funnel")
@permission("people.manage")
def funnel_page() -> ResponseReturnValue:
    """Show how many learners come how far."""
    ensure_settled(current_edition())
    return render_template("people/funnel.html", funnel=funnel.funnel(current_edition()))


@blueprint.get("/e/<edition>/at-risk")
@permission("staff")
def at_risk() -> ResponseReturnValue:
    """Show the learners at risk, with the reasons."""
    edition, viewer = current_edition(), current_viewer()
    ensure_settled(edition)
    found = risks.page(edition, viewer, after=number("after"))
    steps = risks.milestones(edition, viewer)
    return render_template("people/at_risk.html", found=found, steps=steps, rules=rules)


@blueprint.get("/e/<edition>/today")
@permission("staff")
def today() -> ResponseReturnValue:
    """Show the staff what waits for them."""
    edition, viewer = current_edition(), current_viewer()
    ensure_settled(edition)
    found = risks.page(edition, viewer, rows=FIRST)
    return render_template("people/today.html", queues=queries.queues(viewer, edition), found=found)


@blueprint.get("/account/privacy")
@permission("signed-in")
def who_looked() -> ResponseReturnValue:
    """Show everybody who looked at their records."""
    looks, before = privacy.looks(current_viewer().person_id or 0, number("before"))
    return render_template("people/privacy.html", looks=looks, before=before, first=number("before") is None)
