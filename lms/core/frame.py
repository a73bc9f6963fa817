"""The frame of every page, and pages that look the same to many: drawn once, kept, and filled with what differs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

from flask import Flask, Response, current_app, get_flashed_messages, render_template, session
from markupsafe import Markup, escape

from lms.core import clock
from lms.core.answers import may_be_kept
from lms.core.here import asked, notes
from lms.core.holes import drawing, filled, hole, is_drawing, parts
from lms.core.memory import kept
from lms.core.menus import Allowed, allowed, menus
from lms.core.packing import Piece, loose, page_of, piece
from lms.core.sessions import csrf_token
from lms.core.slots import collect
from lms.core.templating import initial, localtime
from lms.core.viewer import EditionInfo, Viewer, current_viewer


def _name() -> str:
    return escape(current_viewer().name)


def _initial() -> str:
    return escape(initial(current_viewer().name))


def _header() -> str:
    return "".join(map(escape, collect("page.header", current_viewer(), notes().get("edition"))))


def _banner() -> str:
    return "".join(map(escape, collect("page.banner", notes().get("edition"))))


def _flashes() -> str:
    messages = get_flashed_messages(with_categories=True) if "_flashes" in session else ()
    return current_app.jinja_env.get_template("ui/flashes.html").module.flashes(messages) if messages else ""  # type: ignore[attr-defined]


def _now() -> str:
    return localtime(clock.minute())


def _menus() -> str:
    return fill(menus())


def fill(drawn: str) -> Markup:
    """Fill the holes of a drawing for a page that is not kept itself."""
    return filled(drawn, lambda name: FILLINGS[name]())


FILLINGS: Mapping[str, Callable[[], str]] = {
    "name": _name,
    "initial": _initial,
    "token": csrf_token,
    "header": _header,
    "banner": _banner,
    "flashes": _flashes,
    "now": _now,
    "menus": _menus,
}


class Frame:
    """What the frame of a page shows of who asks and of the moment: itself, or a hole where the page is kept for many."""

    def __getattr__(self, name: str) -> Markup:
        """Give a part by its name."""
        if name not in FILLINGS:
            raise AttributeError(name)
        return hole(name) if is_drawing() else Markup(FILLINGS[name]())  # noqa: S704 - each escapes what it shows


def set_up(app: Flask) -> None:
    """Let every template show the parts of the frame."""
    app.jinja_env.globals["frame"] = Frame()


class Look(NamedTuple):
    """On what the look of a page depends, apart from what its view says: who sees the same is shown the same drawing."""

    path: str
    edition: EditionInfo | None
    places: Allowed
    zone: str
    year: int
    role: str | None
    administrator: bool
    signed_in: bool
    enrolled: bool
    modules: tuple[str, ...]
    may_export: bool


def _look(viewer: Viewer) -> Look:
    return Look(
        path=asked().path,
        edition=notes().get("edition"),
        places=allowed(),
        zone=viewer.zone,
        year=clock.now().year,
        role=viewer.role,
        administrator=viewer.administrator,
        signed_in=viewer.is_authenticated,
        enrolled=viewer.enrolment_id is not None,
        modules=viewer.modules,
        may_export=viewer.may_export,
    )


def kept_page(template: str, build: Callable[..., Mapping[str, Any]], *about: Hashable) -> Response:
    """Send a page that looks the same to all in the same role for whom it is `about` the same.

    `build` makes of `about` what the template shows. Neither may ask who looks, beyond the role, or what time it is: while the
    page is drawn the viewer has no number, name or address, and `now` is not there. What the frame says of the person is filled in.
    """
    sheet = _sheet(template, _look(current_viewer()), build, about)
    page = page_of([part if isinstance(part, Piece) else loose(FILLINGS[part]()) for part in sheet])
    may_be_kept()
    return page


@kept(256)
def _sheet(template: str, look: Look, build: Callable[..., Mapping[str, Any]], about: tuple[Hashable, ...]) -> tuple[Piece | str, ...]:
    """Draw a page as pieces and the names of the holes between them."""
    del look
    here, viewer, its_menus = notes(), current_viewer(), menus()
    here.viewer = viewer.anybody()
    try:
        with drawing():
            text = render_template(template, **build(*about))
    finally:
        here.viewer = viewer
    return tuple(part if at % 2 else piece(part) for at, part in enumerate(parts(text.replace(hole("menus"), its_menus))))
