"""Pages of administrators: the overview, the rules, runs and what came out of them, approval, and what two runs differ in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import audit, clock, countries
from lms.core.domain import GENDERS, Sector
from lms.core.errors import NotFound
from lms.core.forms import Press, whole
from lms.core.limits import limited
from lms.core.listing import number
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.editions.api import countries_of
from lms.selection import candidates, commands, dossier, freshness, looking, queries
from lms.selection.choice import chosen
from lms.selection.forms import RulesForm, rules_form
from lms.selection.values import State

blueprint = Blueprint("selection", __name__, template_folder="templates")
LARGEST = 2147483647


@blueprint.get("/e/<edition>/selection/")
@permission("selection.manage")
def index() -> ResponseReturnValue:
    """Show the rules that hold and the runs there are."""
    edition = current_edition()
    context: dict[str, Any] = {"held": candidates.current(edition.id), "counts": queries.counts(edition.id)}
    if approved := queries.approved(edition.id):
        context |= {"dossier": dossier.state(approved.run_id), "gone": _gone(approved)}
    runs = looking.runs(edition.id)
    context |= {"runs": runs, "finished": [run.number for run in runs if run.is_done]}
    return render_template("selection/index.html", approved=approved, form=Press(), **context)


def _gone(approved: queries.Approved) -> list[tuple[int, str]]:
    """List who is on the list that stands and can't come any more; that is a look at these people."""
    edition = current_edition()
    if found := queries.gone(edition.id, approved):
        people = looking.people([enrolment for enrolment, _ in found])
        about = ("run", approved.run_id)
        audit.seen(current_viewer(), "selection.look", about, people, what="the selection", edition_id=edition.id)
    return found


@blueprint.route("/e/<edition>/selection/rules", methods=["GET", "POST"])
@permission("selection.manage")
def change_rules() -> ResponseReturnValue:
    """Change the rules."""
    edition, form = current_edition(), _rules_form()
    if form.validate_on_submit():
        with form.refusals():
            commands.set_rules(edition.id, current_viewer(), form.wanted(), before=whole(form.before.data))
            flash("Saved. Runs from now on follow these rules.", "good")
            return redirect(url_for("selection.index"))
    return render_template("selection/rules.html", form=form, approved=queries.is_approved(edition.id)), form.status


def _rules_form() -> RulesForm:
    edition = current_edition()
    version, held = candidates.current(edition.id) or (0, None)
    codes = countries_of(edition.id) or queries.countries_there(edition.id)
    return rules_form(sorted(codes, key=countries.name), held, version, f"{edition.slug} {clock.today(edition.zone)}")


@blueprint.post("/e/<edition>/selection/run")
@permission("selection.manage")
@limited(30, 600)
def run() -> ResponseReturnValue:
    """Run the selection."""
    run_id = commands.run(current_edition().id, current_viewer())
    return redirect(url_for("selection.result", run=commands.number_of(run_id)))


@blueprint.get(f"/e/<edition>/selection/runs/<int(max={LARGEST}):run>")
@permission("selection.manage")
def result(run: int) -> ResponseReturnValue:
    """Show what came out of a run: who is selected, what the quotas cost, the balance."""
    edition, asked = current_edition(), chosen()
    found = looking.one(edition.id, run)
    if not found.is_done or not found.feasible:
        outcome = looking.result(found.id) if found.is_done else None
        return render_template("selection/unfinished.html", run=found, result=outcome, form=Press())
    balance = looking.balance(found.id)
    page = looking.lines(found.id, asked, number("page") or 1, balance.total(asked))
    about, people = ("run", found.id), looking.people([line.enrolment_id for line in page.lines])
    audit.seen(current_viewer(), "selection.look", about, people, what="the selection", edition_id=edition.id)
    places = sorted({*countries_of(edition.id), *balance.by("country")}, key=countries.name)
    context = {"states": balance.states, "balance": _balance(balance, places), "filters": _filters(places), "found": page, "choice": asked}
    approval = {"approved": bool(found.approved_at) or queries.is_approved(edition.id)}
    approval["stale"] = not approval["approved"] and freshness.stale(found.id)
    return render_template("selection/result.html", run=found, result=looking.result(found.id), form=Press(), **context, **approval)


def _filters(places: Sequence[str]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    genders, sectors = [(gender.value, label) for gender, label in GENDERS.items()], [(s.value, s.value) for s in Sector]
    return [("country", "Country", countries.choices(places)), ("gender", "Gender", genders), ("sector", "Sector", sectors)]


def _balance(balance: looking.Balance, places: Sequence[str]) -> list[tuple[str, str, list[tuple[str, int, str]]]]:
    """Give the bars of the charts: selected, of how many candidates; countries of the edition without any are there, too."""
    by_country, by_gender, by_sector = (balance.by(name) for name in ("country", "gender", "sector"))
    return [
        ("By country", "country", [(countries.name(code), *_bar(by_country.get(code, {}))) for code in places]),
        ("By gender", "gender", [(label, *_bar(by_gender.get(gender, {}))) for gender, label in GENDERS.items()]),
        ("By sector", "sector", [(sector.capitalize(), *_bar(by_sector.get(sector, {}))) for sector in Sector]),
    ]


def _bar(counts: dict[str, int]) -> tuple[int, str]:
    selected = counts.get(State.SELECTED, 0)
    return selected, f"{selected} of {sum(counts.values())}"


@blueprint.post(f"/e/<edition>/selection/runs/<int(max={LARGEST}):run>/approve")
@permission("selection.manage")
def approve(run: int) -> ResponseReturnValue:
    """Let the list of a run stand."""
    found = looking.one(current_edition().id, run)
    commands.approve(found.id, current_viewer())
    flash("Approved. Those who are not selected get a mail that says why.", "good")
    return redirect(url_for("selection.result", run=run))


@blueprint.get("/e/<edition>/selection/compare")
@permission("selection.manage")
def choose() -> ResponseReturnValue:
    """Lead to what the two runs differ in that were chosen."""
    before, after = number("before") or 0, number("after") or 0
    if not {before, after} <= {*looking.finished(current_edition().id)}:
        message = "There are no two such runs that are finished."
        raise NotFound(message, remedy="Choose two on the page of the selection.")
    return redirect(url_for("selection.compare", before=before, after=after))


@blueprint.get(f"/e/<edition>/selection/runs/<int(max={LARGEST}):before>/<int(max={LARGEST}):after>")
@permission("selection.manage")
def compare(before: int, after: int) -> ResponseReturnValue:
    """Show what two runs differ in."""
    edition = current_edition()
    old, new = looking.one(edition.id, before), looking.one(edition.id, after)
    if not (old.is_done and new.is_done):
        message = "One of these runs is not finished."
        raise NotFound(message)
    changes, more = looking.differences(old.id, new.id)
    people = looking.people([change.enrolment_id for change in changes])
    audit.seen(current_viewer(), "selection.look", ("run", new.id), people, what="the selection", edition_id=edition.id)
    results = [(run, looking.result(run.id)) for run in (old, new)]
    context = {"changes": changes, "more": more, "finished": looking.finished(edition.id)}
    return render_template("selection/compare.html", results=results, **context)
