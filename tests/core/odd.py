"""A plugin whose views do everything that views may do wrong."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, Response, abort, redirect
from flask.typing import ResponseReturnValue
from wtforms import StringField

from lms.core import errors
from lms.core.db import after_commit, db
from lms.core.domain import Course
from lms.core.forms import Form
from lms.core.limits import limited
from lms.core.permissions import permission
from lms.core.plugins import Plugin

REFUSALS: dict[str, errors.DomainError] = {
    "invalid": errors.Invalid("The date is in the past.", remedy="Choose a later one."),
    "forbidden": errors.Forbidden("Tutors only."),
    "missing": errors.NotFound("No such topic."),
    "conflict": errors.Conflict("It was closed meanwhile."),
    "too-many": errors.TooMany("That was too often.", 90),
}
ran: list[str] = []
blueprint = Blueprint("odd", __name__, url_prefix="/odd")


@blueprint.get("/refuse/<kind>")
@permission("public")
def refuse(kind: str) -> ResponseReturnValue:
    """Raise a refusal."""
    raise REFUSALS[kind]


@blueprint.get("/abort/<int:status>")
@permission("public")
def give_up(status: int) -> ResponseReturnValue:
    """Give up with a status."""
    abort(status)


@blueprint.get("/text/<int:size>")
@permission("public")
def text(size: int) -> ResponseReturnValue:
    """Give a text of so many bytes."""
    return Response("é" * (size // 2), mimetype="text/plain")


@blueprint.get("/picture")
@permission("public")
def picture() -> ResponseReturnValue:
    """Give bytes that packing would only make larger."""
    return Response(b"\x89PNG" + b"\0" * 5000, mimetype="image/png")


@blueprint.get("/away")
@permission("public")
def away() -> ResponseReturnValue:
    """Redirect."""
    return redirect("/")


@blueprint.post("/write/<end>")
@permission("public")
def write(end: str) -> ResponseReturnValue:
    """Write a row, put a job aside, then end in the way the address says."""
    db.session.add(Course(slug=end, title="T", short_title="T", summary="", pass_mark=Decimal(50), version="1"))
    db.session.flush()
    after_commit(lambda: ran.append(end))
    if end == "crash":
        message = "the view broke"
        raise ZeroDivisionError(message)
    if end in REFUSALS:
        raise REFUSALS[end]
    return end, int(end)


class Named(Form):
    """A form of one field."""

    name = StringField("Name")


@blueprint.post("/refused-field/<field>")
@permission("public")
def refused_field(field: str) -> ResponseReturnValue:
    """Write a row, then find one of the form's fields at fault."""
    form = Named()
    with form.refusals():
        write("200")
        raise errors.Invalid("Somebody has this name.", field=field)  # noqa: EM101, TRY003 - a sentence for a person
    return {"errors": form.errors}, form.status  # type: ignore[unreachable] # refusals() swallows


@blueprint.get("/stray-write")
@permission("public")
def stray_write() -> ResponseReturnValue:
    """Write where only reading is allowed."""
    db.session.add(Course(slug="stray", title="T", short_title="T", summary="", pass_mark=Decimal(50), version="1"))
    db.session.flush()
    return "written"


@blueprint.get("/seldom")
@permission("public")
@limited(2, 60, methods=("GET",))
def seldom() -> ResponseReturnValue:
    """Be there twice a minute."""
    return "here"


plugin = Plugin("odd", blueprint=blueprint)
