"""How a request flows: viewer, permission, rate limit, one unit of work, refusals as pages, safe headers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import IntegerConverter, Map

from lms.core.answers import watch
from lms.core.assets import asset_url, serve_asset
from lms.core.db import abandon, close_reader, unit_of_work
from lms.core.errors import DomainError, Forbidden, TooMany
from lms.core.here import application, asked, notes
from lms.core.limits import Limit, spend
from lms.core.packing import packed
from lms.core.plugins import PluginError
from lms.core.preview import as_learner, as_tutor
from lms.core.sessions import Sessions, check_token, csrf_token
from lms.core.templating import Environment
from lms.core.urls import SAFE_METHODS, SECOND_FACTOR, SIGN_IN, next_url, path_for
from lms.core.viewer import NOBODY, Viewer, arrive, current_viewer, load_viewer, must_set_up_second_factor, note_seen

log = logging.getLogger(__name__)
csrf = CSRFProtect()
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cache-Control": "private, no-cache",
}
_ALWAYS = tuple((name.lower(), (name, value)) for name, value in HEADERS.items())
LARGEST_TEXT = 500_000
FIRST_ERROR = 400
SERVER_ERROR = 500
OUTWARD = frozenset({"_anchor", "_method", "_scheme", "_external"})
FOR_ALL = frozenset({"public", "signed-in"})
EXPLAINED = {
    400: ("This could not be understood", "Something in the request was not as it should be. Go back, reload the page and try again."),
    404: ("There is no such page", "The address may be mistyped, or the page was moved or is not for you."),
    405: ("That can't be done here", "The address does not take this kind of request."),
    413: ("That is too large", "What you sent is larger than this page accepts. Make it smaller and try again."),
    500: ("Something went wrong on our side", "It has been noted. What you did before is safe; please try again in a moment."),
}


class Whole(IntegerConverter):
    """A whole number in an address, no larger than a key can be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the options of Werkzeug's converter, with a bound."""
        super().__init__(*args, **{"max": 2**53, **kwargs})


class BoundedRequest(Request):
    """A request that may be as large as the installation allows only where it can bring files."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Bound what is not made of parts: nothing else bounds a form whose fields are all text."""
        super().__init__(*args, **kwargs)
        if not self.environ.get("CONTENT_TYPE") or self.mimetype != "multipart/form-data":
            self.max_content_length = LARGEST_TEXT


class App(Flask):
    """Flask, with the order of things around each view fixed in one place."""

    request_class = BoundedRequest
    jinja_environment = Environment

    def dispatch_request(self) -> ResponseReturnValue:
        """Let the viewer in or not, count the use, then run the view: in a unit of work if it may write."""
        form, here = asked(), notes()
        if form.routing_exception is not None:
            self.raise_routing_exception(form)
        safe = form.method in SAFE_METHODS
        if not safe and self.config["WTF_CSRF_ENABLED"]:
            check_token()
        here.viewer = as_tutor(here.arrived) if here.edition else _signed_in()
        view = self.view_functions[form.endpoint or ""]
        if (turned_away := self._turn_away(view)) is not None:
            return turned_away
        note_seen(here.viewer)
        _count(view)
        with as_learner(view):
            if safe:
                return super().dispatch_request()
            with unit_of_work():
                response = self.make_response(super().dispatch_request())
                if response.status_code >= FIRST_ERROR:
                    abandon()
            return response

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take every function as it is: none here is asynchronous, and Flask would ask that ten times in a request."""
        return func

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Build an address; those of pages of an edition are kept, as a page shows dozens."""
        edition = notes().get("edition")
        plain = OUTWARD.isdisjoint(values) and all(isinstance(value, (str, int)) for value in values.values())
        if edition and plain and _is_of_edition(self.url_map, endpoint):
            return path_for(endpoint, **{"edition": edition.slug, **values})
        return super().url_for(endpoint, **values)

    def _turn_away(self, view: Callable[..., Any]) -> ResponseReturnValue | None:
        here = notes()
        viewer: Viewer = here.viewer
        if self.extensions["lms"].rules[permission_of(view)](viewer, None):
            return self._lead_to_second_factor(view)
        if not viewer.is_authenticated:
            flash("Please sign in first.")
            return redirect(f"{SIGN_IN}?{urlencode({'next': next_url(request)})}")
        if viewer.enrolment_id is None and here.get("edition") and viewer.administrator:
            message = "This page is for people of this edition. You look after it, but are not on its team."
        elif viewer.enrolment_id is None and here.get("edition"):
            message = "You are not enrolled in this edition, or your enrolment is not confirmed yet."
        else:
            message = "This page is for other roles than yours."
        raise Forbidden(message)

    def _lead_to_second_factor(self, view: Callable[..., Any]) -> ResponseReturnValue | None:
        if permission_of(view) in FOR_ALL or not self.extensions["settings"].staff_second_factor:
            return None
        if not must_set_up_second_factor(notes().viewer):
            return None
        flash("Tutors and administrators sign in in two steps. Please set up the second one first; it takes two minutes.")
        return redirect(f"{SECOND_FACTOR}?{urlencode({'next': next_url(request)})}")


