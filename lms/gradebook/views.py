"""Pages about grades: a learner's own, the same for staff, and the ranking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lms.core import audit, purposes
from lms.core.listing import file, number
from lms.core.permissions import can, permission
from lms.core.spreadsheet import Value
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.gradebook import commands, queries, ranking, wording
from lms.gradebook.queries import Learner
from lms.gradebook.ranking import Asked

blueprint = Blueprint("gradebook", __name__, template_folder="templates")
blueprint.add_app_template_filter(wording.shown, "grade")
blueprint.add_app_template_filter(wording.plain, "plain")


@blueprint.get("/e/<edition>/grades")
@permission("learner")
def grades() -> ResponseReturnValue:
    """Show a learner the own grades and how they come about."""
    return _sheet(current_enrolment_id(), None)


@blueprint.route("/e/<edition>/grades/<int:enrolment>", methods=["GET", "POST"])
@permission("staff")
def learner_grades(enrolment: int) -> ResponseReturnValue:
    """Show the staff a learner's grades; tutors say first why, and looking is recorded."""
    edition, viewer = current_edition(), current_viewer()
    found = queries.learner(edition.id, enrolment)
    if (question := purposes.asked(enrolment, found.name)) is not None:
        return question
    whose, why, about = queries.person_of(enrolment), purposes.of(viewer, enrolment), ("enrolment", enrolment)
    audit.seen(viewer, "gradebook.look", about, whose, what="the grades", purpose=why, edition_id=edition.id)
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
    asked = ranking.asked(edition.id, private=can("administrator"))
    ranked = ranking.page(edition, asked.choice, after=number("after"), before=number("before"))
    numbers = [line.enrolment_id for line in ranked.lines]
    return render_template(
        "gradebook/ranking.html",
        ranked=ranked,
        rows=list(zip(numbers, ranking.cells(ranked.lines, asked, edition.pass_mark), strict=True)),
        choice=asked.choice,
        offered=asked.offered,
        columns=asked.columns,
        filters=ranking.filters(asked.codes) if asked.private else [],
    )


@blueprint.get("/e/<edition>/ranking.csv")
@permission("gradebook.rank")
def ranking_file() -> ResponseReturnValue:
    """Send the ranking as a file for spreadsheets, with the same filters, order and columns as the page."""
    return file(_taken("CSV"), "Ranking", "csv")


@blueprint.get("/e/<edition>/ranking.xlsx")
@permission("gradebook.rank")
def ranking_workbook() -> ResponseReturnValue:
    """Send the same as XLSX."""
    return file(_taken("XLSX"), "Ranking", "xlsx")


def _taken(form: str) -> Iterator[Sequence[Value]]:
    """Give the table that is asked for, and write down for each learner in it that it is taken."""
    edition = current_edition()
    commands.ensure_settled(edition)
    asked = ranking.asked(edition.id, private=can("administrator"))
    audit.seen(
        current_viewer(),
        "gradebook.export",
        ("edition", edition.id),
        ranking.people(edition.id, asked.choice),
        what=f"the ranking ({form}) with name, {', '.join(column.label for column in asked.columns)}",
        edition_id=edition.id,
        filter=asked.choice.filters,
    )
    return _table(asked)


def _table(asked: Asked) -> Iterator[Sequence[Value]]:
    edition = current_edition()
    yield ranking.heads(asked.columns)
    yield from ranking.cells(ranking.every_line(edition, asked.choice), asked, edition.pass_mark)
