"""Pages about modules, lessons and terms."""

from __future__ import annotations

import mimetypes

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core import clock
from lms.core.db import unit_of_work
from lms.core.errors import Forbidden, NotFound
from lms.core.frame import kept_page
from lms.core.permissions import permission
from lms.core.preview import previewed
from lms.core.progress import activities
from lms.core.templating import localtime
from lms.core.viewer import current_edition, current_enrolment_id, current_viewer
from lms.modules import books, commands, queries, rules, showing
from lms.modules.books import Volume
from lms.modules.queries import ModuleInfo

BOOK_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
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
@previewed
def course() -> ResponseReturnValue:
    """Show the whole course: modules, their states and dates, and where to go on."""
    edition, reading = current_edition(), queries.reading(current_viewer().enrolment_id)
    read = tuple([len(found.lesson_ids & reading.read) for found in queries.modules(edition)])
    opened, readable = _open(staff=False), _open(staff=current_viewer().is_staff)
    return kept_page("modules/course.html", showing.course_page, edition, opened, readable, read, reading.place)


@blueprint.get("/e/<edition>/modules/pages/<page>")
@permission("participant")
@previewed
def page(page: str) -> ResponseReturnValue:
    """Show a page of the course that stands outside its modules."""
    return kept_page("modules/page.html", showing.page, current_edition(), page)


@blueprint.get("/e/<edition>/modules/pages/<page>/book.html")
@permission("participant")
def page_book(page: str) -> ResponseReturnValue:
    """Show a page of the course as a file that needs nothing else, to print or to keep."""
    found = queries.page(current_edition(), page)
    return _sent(books.single_page(current_edition().course_id, current_edition().course_version, found.slug))


@blueprint.get("/e/<edition>/modules/<module>/")
@permission("participant")
@previewed
def module(module: str) -> ResponseReturnValue:
    """Show a module: what it is about and everything there is to do in it."""
    found = queries.module(current_edition(), module)
    require_open(found)
    enrolment_id = current_viewer().enrolment_id
    todo = [a for a in activities(enrolment_id) if a.group == module] if enrolment_id else []
    terms = queries.glossary(current_edition().course_id, current_edition().course_version, found.id)
    return render_template("modules/module.html", module=found, todo=todo, terms=len(terms), book=_module_book(found))


@blueprint.get("/e/<edition>/modules/<module>/book.html")
@permission("participant")
def module_book(module: str) -> ResponseReturnValue:
    """Show a module as one page that needs nothing else, to print or to keep."""
    found = queries.module(current_edition(), module)
    require_open(found)
    return _sent(_module_book(found))


@blueprint.get("/e/<edition>/modules/course.epub")
@permission("participant")
def course_book() -> ResponseReturnValue:
    """Send the modules that are open for the viewer as a book."""
    volume = showing.book(current_edition(), _open(staff=current_viewer().is_staff))
    if volume is None:
        message = "No module is open yet, so there is no book yet."
        raise Forbidden(message, remedy="The course page shows when the first module opens.")
    return _sent(volume, attached=True)


def _module_book(found: ModuleInfo) -> Volume:
    return books.module_page(current_edition().course_id, current_edition().course_version, found.slug)


def _open(*, staff: bool) -> tuple[str, ...]:
    edition, now = current_edition(), clock.now()
    return tuple([found.slug for found in queries.modules(edition) if rules.may_read(found.opens_at(edition), now, staff=staff)])


def _sent(volume: Volume, *, attached: bool = False) -> Response:
    response = Response(volume.body, mimetype=volume.mimetype)
    response.headers["Content-Disposition"] = f'{"attachment" if attached else "inline"}; filename="{volume.name}"'
    response.headers["Content-Security-Policy"] = BOOK_POLICY
    response.set_etag(volume.digest, weak=True)
    response.make_conditional(request)
    return response


@blueprint.get("/e/<edition>/modules/<module>/<lesson>")
@permission("participant")
@previewed
def lesson(module: str, lesson: str) -> ResponseReturnValue:
    """Show a lesson, and remember that the reader is here."""
    edition, enrolment_id = current_edition(), current_viewer().enrolment_id
    part, text = queries.lesson_at(edition, module, lesson)
    require_open(part)
    reading = queries.reading(enrolment_id)
    if enrolment_id and reading.place != text.id:
        with unit_of_work():
            commands.note_place(enrolment_id, text.id)
    return kept_page("modules/lesson.html", showing.lesson_page, edition, module, lesson, reading.read & part.lesson_ids)


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
@previewed
def module_glossary(module: str) -> ResponseReturnValue:
    """Show the terms of a module."""
    edition = current_edition()
    found = queries.module(edition, module)
    require_open(found)
    return kept_page("modules/glossary.html", showing.glossary, edition, module)


@blueprint.get("/e/<edition>/glossary")
@permission("participant")
@previewed
def glossary() -> ResponseReturnValue:
    """Show the terms of the whole course."""
    return kept_page("modules/glossary.html", showing.glossary, current_edition(), None)


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