@lru_cache(maxsize=1024)
def _is_of_edition(addresses: Map, endpoint: str) -> bool:
    return not endpoint.startswith(".") and addresses.is_endpoint_expecting(endpoint, "edition")


def _count(view: Callable[..., Any]) -> None:
    limit: Limit | None = getattr(view, "limit", None)
    if limit is None or request.method not in limit.methods:
        return
    who = (limit.by and limit.by()) or current_viewer().person_id or request.remote_addr
    spend(f"{request.endpoint} {who}", limit.times, limit.seconds, limit.remedy)
    if limit.field and (value := request.form.get(limit.field, "").strip().lower()):
        spend(f"{request.endpoint} {limit.field} {value[:254]}", limit.field_times, limit.seconds)


def permission_of(view: Callable[..., Any]) -> str:
    """Tell the permission that a view states; empty if it states none."""
    return str(getattr(view, "permission", ""))


def check_views(app: Flask) -> None:
    """Raise `PluginError` at start-up for every view that states no permission or one that nobody declares."""
    for endpoint, view in app.view_functions.items():
        if endpoint.endswith(".static"):
            view.permission = "public"  # type: ignore[union-attr]
        elif permission_of(view) not in app.extensions["lms"].rules:
            message = f"The view {endpoint} must state a known permission, not {permission_of(view)!r}."
            raise PluginError(message)


def set_up(app: Flask) -> None:
    """Connect everything that surrounds views."""
    app.url_map.converters["int"] = Whole
    app.session_interface = Sessions()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # but in `dispatch_request`, where nothing that reads need pass
    csrf.init_app(app)
    login_manager = LoginManager()
    login_manager.session_protection = None  # a sign-in can be ended on the server; a moving phone changes its address
    app.login_manager = login_manager  # type: ignore[attr-defined] # `init_app` would only look after a cookie that is not used here
    login_manager.anonymous_user = lambda: NOBODY
    login_manager.user_loader(load_viewer)
    app.url_value_preprocessor(_pull_edition)
    app.url_defaults(_add_edition)
    app.add_url_rule("/assets/<path:name>", "asset", serve_asset)
    app.register_error_handler(DomainError, _refuse)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)
    app.after_request(_finish)
    app.teardown_appcontext(close_reader)
    app.jinja_env.globals |= {"asset": asset_url, "csrf_token": csrf_token}


def _pull_edition(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    watch()
    here = notes()
    here.edition = None
    if values and any("\0" in value for value in values.values() if isinstance(value, str)):
        raise NotFound
    if values and "edition" in values:
        arrival = arrive(values.pop("edition"), session.get("_user_id", ""))
        if arrival is None:
            raise NotFound
        here.edition, here.arrived = arrival


def _signed_in() -> Viewer:
    viewer: Viewer = current_user._get_current_object()  # noqa: SLF001 - the documented way to the object
    return viewer


def _add_edition(endpoint: str, values: dict[str, Any]) -> None:
    edition = notes().get("edition")
    if edition and "edition" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "edition"):
        values["edition"] = edition.slug


def _page(status: int, title: str, message: str, remedy: str = "", retry_after: int = 0) -> Response:
    here = notes()
    here.setdefault("edition", None)
    if "viewer" not in here:
        here.viewer = _signed_in() if status < SERVER_ERROR else NOBODY
    body = render_template("error.html", status=status, title=title, message=message, remedy=remedy, retry_after=retry_after)
    return Response(body, status)


def _refuse(error: DomainError) -> Response:
    wait = error.retry_after if isinstance(error, TooMany) else 0
    response = _page(error.status, error.title, error.message, error.remedy, wait)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return Response.force_type(error.response)  # type: ignore[arg-type,return-value]
    code = error.code or 500
    if isinstance(error, CSRFError):
        return _page(400, "This page was open for too long", "Go back, reload the page and send it again: nothing was changed.")
    if code < FIRST_ERROR:
        return Response.force_type(error.get_response())  # type: ignore[return-value]
    title, message = EXPLAINED.get(code, (error.name, error.description or ""))
    response = _page(code, title, message)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def _broken(error: Exception) -> Response:
    if current_app.testing:
        raise error
    log.exception("%s %s failed", request.method, request.endpoint)  # noqa: LOG004 - called by Flask while handling the error
    return _page(500, *EXPLAINED[500])


def _finish(response: Response) -> Response:
    there = {name.lower() for name, _ in response.headers}
    missing = [header for name, header in _ALWAYS if name not in there]
    response.headers._list.extend(missing)  # noqa: SLF001 - `extend` would look for line ends in each of these constants
    if application().extensions["settings"].secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return packed(response)
