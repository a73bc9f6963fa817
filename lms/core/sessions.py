"""Signed cookies and tokens: what was signed or checked a moment ago needs no second time."""

from __future__ import annotations

from functools import lru_cache
from hmac import compare_digest
from typing import Any

from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFError, generate_csrf, same_origin
from itsdangerous import BadData, URLSafeTimedSerializer

from lms.core import clock
from lms.core.here import application, asked, notes
from lms.core.holes import hole, is_drawing

FIELD = "csrf_token"
HOUR = 3600


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies, each cookie being checked once and then known."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session from its cookie; an empty one where there is none, or none that holds."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        data = _checked(self._signer(app), cookie, int(app.permanent_session_lifetime.total_seconds()), _hour()) or {}
        return self.session_class({key: [*value] if isinstance(value, list) else value for key, value in data.items()})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie if the session changed."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers.add("Vary", "Cookie")

    def _signer(self, app: Flask) -> URLSafeTimedSerializer:
        if __name__ not in app.extensions:
            app.extensions[__name__] = self.get_signing_serializer(app)
        signer: URLSafeTimedSerializer = app.extensions[__name__]
        return signer


def check_token() -> None:
    """Refuse a form that was not sent from a page of this session; raise `CSRFError`.

    It is Flask-WTF's check of Flask-WTF's tokens, but a token that was sent before is known, as each answer to a quiz sends it.
    """
    form = asked()
    sent = form.form.get(FIELD) or form.headers.get("X-CSRFToken", "")
    app, ours = application(), session.get(FIELD)
    raw = _checked(_form_signer(app), sent, app.config["WTF_CSRF_TIME_LIMIT"], _hour())
    if not ours or not raw or not compare_digest(ours, raw):
        message = "The token is missing, too old, or that of another session."
        raise CSRFError(message)
    if form.is_secure and not same_origin(form.referrer or "", f"https://{form.host}/"):
        message = "The form was sent from another site."
        raise CSRFError(message)
    notes().csrf_valid = True


@lru_cache(maxsize=16)
def _form_signer(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _checked(signer: URLSafeTimedSerializer, signed: str, oldest: int, hour: int) -> Any:
    """Give what was signed; `None` where that does not hold."""
    del hour  # whether it has become too old is asked once an hour
    try:
        return signer.loads(signed, max_age=oldest)
    except BadData:
        return None


def _hour() -> int:
    return int(clock.now().timestamp()) // HOUR


def csrf_token() -> str:
    """Give the token for forms in this session; it is signed anew each hour, and good for many."""
    if is_drawing():
        return hole("token")
    ours = session.get(FIELD)
    if ours is None:
        generate_csrf()
        ours = session[FIELD]
    return _token(ours, _hour())


@lru_cache(maxsize=2048)
def _token(raw: str, hour: int) -> str:
    del raw, hour
    token: str = generate_csrf()
    return token
