"""What every template can use: the viewer, the menus, and how moments, grades and sizes are shown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from lms.core import clock, countries
from lms.core.permissions import can
from lms.core.plugins import NavItem, Registry
from lms.core.slots import collect
from lms.core.viewer import current_viewer


def set_up(app: Flask, registry: Registry) -> None:
    """Make templates strict and give them the product's filters and menus."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"can": can, "slot": collect}
    app.jinja_env.filters |= {
        "localtime": localtime,
        "localdate": localdate,
        "percent": percent,
        "filesize": filesize,
        "country": countries.name,
        "decimal": Decimal,
    }

    @app.context_processor
    def _page() -> dict[str, Any]:
        return {
            "viewer": current_viewer(),
            "edition": g.get("edition"),
            "nav": _menu(registry, "edition") if g.get("edition") else (),
            "desk_nav": _menu(registry, "desk") if g.get("edition") else (),
            "account_nav": _menu(registry, "account"),
            "now": clock.now(),
        }


def _menu(registry: Registry, place: str) -> tuple[dict[str, Any], ...]:
    viewer = current_viewer()
    items = [i for i in registry.nav if i.place == place and registry.rules[i.permission](viewer, None)]
    links = [(item, _href(item)) for item in items]
    here = max((href for _, href in links if request.path.startswith(href)), key=len, default="")
    return tuple(
        {"label": item.label, "href": href, "icon": item.icon, "current": href == here, "badge": None}
        for item, href in links
    )


def _href(item: NavItem) -> str:
    edition = g.get("edition")
    return _address(item.endpoint, edition.slug if edition and item.place != "account" else None)


@lru_cache(maxsize=1024)
def _address(endpoint: str, slug: str | None) -> str:
    return url_for(endpoint, edition=slug) if slug else url_for(endpoint)


def localtime(moment: datetime | None, zone: str | None = None) -> Markup:
    """Show a moment in the viewer's zone (or the one given), with the machine-readable one behind it."""
    if moment is None:
        return Markup("")
    name = zone or _zone()
    local = moment.astimezone(ZoneInfo(name))
    text = f"{local:%A} {local.day} {local:%B}{_year(local)}, {local:%H:%M}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(timespec="seconds"), name, text)


def localdate(day: date | datetime | None) -> Markup:
    """Show a date; of a moment, the date in the viewer's zone."""
    if day is None:
        return Markup("")
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(_zone())).date()
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), f"{day.day} {day:%B %Y}")


def _year(local: datetime) -> str:
    return "" if local.year == clock.now().year else f" {local.year}"


def _zone() -> str:
    viewer = current_viewer()
    if viewer.is_authenticated and viewer.zone != "UTC":
        return viewer.zone
    edition = g.get("edition")
    return edition.zone if edition else viewer.zone


def percent(value: Decimal | None, places: int = 1) -> str:
    """Show a percentage rounded half up, the one rounding rule; a dash for none."""
    return "–" if value is None else f"{rounded(value, places)} %"


def rounded(value: Decimal, places: int = 1) -> Decimal:
    """Round for display, half up."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def filesize(count: int) -> str:
    """Show a number of bytes in the unit that suits it."""
    if count < 1000:  # noqa: PLR2004 - the number explains itself here
        return f"{count} B"
    return f"{count / 1000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"  # noqa: PLR2004 - the number explains itself here
