"""Pages of administrators: the list of applications, one of them, a decision's preview, and deciding."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.applications import deciding, duplicates, lists, looking, views
from lms.applications.choice import COLUMNS, FILTERS, Choice, chosen, posted
from lms.applications.deciding import Order, Selection
from lms.applications.forms import LABELS, Deciding
from lms.applications.rules import BECOMES
from lms.applications.values import Decision
from lms.core import audit, countries
from lms.core.domain import Gender, Sector
from lms.core.errors import Invalid
from lms.core.forms import Press, whole
from lms.core.listing import file, number, shown
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.editions.api import countries_of

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint
LETTERS = 20  # that many mails are shown at a time
MOST_TICKED = 200


@blueprint.get("/e/<edition>/applications/")
@permission("applications.decide")
def index() -> ResponseReturnValue:
    """List the applications of the edition."""
    edition, asked = current_edition(), chosen()
    columns = shown(COLUMNS, asked.columns)
    found = lists.page(edition.id, asked, after=number("after"), before=number("before"))
    rows = [(line, lists.cells(line, columns, edition)) for line in found.lines]
    counts = lists.counts(edition.id)
    context = {"filters": _filters(asked, counts), "offered": COLUMNS, "columns": columns, "counts": counts, "decisions": LABELS}
    context["going_on"] = request.args.get("decide", "")
    return render_template("applications/index.html", found=found, rows=rows, choice=asked, form=Press(), **context)


def _filters(asked: Choice, counts: lists.Counts) -> list[tuple[str, str, list[tuple[str, str]]]]:
    codes = {*countries_of(current_edition().id), *counts.countries, asked.country} - {""}
    return [
        ("country", "Country", countries.choices(codes)),
        ("gender", "Gender", [(gender.value, gender.value) for gender in Gender]),
        ("sector", "Sector", [(sector.value, sector.value) for sector in Sector]),
    ]


@blueprint.get("/e/<edition>/applications.csv")
@permission("applications.decide")
def csv_file() -> ResponseReturnValue:
    """Send the applications that the page shows, all pages of them, as CSV."""
    return _file("csv")


@blueprint.get("/e/<edition>/applications.xlsx")
@permission("applications.decide")
def xlsx_file() -> ResponseReturnValue:
    """Send the applications that the page shows, all pages of them, as XLSX."""
    return _file("xlsx")


def _file(form: str) -> ResponseReturnValue:
    edition, asked = current_edition(), chosen()
    columns = shown(COLUMNS, asked.columns)
    what = f"a list of applications ({form.upper()}) with name, {', '.join(column.label for column in columns)}"
    people, about = lists.people(edition.id, asked), ("edition", edition.id)
    audit.seen(current_viewer(), "applications.export", about, people, what=what, edition_id=edition.id, filter=asked.filters)
    return file(lists.table(edition, asked, columns), "Applications", form)


@blueprint.get("/e/<edition>/applications/<int:enrolment>")
@permission("applications.decide")
def one(enrolment: int) -> ResponseReturnValue:
    """Show an application with its history, and what can be decided; looking is recorded."""
    edition = current_edition()
    found = looking.full(edition.id, enrolment)
    about, people = ("enrolment", enrolment), looking.person_of(enrolment)
    audit.seen(current_viewer(), "applications.look", about, people, what="the application", edition_id=edition.id)
    pairs = duplicates.proposals(edition.id, enrolment)
    return render_template("applications/one.html", found=found, history=looking.history(enrolment), pairs=pairs, form=Press())


@blueprint.post("/e/<edition>/applications/preview")
@permission("applications.decide")
def preview() -> ResponseReturnValue:
    """Show what a decision would do, with every mail, before anything is done."""
    return _preview(_form())


def _form() -> Deciding:
    """Read the form; raise `Invalid` where it isn't said what is to be decided."""
    form = Deciding()
    form.validate()
    if form.decision.errors or form.scope.errors:
        message = "Please choose what is to be decided."
        raise Invalid(message, remedy="Go back and choose a decision.")
    return form


def _preview(form: Deciding) -> ResponseReturnValue:
    edition, order, selection = current_edition(), _order(form), _selection(form)
    found = deciding.prospect(edition.id, selection, order.decision)
    form.shown.data = found.mark(order)
    first = min(whole(request.form.get("show")), len(found.ready))
    letters = [(c, deciding.letter(edition, order, c.name)) for c in found.ready[first : first + LETTERS]]
    carried = [*_carried(selection)]
    page = {"found": found, "letters": letters, "first": first, "step": LETTERS, "carried": carried, "becomes": BECOMES[order.decision]}
    return render_template("applications/preview.html", form=form, order=order, **page), form.status


def _order(form: Deciding) -> Order:
    return Order(Decision(form.decision.data), form.said)


def _selection(form: Deciding) -> Selection:
    """Read which applications are meant; raise `Invalid` if none are."""
    if form.scope.data == "all":
        return Selection(choice=posted(request.form))
    ids = tuple(dict.fromkeys(number for text in request.form.getlist("pick")[:MOST_TICKED] if (number := whole(text))))
    if not ids:
        message = "No application was chosen."
        raise Invalid(message, remedy="Go back and tick some, or choose all that match the filters.")
    return Selection(ids)


def _carried(selection: Selection) -> list[tuple[str, str]]:
    """Give the fields that carry a selection from page to page."""
    if selection.choice is None:
        return [("scope", "ticked"), *(("pick", str(number)) for number in selection.ids)]
    return [("scope", "all"), *((name, getattr(selection.choice, name)) for name in ("q", *FILTERS))]


@blueprint.post("/e/<edition>/applications/decide")
@permission("applications.decide")
def decide() -> ResponseReturnValue:
    """Decide, if everything still is as the preview showed it."""
    form = _form()
    if not form.errors:
        with form.refusals():
            selection = _selection(form)
            done = deciding.decide(current_edition(), current_viewer(), selection, _order(form), form.shown.data or "")
            flash(_done(len(done.ready), Decision(form.decision.data)), "good")
            return _next(selection, form.decision.data) if done.more else redirect(url_for("applications.index"))
    return _preview(form)


def _next(selection: Selection, decision: str) -> ResponseReturnValue:
    """Go back to those who match and were too many to be decided at once, with everything chosen as it was."""
    flash("More match than can be decided at once. Preview shows the next of them.")
    kept = selection.choice.arguments() if selection.choice else {}
    return redirect(url_for("applications.index", **kept, decide=decision, _anchor="several"))


def _done(count: int, decision: Decision) -> str:
    which = "1 application is" if count == 1 else f"{count:,} applications are"
    return f"{which} {BECOMES[decision]} now. The mails are on their way."
