"""Pages about roles: an edition's team, and the installation's administrators."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lms.core import preview
from lms.core.domain import Role
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, current_edition, current_viewer
from lms.modules.api import modules
from lms.team import commands, queries
from lms.team.forms import Appointment, NewAdministrator, Position

blueprint = Blueprint("team", __name__, template_folder="templates")


def link(edition: EditionInfo) -> Iterator[str]:
    """Tell where people are put on an edition's team."""
    yield path_for("team.index", edition=edition.slug)


def titles() -> dict[str, str]:
    """Name the modules of the edition's course by their slugs."""
    return {found.slug: f"{found.number} {found.title}" for found in modules(current_edition())}


@blueprint.route("/e/<edition>/team", methods=["GET", "POST"])
@permission("team.manage")
@limited(60, 600)
def index() -> ResponseReturnValue:
    """Show an edition's team, and add somebody to it."""
    edition, named, form = current_edition(), titles(), Appointment()
    form.offer(named.items())
    if form.validate_on_submit():
        with form.refusals():
            name = commands.add(edition, current_viewer(), form.email.data or "", _position(form))
            flash(f"{name} is on the team now, and gets a mail.", "good")
            return redirect(url_for("team.index"))
    return render_template("team/index.html", form=form, members=queries.members(edition.id), named=named), form.status


def _position(form: Position) -> commands.Position:
    return commands.Position(Role(form.role.data), tuple(form.modules.data or ()), form.may_export.data)


@blueprint.route("/e/<edition>/team/<int:enrolment>", methods=["GET", "POST"])
@permission("team.manage")
def change(enrolment: int) -> ResponseReturnValue:
    """Change somebody's role, or a tutor's modules."""
    found = queries.member(current_edition().id, enrolment)
    form = Position(data={"role": found.role, "modules": [*found.modules], "may_export": found.may_export})
    form.offer(titles().items())
    if form.validate_on_submit():
        commands.change(current_edition(), current_viewer(), enrolment, _position(form))
        flash(f"Saved. It holds for {found.name} from now on.", "good")
        return redirect(url_for("team.index"))
    return render_template("team/change.html", form=form, member=found), form.status


@blueprint.post("/e/<edition>/team/<int:enrolment>/remove")
@permission("team.manage")
def remove(enrolment: int) -> ResponseReturnValue:
    """Take somebody off the team."""
    commands.remove(current_edition(), current_viewer(), enrolment)
    say("That role has ended, and a mail says so.", url_for("team.restore", enrolment=enrolment))
    return redirect(url_for("team.index"))


@blueprint.post("/e/<edition>/team/<int:enrolment>/preview")
@permission("team.manage")
def see_as(enrolment: int) -> ResponseReturnValue:
    """Begin to see the edition as a tutor does."""
    commands.preview(current_edition(), current_viewer(), enrolment)
    preview.begin_as(current_edition(), enrolment)
    return redirect(url_for("editions.dashboard"))


@blueprint.post("/e/<edition>/team/<int:enrolment>/restore")
@permission("team.manage")
def restore(enrolment: int) -> ResponseReturnValue:
    """Undo that."""
    commands.restore(current_edition(), current_viewer(), enrolment)
    flash("The role is given back.", "good")
    return redirect(url_for("team.index"))


def say(text: str, undo: str, **fields: str) -> None:
    """Tell on the next page what happened, with the button that undoes it by a POST of `fields`."""
    page = render_template("team/said.html", text=text, undo=undo, fields=fields)
    flash(Markup(page), "good")  # noqa: S704 - rendered with escapes


@blueprint.route("/administrators", methods=["GET", "POST"])
@permission("site-administrator")
@limited(60, 600)
def administrators() -> ResponseReturnValue:
    """Show the installation's administrators, and add one."""
    form = NewAdministrator()
    if form.validate_on_submit():
        with form.refusals():
            name = commands.add_administrator(current_viewer(), form.email.data or "")
            flash(f"{name} administers the installation now, and gets a mail.", "good")
            return redirect(url_for("team.administrators"))
    return render_template("team/administrators.html", form=form, members=queries.administrators()), form.status


@blueprint.post("/administrators/<int:person>/remove")
@permission("site-administrator")
def remove_administrator(person: int) -> ResponseReturnValue:
    """Take the role of an administrator of the installation away."""
    address = commands.remove_administrator(current_viewer(), person)
    say("That role has ended, and a mail says so.", url_for("team.administrators"), email=address)
    return redirect(url_for("team.administrators"))
