"""The style guide as a site of its own, served to a browser without a socket."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app, flash, get_flashed_messages, render_template, render_template_string, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from playwright.sync_api import Route
from werkzeug.datastructures import MultiDict
from wtforms import Form, fields
from wtforms.validators import InputRequired, NumberRange

from lms.core.templating import initial

CORE = Path(__file__).parents[2] / "lms" / "core"
NOW = datetime(2019, 9, 10, 5, 0, tzinfo=UTC)
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
SITE = "http://lms.test"
COUNTRIES: list[Any] = ["", "Cambodia", "Lao PDR"]
SECTORS: list[Any] = ["Public", "Private"]


class Application(Form):
    """One field of each kind."""

    email = fields.EmailField("E-mail", [InputRequired("Please fill this in.")])
    password = fields.PasswordField("Password", [InputRequired()], description="At least 12 characters; a sentence works well.")
    printed = fields.StringField("Name as printed", [InputRequired()])
    country = fields.SelectField("Country", [InputRequired()], choices=COUNTRIES)
    sector = fields.RadioField("Sector", [InputRequired()], choices=SECTORS)
    seats = fields.IntegerField("Seats", [NumberRange(1, 50, "Please give a number from 1 to 50.")])
    starts = fields.DateField("First day")
    motivation = fields.TextAreaField("Motivation", description="Markdown works here.")
    consent = fields.BooleanField("I have read the privacy notice", [InputRequired("Please tick this to go on.")])


def _entry(label: str, *, icon: str = "", current: bool = False, badge: int | None = None) -> SimpleNamespace:
    return SimpleNamespace(label=label, href="#main", icon=icon, current=current, badge=badge)


class Frame:
    """What the frame shows."""

    header = banner = ""

    def __init__(self, menus: Markup) -> None:
        self.menus, self.now = menus, NOW.date()

    @property
    def flashes(self) -> Markup:
        """What was flashed."""
        module: Any = current_app.jinja_env.get_template("ui/flashes.html").module
        shown: Markup = module.flashes(get_flashed_messages(with_categories=True))
        return shown


def _frame(name: str, *lists: tuple[SimpleNamespace, ...]) -> Frame:
    menus: Any = Environment(loader=FileSystemLoader(CORE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return Frame(menus.get_template("ui/menus.html").module.menus(name, name[:1], "token", *lists))


SIGNED_IN: dict[str, Any] = {
    "viewer": SimpleNamespace(is_authenticated=True, name="Sokha Pov", role="learner", is_staff=False),
    "edition": SimpleNamespace(slug="demo", title="South-East Asia, 2019", short_title="DITD", zone="Asia/Singapore"),
    "frame": _frame(
        "Sokha Pov",
        (_entry("Dashboard"), _entry("Course", current=True), _entry("Forums", badge=4), _entry("Grades")),
        (_entry("People"), _entry("Ranking")),
        (_entry("Profile"), _entry("Privacy"), _entry("Sign out", icon="log-out")),
    ),
}
ANONYMOUS: dict[str, Any] = {
    "viewer": SimpleNamespace(is_authenticated=False, name="", role=None, is_staff=False),
    "edition": None,
    "frame": _frame("", (), (), (_entry("Sign in"), _entry("Register"))),
}


def application() -> Application:
    """Fill the form in, partly wrong."""
    form = Application(MultiDict({"email": "", "printed": "សុខា ពៅ", "seats": "99", "starts": "2019-08-26", "password": "x"}))
    form.validate()
    return form


class Site:
    """The style guide under the product's content-security policy, served to the browser without a socket."""

    def __init__(self) -> None:
        app = Flask(__name__, template_folder=str(CORE / "templates"), static_folder=str(CORE / "static"))
        app.secret_key = "for tests alone"
        app.jinja_env.undefined = StrictUndefined
        app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
        app.jinja_env.globals |= {"asset": lambda path: f"/static/{path}", "csrf_token": lambda: "token", "slot": lambda *_: ()}
        app.jinja_env.filters |= {"localtime": _localtime, "initial": initial}
        app.context_processor(lambda: {**SIGNED_IN, "now": NOW})
        app.add_url_rule("/", "guide", self._guide, methods=["GET", "POST"])
        app.add_url_rule("/autosave", "autosave", self._autosave, methods=["POST"])
        app.add_url_rule("/preview", "preview", self._preview, methods=["POST"])
        self.app = app
        self.handed_in: list[dict[str, str]] = []
        self.saved: list[dict[str, str]] = []
        self.answer: tuple[dict[str, str], int] = ({"saved": "12:04:05"}, 200)
        self.down = False

    def _guide(self) -> str:
        if request.method == "POST":
            self.handed_in.append(request.form.to_dict())
        if request.args.get("flash"):
            flash("Lesson marked as read.", "success")
        form = Application() if request.args.get("calm") else application()
        html = render_template("style_guide.html", form=form, **(ANONYMOUS if request.args.get("anonymous") else {}))
        return html.replace("</main>", '<p data-draft-done="guide"></p></main>') if request.args.get("done") else html

    def _autosave(self) -> tuple[dict[str, str], int]:
        self.saved.append(request.form.to_dict())
        return self.answer

    def _preview(self) -> str:
        return f"<p><b>{request.form['motivation']}</b></p>" if request.form["csrf_token"] == "token" else ""

    def handle(self, route: Route) -> None:
        """Answer a request of the browser, or drop the line."""
        if self.down:
            route.abort("internetdisconnected")
            return
        asked = route.request
        response = self.app.test_client().open(
            asked.url.removeprefix(SITE), method=asked.method, data=asked.post_data_buffer, headers=asked.headers, buffered=True
        )
        headers = {**dict(response.headers), "Content-Security-Policy": POLICY}
        route.fulfill(status=response.status_code, headers=headers, body=response.data)

    def html(self, address: str = "/") -> str:
        """Give a page as text."""
        return self.app.test_client().get(address).text

    def render(self, source: str, **context: Any) -> str:
        """Render a piece of template that imports macros."""
        with self.app.test_request_context():
            return render_template_string(source, **context)


def _localtime(moment: datetime, _zone: str | None = None) -> Markup:
    return Markup('<time datetime="{}">Tuesday 10 September, 13:00</time>').format(moment.isoformat())
