"""What every template can use: the viewer, the menus, and how moments, grades and sizes are shown."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from lms.core import clock, countries
from lms.core.here import notes
from lms.core.holes import is_drawing
from lms.core.permissions import can
from lms.core.sessions import csrf_token
from lms.core.slots import collect
from lms.core.viewer import current_viewer

STEPS = tuple(Decimal(1).scaleb(-places) for places in range(10))  # what is rounded to: one, a tenth, a hundredth …


class Calls(Context):
    """What a template runs in, which calls macros without asking first what they take: a page calls a hundred."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something."""
        if type(called) is not Macro:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **kwargs)


class Writer(CodeGenerator):
    """Makes templates a program in which words that are safe are not made safe once more: half of what a page shows comes from macros."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.safe(")
        else:
            super()._output_child_pre(node, frame, finalize)


def safe(value: Any) -> str:
    """Escape what a template shows, unless it is escaped."""
    return value if type(value) is Markup else escape(value)


class Environment(FlaskEnvironment):
    """Flask's, with the globals of each template in one plain mapping: a page looks names up in them a thousand times."""

    context_class = Calls
    code_generator_class = Writer
    safe = staticmethod(safe)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> dict[str, Any]:
        """Give a template its globals; those of the environment are complete before the first is loaded."""
        return {**self.globals, **(d or {})}


def set_up(app: Flask) -> None:
    """Make templates strict and give them the product's filters and menus."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals |= {"can": can, "slot": collect}
    app.jinja_env.filters |= {
        "initial": initial,
        "localtime": localtime,
        "localdate": localdate,
        "localhour": localhour,
        "percent": percent,
        "filesize": filesize,
        "country": countries.name,
        "decimal": Decimal,
    }

    @app.context_processor
    def _page() -> dict[str, Any]:
        about = {"viewer": current_viewer(), "edition": notes().get("edition"), "csrf_token": csrf_token}
        return about if is_drawing() else {**about, "now": clock.now()}


def initial(name: str) -> str:
    """Give the initial of a name; Thai and Lao write some vowels before their consonant, which then takes two letters."""
    name = name.strip() or "?"
    return name[: 2 if name[0] in "เแโใไເແໂໃໄ" else 1].upper()


def localtime(moment: datetime | None, zone: str | None = None) -> Markup:
    """Show a moment in the viewer's zone (or the one given), with the machine-readable one behind it."""
    return Markup("") if moment is None else _localtime(moment, zone or _zone(), clock.now().year)


@lru_cache(maxsize=4096)
def _localtime(moment: datetime, name: str, this_year: int) -> Markup:
    local = moment.astimezone(ZoneInfo(name))
    year = "" if local.year == this_year else f" {local.year}"
    text = f"{local:%A} {local.day} {local:%B}{year}, {local:%H:%M}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(timespec="seconds"), name, text)


def localhour(moment: datetime, zone: str) -> Markup:
    """Show hour and minute of a moment on the clocks of a zone, where the date stands above."""
    local = moment.astimezone(ZoneInfo(zone))
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="seconds"), f"{local:%H:%M}")


def localdate(day: date | datetime | None) -> Markup:
    """Show a date; of a moment, the date in the viewer's zone."""
    if day is None:
        return Markup("")
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(_zone())).date()
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), f"{day.day} {day:%B %Y}")


def _zone() -> str:
    viewer = current_viewer()
    if viewer.is_authenticated and viewer.zone != "UTC":
        return viewer.zone
    edition = notes().get("edition")
    return edition.zone if edition else viewer.zone


def percent(value: Decimal | None, places: int = 1) -> str:
    """Show a percentage rounded half up, the one rounding rule; a dash for none."""
    return "–" if value is None else f"{rounded(value, places)} %"


def rounded(value: Decimal, places: int = 1) -> Decimal:
    """Round for display, half up."""
    return value.quantize(STEPS[places], ROUND_HALF_UP)


def filesize(count: int) -> str:
    """Show a number of bytes in the unit that suits it."""
    if count < 1000:  # noqa: PLR2004 - the number explains itself here
        return f"{count} B"
    return f"{count / 1000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"  # noqa: PLR2004 - the number explains itself here
