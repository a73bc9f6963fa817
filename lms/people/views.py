"""Pages about the people of an edition: the list and its files, a learner, a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import audit, countries, purposes
from lms.core.domain import EnrolmentState, Gender, Role, Sector
from lms.core.limits import limited
from lms.core.listing import file, number, shown
from lms.core.permissions import authorize, can, permission
from lms.core.reporting import Subject
from lms.core.spreadsheet import Value
from lms.core.viewer import current_edition, current_viewer
from lms.editions.api import countries_of
from lms.gradebook.api import ensure_settled
from lms.people import commands, lists, risks, story
from lms.people.choice import ACTIVITY, Choice, chosen, offered
from lms.people.forms import NoteForm
from lms.people.stages import stages
from lms.people.values import Learner

blueprint = Blueprint("people", __name__, template_folder="templates")


def choice() -> Choice:
    """Read which people are asked for."""
    keys = [stage.key for stage in stages(current_edition())]
    return chosen(countries.ALL, keys, private=can("people.manage"))


@blueprint.get("/e/<edition>/people/")
@permission("staff")
def index() -> ResponseReturnValue:
    """List the people of the edition."""
    edition, private, asked = current_edition(), can("people.manage"), choice()
    ensure_settled(edition)
    columns = shown(offered(private=private), asked.columns)
    found = lists.page(edition, asked, private=private, after=number("after"), before=number("before"))
    rows = [(line.id, values) for line, values in zip(found.lines, lists.cells(found.lines, columns, edition), strict=True)]
    return render_template(
        "people/index.html", found=found, rows=rows, choice=asked, columns=columns, **_options(asked, private=private)
    )


def _options(asked: Choice, *, private: bool) -> dict[str, object]:
    edition = current_edition()
    filters: list[tuple[str, str, Sequence[tuple[str, str]]]] = [
        ("role", "Role", [(role, role) for role in Role]),
        ("stage", "Reached", [(stage.key, stage.label.lower()) for stage in stages(edition)]),
        ("activity", "Signed in", ACTIVITY),
    ]
    if private:
        codes = {*countries_of(edition.id), asked.country} - {""}
        filters += [
            ("state", "State", [(state, state) for state in EnrolmentState]),
            ("country", "Country", countries.choices(codes or countries.ALL)),
            ("gender", "Gender", [(gender, gender) for gender in Gender]),
            ("sector", "Sector", [(sector, sector) for sector in Sector]),
        ]
    return {"filters": filters, "offered": offered(private=private), "private": private}


@blueprint.get("/e/<edition>/people.csv")
@permission("export")
def csv_file() -> ResponseReturnValue:
    """Send the people that the page shows, all pages of them, as CSV."""
    return file(_table(_taken("csv")), "People", "csv")


@blueprint.get("/e/<edition>/people.xlsx")
@permission("export")
def xlsx_file() -> ResponseReturnValue:
    """Send the people that the page shows, all pages of them, as XLSX."""
    return file(_table(_taken("xlsx")), "People", "xlsx")


def _taken(form: str) -> Choice:
    """Read which people are asked for, and write down for each of them that they are taken."""
    edition, private, asked = current_edition(), can("people.manage"), choice()
    ensure_settled(edition)
    columns = [column.label for column in shown(offered(private=private), asked.columns)]
    audit.seen(
        current_viewer(),
        "people.export",
        ("edition", edition.id),
        lists.people(edition, asked, private=private),
        what=f"a list of people ({form.upper()}) with name, {', '.join(columns)}",
        edition_id=edition.id,
        filter=asked.filters,
    )
    return asked


def _table(asked: Choice) -> Iterator[Sequence[Value]]:
    edition, private = current_edition(), can("people.manage")
    columns = shown(offered(private=private), asked.columns)
    yield lists.heads(columns)
    for lines in lists.every_batch(edition, asked, private=private):
        yield from lists.cells(lines, columns, edition)


@blueprint.route("/e/<edition>/people/<int:enrolment>", methods=["GET", "POST"])
@permission("staff")
def learner(enrolment: int) -> ResponseReturnValue:
    """Show the staff a learner: facts, grades, and everything that happened; tutors say first why, and looking is recorded."""
    edition, viewer = current_edition(), current_viewer()
    found = story.learner(edition.id, enrolment, private=can("people.manage"))
    if (question := purposes.asked(enrolment, found.name)) is not None:
        return question
    what, why = "the page with facts, grades and everything that happened", purposes.of(viewer, enrolment)
    about, whose = ("enrolment", enrolment), story.person(enrolment)
    audit.seen(viewer, "people.look", about, whose, what=what, purpose=why, edition_id=edition.id)
    return _page(found, NoteForm(data={"last": commands.newest_note(enrolment)}))


def _page(found: Learner, form: NoteForm) -> str:
    edition, private = current_edition(), can("people.manage")
    told = story.page(Subject(found.id, found.person_id, edition, private), request.args.get("before", ""))
    last = risks.last_notes([found.id]).get(found.id)
    writable = found.role == Role.LEARNER and found.state == EnrolmentState.CONFIRMED
    return render_template("people/learner.html", learner=found, told=told, form=form, private=private, last=last, writable=writable)


@blueprint.post("/e/<edition>/people/<int:enrolment>/note")
@permission("staff")
@limited(60, 3600)
def note(enrolment: int) -> ResponseReturnValue:
    """Write to a learner."""
    found = story.learner(current_edition().id, enrolment, private=can("people.manage"))
    authorize("people.write", found)
    form = NoteForm()
    if form.validate_on_submit():
        with form.refusals():
            commands.write_note(current_edition(), current_viewer(), found, form.text.data or "", form.last.data or "")
            flash(f"Your note is on its way to {found.name}.", "good")
            return redirect(url_for("people.learner", enrolment=enrolment))
    if purposes.of(current_viewer(), enrolment) is None:
        return redirect(url_for("people.learner", enrolment=enrolment))
    form.last.data = str(commands.newest_note(enrolment))
    return _page(found, form), form.status
