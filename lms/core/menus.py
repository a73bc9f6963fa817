"""The menus at the head of every page: drawn once for everybody who may go to the same places, and kept."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app, g, request, url_for
from markupsafe import Markup

from lms.core.plugins import PLACES, NavItem, Registry
from lms.core.sessions import csrf_token
from lms.core.viewer import current_viewer

Links = tuple[tuple[tuple[str, str, str], ...], ...]


def menus(registry: Registry) -> Markup:
    """Give the viewer's menus on the page that is asked for."""
    viewer, edition = current_viewer(), g.get("edition")
    allowed = tuple(
        number
        for number, item in enumerate(registry.nav)
        if (edition or item.place == "account") and (registry.rules[item.permission](viewer, None) or _previewed(item))
    )
    links = _links(registry, allowed, edition.slug if edition else None)
    here = max((href for place in links for _, href, _ in place if request.path.startswith(href)), key=len, default="")
    token = csrf_token() if viewer.is_authenticated else ""
    return _drawn(links, here, viewer.name, token)


def _previewed(item: NavItem) -> bool:
    """Tell whether staff who see the course as a learner can go there: they have no enrolment for the while."""
    return bool(g.get("preview")) and getattr(current_app.view_functions[item.endpoint], "previewed", False)


@lru_cache(maxsize=256)
def _links(registry: Registry, allowed: tuple[int, ...], edition: str | None) -> Links:
    """List label, address and icon of each entry by place."""
    items = [registry.nav[number] for number in allowed]
    links = [(item.label, _address(item.endpoint, None if item.place == "account" else edition), item.icon) for item in items]
    return tuple(tuple(link for item, link in zip(items, links, strict=True) if item.place == place) for place in PLACES)


def _address(endpoint: str, edition: str | None) -> str:
    return url_for(endpoint, edition=edition) if edition else url_for(endpoint)


@lru_cache(maxsize=2048)
def _drawn(links: Links, here: str, name: str, token: str) -> Markup:
    nav, desk, account = (
        [{"label": label, "href": href, "icon": icon, "current": href == here, "badge": None} for label, href, icon in place]
        for place in links
    )
    frame = current_app.jinja_env.get_template("ui/menus.html").module
    drawn: Markup = frame.menus(name, token, nav, desk, account)  # type: ignore[attr-defined]
    return drawn
