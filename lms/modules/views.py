"""Pages about modules, lessons and terms."""

from __future__ import annotations

import mimetypes

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.db import unit_of_work
from lms.core.errors import Forbidden, NotFound
from lms.core.permissions import permission
from lms.core.progress import activities
from lms.core.templating import localtime
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.modules import commands, queries, rules, showing
from lms.modules.queries import ModuleInfo

blueprint = Blueprint("modules", __name__, template_folder="templates")


def require_open(found: ModuleInfo) -> None:
    """Raise `Forbidden`, with the opening time, for a module that the viewer may not read yet."""
    edition, viewer = current_edition(), current_viewer()
    opens_at = found.opens_at(edition)
    if not rules.may_read(opens_at, clock.now(), staff=viewer.is_staff):
        message = f"Module {found.number} opens on {localtime(opens_at).striptags()} ({viewer.zone or edition.zone})."
        raise Forbidden(message, remedy="Until then, the modules that are open are on the course page.")


@blueprint.get("/e/<edition>/modules/")
@permission("participant")
def course() -> ResponseReturnValue:
    """Show the whole course: modules, their states and dates, and where to go on."""
    edition, viewer = current_edition(), current_viewer()
    found = queries.modules(edition)
    reading = queries.reading(viewer.enrolment_id)
    resume = next(((m, lesson) for m in found for lesson in m.lessons if lesson.id == reading.place), None)
    pages = queries.pages(edition.course_id, edition.course_version)
    return render_template("modules/course.html", modules=found, pages=pages, read=reading.read, resume=resume)


@blueprint.get("/e/<edition>/modules/pages/<page>")
@permission("participant")
def page(page: str) -> ResponseReturnValue:
    """Show a page of the course that stands outside its modules."""
    return render_template("modules/page.html", text=queries.page(current_edition(), page))


@blueprint.get("/e/<edition>/modules/<module>/")
@permission("participant")
def module(module: str) -> ResponseReturnValue:
    """Show a module: what it is about and everything there is to do in it."""
    found = queries.module(current_edition(), module)
    require_open(found)
    enrolment_id = current_viewer().enrolment_id
    todo = [a for a in activities(enrolment_id) if a.group == module] if enrolment_id else []
    terms = queries.glossary(current_edition().course_id, current_edition().course_version, found.id)
    return render_template("modules/module.html", module=found, todo=todo, terms=len(terms))


@blueprint.get("/e/<edition>/modules/<module>/<lesson>")
@permission("participant")
def lesson(module: str, lesson: str) -> ResponseReturnValue:
    """Show a lesson, and remember that the reader is here."""
    edition, enrolment_id = current_edition(), current_viewer().enrolment_id
    part, text = queries.lesson_at(edition, module, lesson)
    require_open(part)
    reading = queries.reading(enrolment_id)
    if enrolment_id and reading.place != text.id:
        with unit_of_work():
            commands.note_place(enrolment_id, text.id)
    parts = showing.parts(edition, part, text, reading.read)
    return render_template("modules/lesson.html", lesson=text, parts=parts, read=text.id in reading.read)


@blueprint.post("/e/<edition>/modules/<module>/<lesson>/read")
@permission("enrolled")
def mark_read(module: str, lesson: str) -> ResponseReturnValue:
    """Mark a lesson as read and go on to the next thing."""
    part, text = queries.lesson_at(current_edition(), module, lesson)
    require_open(part)
    commands.mark_read(current_enrolment_id(), text.id)
    flash(f"“{text.title}” is marked as read.", "good")
    rest = [other for other in part.lessons if other.number > text.number]
    if rest:
        return redirect(url_for("modules.lesson", module=module, lesson=rest[0].slug))
    return redirect(url_for("modules.module", module=module))


@blueprint.get("/e/<edition>/modules/<module>/glossary")
@permission("participant")
def module_glossary(module: str) -> ResponseReturnValue:
    """Show the terms of a module."""
    edition = current_edition()
    found = queries.module(edition, module)
    require_open(found)
    terms = queries.glossary(edition.course_id, edition.course_version, found.id)
    return render_template("modules/glossary.html", module=found, terms=terms)


@blueprint.get("/e/<edition>/glossary")
@permission("participant")
def glossary() -> ResponseReturnValue:
    """Show the terms of the whole course."""
    edition = current_edition()
    terms = queries.glossary(edition.course_id, edition.course_version)
    return render_template("modules/glossary.html", module=None, terms=terms)


@blueprint.get("/figures/<digest>/<name>")
@permission("public")
def figure(digest: str, name: str) -> ResponseReturnValue:
    """Send a figure; its address holds the hash of its bytes, so it never changes."""
    stored, body = queries.figure(digest)
    if stored != name:
        message = "There is no such figure."
        raise NotFound(message)
    response = Response(body, mimetype=mimetypes.guess_type(name)[0])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
