"""Pages of administrators: where and when the workshop is, the list of invitations, one of them, and sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import islice

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import audit, clock, countries
from lms.core.domain import Gender
from lms.core.errors import Invalid
from lms.core.forms import Press
from lms.core.listing import file, number
from lms.core.permissions import permission
from lms.core.viewer import Viewer, current_edition, current_viewer
from lms.editions.api import countries_of
from lms.invitations import answering, list_views, lists, looking, placing, queries, rules
from lms.invitations.choice import COLUMNS, UNCONFIRMED, Choice, chosen, columns_of
from lms.invitations.forms import Doing, Sending, Workshop, whole
from lms.invitations.placing import Order
from lms.invitations.values import Act, GatheringInfo, State

# The feature's blueprint, with these pages on it.
blueprint = list_views.blueprint
LETTERS = 20
MOST_TICKED = 500
DO: dict[Act, Callable[[int, str, Viewer], bool]] = {
    Act.ACCEPT: lambda enrolment, _, by: answering.accept(enrolment, by),
    Act.DECLINE: answering.decline,
    Act.CONFIRM: lambda enrolment, _, by: answering.confirm_again(enrolment, by),
    Act.ATTEND: lambda enrolment, reason, by: answering.mark(enrolment, State.ATTENDED, by, reason),
    Act.MISS: lambda enrolment, reason, by: answering.mark(enrolment, State.ABSENT, by, reason),
    Act.REPLACE: answering.take_back,
}


@blueprint.get("/e/<edition>/invitations/")
@permission("invitations.manage")
def index() -> ResponseReturnValue:
    """List the invitations of the edition."""
    edition, asked = current_edition(), chosen()
    columns, counts = columns_of(asked), lists.counts(edition.id)
    found = lists.page(edition.id, asked, number("page") or 1)
    rows = [(line, lists.cells(line, columns, edition)) for line in found.lines]
    context = {"filters": _filters(asked), "offered": COLUMNS, "columns": columns, "counts": counts, "states": [*State]}
    context["unconfirmed"] = UNCONFIRMED
    gathering, today = queries.gathering(edition.id), clock.today(edition.zone)
    context |= {"gathering": gathering, "over": gathering is not None and today > gathering.ends_on}
    context["stuck"] = bool(counts.free) and queries.passes_on(edition.id, gathering, today)
    return render_template("invitations/index.html", found=found, rows=rows, choice=asked, form=Press(), **context)


def _filters(asked: Choice) -> list[tuple[str, str, list[tuple[str, str]]]]:
    codes = {*(countries_of(current_edition().id) or countries.ALL), asked.country} - {""}
    return [
        ("country", "Country", countries.choices(codes)),
        ("gender", "Gender", [(gender.value, gender.value) for gender in Gender]),
    ]


@blueprint.get("/e/<edition>/invitations.csv")
@permission("invitations.manage")
def csv_file() -> ResponseReturnValue:
    """Send the invitations that the page shows, all pages of them, as CSV."""
    return _file("csv")


@blueprint.get("/e/<edition>/invitations.xlsx")
@permission("invitations.manage")
def xlsx_file() -> ResponseReturnValue:
    """Send the invitations that the page shows, all pages of them, as XLSX."""
    return _file("xlsx")


def _file(form: str) -> ResponseReturnValue:
    edition, asked = current_edition(), chosen()
    columns = columns_of(asked)
    what = f"a list of invitations ({form.upper()}) with name, {', '.join(column.label for column in columns)}"
    people, about = lists.people(edition.id, asked), ("edition", edition.id)
    audit.seen(current_viewer(), "invitations.export", about, people, what=what, edition_id=edition.id, filter=asked.filters)
    return file(lists.table(edition, asked, columns), "Invitations", form)


@blueprint.route("/e/<edition>/invitations/workshop", methods=["GET", "POST"])
@permission("invitations.manage")
def workshop() -> ResponseReturnValue:
    """Say where and when the workshop is, and by when what is needed."""
    edition = current_edition()
    stored = queries.gathering(edition.id) or _proposal()
    form = Workshop(obj=stored)
    if form.validate_on_submit():
        with form.refusals():
            told = placing.arrange(edition.id, form.info(), current_viewer())
            flash(f"Saved. {told:,} who are invited or come get a mail that it has changed." if told else "Saved.", "good")
            return redirect(url_for("invitations.index"))
    form.version.data = str(stored.version)  # who has read what changed may send the same again
    return render_template("invitations/workshop.html", form=form), form.status


def _proposal() -> GatheringInfo:
    """Propose dates that suit most workshops: in two months, booked ten days before, forgotten a month after."""
    edition = current_edition()
    first = max(edition.ends_on, clock.today(edition.zone)) + timedelta(days=49)
    first += timedelta(days=-first.weekday() % 7)
    last = first + timedelta(days=3)
    book, forget = first - timedelta(days=10), last + timedelta(days=30)
    return GatheringInfo("", "", first, last, answer_days=10, freeze_on=book, delete_on=forget, automatic=False)


@blueprint.post("/e/<edition>/invitations/preview")
@permission("invitations.manage")
def preview() -> ResponseReturnValue:
    """Show whom an invitation would go to, with every mail, before anything is sent."""
    found, form = queries.require_gathering(current_edition().id), Sending()
    if request.form.get("answer_by") is None:
        form.answer_by.process(None, rules.usual_deadline(found, clock.today(current_edition().zone)))
    elif form.validate():
        with form.refusals():
            placing.require_time(_order(form).deadline)
    return _preview(form)


def _preview(form: Sending) -> ResponseReturnValue:
    edition, picked = current_edition(), _picked()
    gathering, found = queries.require_gathering(edition.id), placing.prospect(edition.id, picked)
    letters = []
    if form.answer_by.data and not form.errors.keys() - {"shown"}:
        form.shown.data = found.mark(_order(form).deadline, _order(form).words)
        letters = [(guest, placing.letter(edition, gathering, _order(form), guest.name)) for guest in islice(found.ready, LETTERS)]
    return render_template("invitations/preview.html", form=form, found=found, letters=letters, picked=picked), form.status


def _order(form: Sending) -> Order:
    last = form.answer_by.data or clock.today(current_edition().zone)
    return Order(rules.end_of_day(last, current_edition().zone), form.words.data or "")


def _picked() -> tuple[int, ...] | None:
    """Read who is meant: those ticked, or `None` for all who are proposed; raise `Invalid` if nobody is."""
    if request.form.get("scope") != "ticked":
        return None
    found = tuple(dict.fromkeys(number for text in request.form.getlist("pick")[:MOST_TICKED] if (number := whole(text))))
    if not found:
        message = "Nobody was chosen."
        raise Invalid(message, remedy="Go back and tick some, or choose all who are proposed.")
    return found


@blueprint.post("/e/<edition>/invitations/send")
@permission("invitations.manage")
def send() -> ResponseReturnValue:
    """Invite, if everything still is as the preview showed it."""
    form = Sending()
    if form.validate():
        with form.refusals():
            edition, shown_then = current_edition(), form.shown.data or ""
            count = placing.invite_shown(edition.id, _order(form), shown_then, current_viewer(), _picked())
            flash(f"{count:,} invitation{'' if count == 1 else 's'} sent. The mails are on their way.", "good")
    return _preview(form) if form.errors else redirect(url_for("invitations.index"))


@blueprint.get("/e/<edition>/invitations/<int:enrolment>")
@permission("invitations.manage")
def one(enrolment: int) -> ResponseReturnValue:
    """Show an invitation with its history and what can be done; looking is recorded."""
    return _one(enrolment, Doing())


def _one(enrolment: int, form: Doing) -> ResponseReturnValue:
    edition, found = current_edition(), looking.full(current_edition().id, enrolment)
    about, people = ("enrolment", enrolment), queries.person_of(enrolment)
    audit.seen(current_viewer(), "invitations.look", about, people, what="the invitation", edition_id=edition.id)
    form.offer(found.acts)
    form.shown.data = found.guest.standing.state
    page = {"history": looking.history(enrolment), "ready": queries.gathering(edition.id) is not None}
    return render_template("invitations/one.html", found=found, form=form, enrolment=enrolment, **page), form.status


@blueprint.post("/e/<edition>/invitations/<int:enrolment>/act")
@permission("invitations.manage")
def act(enrolment: int) -> ResponseReturnValue:
    """Put down what became of an invitation, on behalf of whom it is for."""
    found, form = looking.full(current_edition().id, enrolment), Doing()
    form.offer(DO)
    if form.validate():
        with form.refusals():
            deed = Act(form.act.data)
            answering.require_shown(enrolment, deed, form.shown.data or "")
            new = DO[deed](enrolment, form.reason.data or "", current_viewer())
            flash(f"Noted for {found.guest.name}." if new else "That was put down already.", "good")
    return _one(enrolment, form) if form.errors else redirect(url_for("invitations.one", enrolment=enrolment))
