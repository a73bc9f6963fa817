"""Signed cookies and tokens: what was signed or checked a moment ago needs no second time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lms.core import clock
from lms.core.holes import hole, is_drawing

HOUR = 3600


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions in signed cookies, each cookie being checked once and then known."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the session from its cookie; an empty one where there is none, or none that holds."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return super().open_session(app, request)
        data = _checked(self._signer(app), cookie, int(app.permanent_session_lifetime.total_seconds()), _hour())
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


@lru_cache(maxsize=2048)
def _checked(signer: URLSafeTimedSerializer, cookie: str, oldest: int, hour: int) -> dict[str, Any]:
    del hour  # whether it has become too old is asked once an hour
    try:
        data: dict[str, Any] = signer.loads(cookie, max_age=oldest)
    except BadSignature:
        return {}
    return data


def _hour() -> int:
    return int(clock.now().timestamp()) // HOUR


def csrf_token() -> str:
    """Give the token for forms in this session; it is signed anew each hour, and good for many."""
    if is_drawing():
        return hole("token")
    if "csrf_token" not in session:
        generate_csrf()
    return _token(session["csrf_token"], _hour())


@lru_cache(maxsize=2048)
def _token(raw: str, hour: int) -> str:
    del raw, hour
    token: str = generate_csrf()
    return token
