"""The menus at the head of every page: drawn once for everybody who may go to the same places, and kept."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app, url_for
from markupsafe import Markup

from lms.core.here import application, asked, notes
from lms.core.holes import hole
from lms.core.plugins import PLACES, NavItem, Registry
from lms.core.viewer import Viewer, current_viewer

Links = tuple[tuple[tuple[str, str, str], ...], ...]
Allowed = tuple[int, ...]


def menus() -> Markup:
    """Give the viewer's menus on the page that is asked for, with holes for what they say of the viewer."""
    edition, path = notes().get("edition"), asked().path
    links = _links(_registry(), allowed(), edition.slug if edition else None)
    here = max((href for place in links for _, href, _ in place if path.startswith(href)), key=len, default="")
    return _drawn(links, here, signed_in=current_viewer().is_authenticated)


def allowed() -> Allowed:
    """Tell which entries the viewer's menus have, by their numbers."""
    here = notes()
    return _allowed(_registry(), current_viewer(), edition=bool(here.get("edition")), preview=bool(here.get("preview")))


def _registry() -> Registry:
    registry: Registry = application().extensions["lms"]
    return registry


@lru_cache(maxsize=512)
def _allowed(registry: Registry, viewer: Viewer, *, edition: bool, preview: bool) -> Allowed:
    """Ask the rules, pure functions of the viewer; somebody is the same value as long as nothing about them changes."""
    return tuple(
        number
        for number, item in enumerate(registry.nav)
        if (edition or item.place == "account") and (registry.rules[item.permission](viewer, None) or (preview and _previewed(item)))
    )


def _previewed(item: NavItem) -> bool:
    """Tell whether staff who see the course as a learner can go there: they have no enrolment for the while."""
    return getattr(current_app.view_functions[item.endpoint], "previewed", False)


@lru_cache(maxsize=256)
def _links(registry: Registry, places: Allowed, edition: str | None) -> Links:
    """List label, address and icon of each entry by place."""
    items = [registry.nav[number] for number in places]
    links = [(item.label, _address(item.endpoint, None if item.place == "account" else edition), item.icon) for item in items]
    return tuple(tuple(link for item, link in zip(items, links, strict=True) if item.place == place) for place in PLACES)


def _address(endpoint: str, edition: str | None) -> str:
    return url_for(endpoint, edition=edition) if edition else url_for(endpoint)


@lru_cache(maxsize=256)
def _drawn(links: Links, here: str, *, signed_in: bool) -> Markup:
    nav, desk, account = (
        [{"label": label, "href": href, "icon": icon, "current": href == here, "badge": None} for label, href, icon in place]
        for place in links
    )
    frame = current_app.jinja_env.get_template("ui/menus.html").module
    name = hole("name") if signed_in else ""
    drawn: Markup = frame.menus(name, hole("initial"), hole("token"), nav, desk, account)  # type: ignore[attr-defined]
    return drawn
