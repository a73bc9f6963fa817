"""Pages about grades: a learner's own, the same for staff, and the ranking."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from lms.core import audit, clock, countries
from lms.core.domain import Gender
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.gradebook import commands, queries, ranking, spreadsheet, wording
from lms.gradebook.queries import Learner
from lms.gradebook.ranking import Choice

blueprint = Blueprint("gradebook", __name__, template_folder="templates")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
blueprint.add_app_template_filter(wording.shown, "grade")
blueprint.add_app_template_filter(wording.plain, "plain")


@blueprint.get("/e/<edition>/grades")
@permission("learner")
def grades() -> ResponseReturnValue:
    """Show a learner the own grades and how they come about."""
    return _sheet(current_enrolment_id(), None)


@blueprint.get("/e/<edition>/grades/<int:enrolment>")
@permission("staff")
def learner_grades(enrolment: int) -> ResponseReturnValue:
    """Show the staff a learner's grades; looking is recorded."""
    edition = current_edition()
    found = queries.learner(edition.id, enrolment)
    whose = queries.person_of(enrolment)
    audit.seen(current_viewer(), "gradebook.look", ("enrolment", enrolment), whose, what="the grades", edition_id=edition.id)
    return _sheet(enrolment, found)


def _sheet(enrolment_id: int, learner: Learner | None) -> str:
    sheet = queries.sheet(enrolment_id, current_edition())
    return render_template(
        "gradebook/grades.html",
        sheet=sheet,
        learner=learner,
        so_far_formula=wording.so_far_formula(sheet),
        final_formula=wording.final_formula(sheet),
        checklist=wording.checklist(sheet),
    )


@blueprint.get("/e/<edition>/ranking")
@permission("gradebook.rank")
def ranking_page() -> ResponseReturnValue:
    """Show the learners by final average or by name."""
    edition = current_edition()
    commands.ensure_settled(edition)
    codes = ranking.codes(edition.id)
    choice = ranking.chosen(request.args, codes)
    ranked = ranking.page(edition, choice, after=_number("after"), before=_number("before"))
    return render_template(
        "gradebook/ranking.html",
        ranked=ranked,
        rows=[(line.enrolment_id, ranking.cells(line, edition.pass_mark)) for line in ranked.lines],
        choice=choice,
        countries=countries.choices(codes),
        genders=[(gender, gender) for gender in Gender],
    )


@blueprint.get("/e/<edition>/ranking.csv")
@permission("gradebook.rank")
def ranking_file() -> ResponseReturnValue:
    """Send the ranking as a file for spreadsheets, with the same filters and order as the page."""
    choice = _taken("CSV")
    return _named(Response(stream_with_context(spreadsheet.written(_table(choice))), mimetype="text/csv"), "csv")


@blueprint.get("/e/<edition>/ranking.xlsx")
@permission("gradebook.rank")
def ranking_workbook() -> ResponseReturnValue:
    """Send the same as XLSX."""
    choice = _taken("XLSX")
    return _named(Response(spreadsheet.packed(_table(choice), "Ranking"), mimetype=XLSX), "xlsx")


def _taken(form: str) -> Choice:
    """Read which learners are asked for, and write down for each of them that they are taken."""
    edition = current_edition()
    commands.ensure_settled(edition)
    choice = ranking.chosen(request.args, ranking.codes(edition.id))
    audit.seen(
        current_viewer(),
        "gradebook.export",
        ("edition", edition.id),
        ranking.people(edition.id, choice),
        what=f"the ranking with averages and module grades ({form})",
        edition_id=edition.id,
        filter=choice.arguments(),
    )
    return choice


def _named(response: Response, form: str) -> Response:
    edition = current_edition()
    name = f"ranking-{edition.slug}-{clock.today(edition.zone)}.{form}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _table(choice: Choice) -> Any:
    edition = current_edition()
    yield ranking.heads(ranking.group_titles(edition.id))
    for line in ranking.every_line(edition, choice):
        yield ranking.cells(line, edition.pass_mark)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None  # noqa: PLR2004 - fits a key
