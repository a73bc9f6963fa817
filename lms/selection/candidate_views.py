"""Pages of administrators about candidates: the ranking before any run, one of them, and what is put down of them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import audit
from lms.core.forms import Press
from lms.core.listing import number
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.selection import candidates, looking, marking, queries, views
from lms.selection.forms import MarkForm, ValueForm

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint


@blueprint.get("/e/<edition>/selection/candidates/")
@permission("selection.manage")
def ranking() -> ResponseReturnValue:
    """List the candidates by final average, ties marked."""
    edition = current_edition()
    found = queries.ranking(edition.id, number("page") or 1)
    people = looking.people([line.enrolment_id for line in found.lines])
    audit.seen(current_viewer(), "selection.look", ("edition", edition.id), people, what="the selection", edition_id=edition.id)
    return render_template("selection/candidates.html", found=found, marks=queries.marks_with_names(edition.id))


@blueprint.get("/e/<edition>/selection/candidates/<int:enrolment>")
@permission("selection.manage")
def one(enrolment: int) -> ResponseReturnValue:
    """Show a candidate: values, what the last run made of them, what is put down."""
    return _page(enrolment, MarkForm(), _value_form())


def _value_form(*, empty: bool = False) -> ValueForm:
    form = ValueForm(formdata=None) if empty else ValueForm()
    form.offer(marking.criteria(current_edition().id).values())
    return form


def _page(enrolment: int, form: MarkForm, value: ValueForm) -> ResponseReturnValue:
    edition = current_edition()
    marking.require_candidate(edition.id, enrolment)
    about, people = ("enrolment", enrolment), looking.people([enrolment])
    audit.seen(current_viewer(), "selection.look", about, people, what="the selection", edition_id=edition.id)
    held = candidates.current(edition.id)
    state = {"criteria": held[1].criteria if held else (), "approved": queries.is_approved(edition.id)}
    context = {"mark": queries.mark_of(enrolment), "press": Press(), **state}
    person, last = queries.person(edition.id, enrolment), looking.last_line(edition.id, enrolment)
    page = render_template("selection/candidate.html", person=person, last=last, form=form, value=value, **context)
    return page, max(form.status, value.status)


@blueprint.post("/e/<edition>/selection/candidates/<int:enrolment>/mark")
@permission("selection.manage")
def mark(enrolment: int) -> ResponseReturnValue:
    """Put down that somebody must or must not be selected."""
    form = MarkForm()
    if form.validate():
        with form.refusals():
            must = form.mark.data == "must"
            marking.mark(current_edition().id, enrolment, current_viewer(), must=must, reason=form.reason.data or "")
            flash("Saved. It counts from the next run on.", "good")
            return redirect(url_for("selection.one", enrolment=enrolment))
    return _page(enrolment, form, _value_form(empty=True))


@blueprint.post("/e/<edition>/selection/candidates/<int:enrolment>/free")
@permission("selection.manage")
def free(enrolment: int) -> ResponseReturnValue:
    """Let points and quotas decide about somebody again."""
    marking.free(current_edition().id, enrolment, current_viewer())
    flash("Points and quotas decide again, from the next run on.", "good")
    return redirect(url_for("selection.one", enrolment=enrolment))


@blueprint.post("/e/<edition>/selection/candidates/<int:enrolment>/value")
@permission("selection.manage")
def value(enrolment: int) -> ResponseReturnValue:
    """Put down what somebody is worth by a criterion."""
    form = _value_form()
    if form.validate() and form.value.data is not None:
        with form.refusals():
            marking.set_value(current_edition().id, enrolment, current_viewer(), form.criterion.data, form.value.data)
            flash("Saved. It counts from the next run on.", "good")
            return redirect(url_for("selection.one", enrolment=enrolment))
    return _page(enrolment, MarkForm(formdata=None), form)
