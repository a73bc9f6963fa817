"""Pages on which editions are made, changed, published and cloned."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.db import db
from lms.core.domain import Edition
from lms.core.forms import FIRST_YEAR, LAST_YEAR, Press
from lms.core.permissions import permission
from lms.core.viewer import current_edition, current_viewer
from lms.editions import commands, forms, queries, setting_up, views
from lms.editions.forms import Clone

# The feature's blueprint, with these pages on it.
blueprint = views.blueprint


@blueprint.get("/editions")
@permission("site-administrator")
def listing() -> ResponseReturnValue:
    """List all editions with their states, dates and learners."""
    found, after = queries.all_editions(views.number("after"))
    return render_template("editions/listing.html", editions=found, after=after)


@blueprint.route("/editions/new", methods=["GET", "POST"])
@permission("site-administrator")
def new() -> ResponseReturnValue:
    """Make a draft from a course: first the course and the first day, then all that follows from them."""
    starts_on, slug = _date(request.args.get("start", "")), request.args.get("course", "")
    if starts_on is None or not slug:
        return render_template("editions/new.html", courses=queries.courses(), start=forms.next_start(clock.today("UTC")))
    course = commands.find_course(slug)
    modules = setting_up.modules_of(course.id)
    form = forms.set_up(modules, setting_up.own_attempts(course.id), queries.proposal(course, modules, starts_on, current_viewer().zone))
    if form.validate_on_submit():
        with form.refusals():
            plan = forms.plan_of(form, modules)
            setting_up.create_draft(course.slug, plan, current_viewer())
            flash("The draft is made. Only its staff see it until you publish it.", "good")
            return redirect(url_for("editions.checklist", edition=plan.slug))
    return render_template("editions/edit.html", form=form, modules=modules, course=course.title), form.status


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year < LAST_YEAR else None


@blueprint.get("/e/<edition>/set-up")
@permission("editions.set_up")
def checklist() -> ResponseReturnValue:
    """Show how an edition is set up, and what is missing before it can be published."""
    edition = current_edition()
    return render_template(
        "editions/set_up.html",
        checks=setting_up.checklist(edition),
        modules=queries.scheduled(edition, setting_up.modules_of(edition.course_id)),
        countries=queries.countries_of(edition.id),
        form=Press(),
    )


@blueprint.route("/e/<edition>/set-up/change", methods=["GET", "POST"])
@permission("editions.set_up")
def edit() -> ResponseReturnValue:
    """Change a draft, or of an open edition what takes nothing from its learners."""
    edition = current_edition()
    modules, stored = setting_up.modules_of(edition.course_id), setting_up.plan_of(db.session.get_one(Edition, edition.id))
    form = forms.set_up(modules, setting_up.own_attempts(edition.course_id), stored, edition.version)
    if form.validate_on_submit():
        plan, version = forms.plan_of(form, modules, stored), form.version.data or ""
        with form.refusals():
            setting_up.change(edition.id, plan, int(version) if version.isdigit() else 0, current_viewer())
            flash("Saved.", "good")
            return redirect(url_for("editions.checklist", edition=plan.slug))
    form.version.data = str(edition.version)  # who has read what changed may send the same again
    return render_template("editions/edit.html", form=form, modules=modules, course=edition.course_title), form.status


@blueprint.post("/e/<edition>/set-up/publish")
@permission("editions.set_up")
def publish() -> ResponseReturnValue:
    """Open a draft to the public."""
    setting_up.publish(current_edition().id, current_viewer())
    flash("The edition is published: everybody can read about it, and people can register from the day on that you chose.", "good")
    return redirect(url_for("editions.checklist"))


@blueprint.route("/e/<edition>/set-up/clone", methods=["GET", "POST"])
@permission("site-administrator")
def clone() -> ResponseReturnValue:
    """Make a draft like this edition that starts on another day, without its people."""
    edition, start = current_edition(), forms.next_start(clock.today("UTC"))
    slug, title = queries.free_slug(f"{edition.slug}-{start.year}"), f"{edition.title[:100]}, {start.year}"
    form = Clone(data={"starts_on": start, "slug": slug, "title": title})
    if form.validate_on_submit() and form.starts_on.data and form.slug.data:
        with form.refusals():
            setting_up.clone(edition.id, form.slug.data, form.title.data or "", form.starts_on.data, current_viewer())
            flash("The draft is made, with all dates moved and nobody in it.", "good")
            return redirect(url_for("editions.checklist", edition=form.slug.data))
    return render_template("editions/clone.html", form=form), form.status


