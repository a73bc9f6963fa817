"""The application: the only module that knows that there are plugins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lms.core import answers, frame, limits, mail, pulse, tasks, templating, web
from lms.core.audit import AuditEntry
from lms.core.db import db
from lms.core.plugins import Plugin, Registry, discover
from lms.settings import Settings, SettingsError

CORE_SWEEPS = {"mail.sweep": 20.0, "limits.sweep": 600.0, pulse.BEAT: pulse.SECONDS}
CORE_TABLES = (AuditEntry, mail.OutgoingMail, limits.RateLimit, pulse.Pulse)
LARGEST_REQUEST = 12 * 1024 * 1024


def create_app(settings: Settings, plugins: Iterable[Plugin] | None = None) -> Flask:
    """Build the application from its settings; nothing is written, opened or started."""
    if not settings.secret_key:
        message = "There is no secret key yet: run `lms db upgrade` once, or set LMS_SECRET_KEY."
        raise SettingsError(message)
    app = web.App("lms", static_folder=None, template_folder="core/templates")
    app.config.from_mapping(_config(settings))
    registry = Registry(discover(settings.disabled) if plugins is None else plugins)
    app.extensions |= {"settings": settings, "lms": registry}
    db.init_app(app)
    web.set_up(app)
    templating.set_up(app)
    frame.set_up(app)
    for plugin in registry.plugins:
        if plugin.blueprint is not None:
            app.register_blueprint(plugin.blueprint)
    sweeps = {sweep.task: sweep.seconds for plugin in registry.plugins for sweep in plugin.sweeps}
    app.extensions["celery"] = tasks.make_celery(
        app,
        settings.broker_url,
        settings.data,
        CORE_SWEEPS | sweeps,
        waits=lambda name: name in sweeps and pulse.held(),
        eager=settings.eager_tasks,
    )
    app.extensions["addresses"] = app.url_map.bind(urlsplit(settings.base_url).netloc)
    web.check_views(app)
    registry.check_endpoints(app.view_functions)
    app.wsgi_app = answers.Answers(app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": web.LARGEST_TEXT,
        "MAX_FORM_PARTS": 500,
        "SESSION_COOKIE_NAME": "lms",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "PREFERRED_URL_SCHEME": "https" if settings.secure else "http",
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 10, "check_same_thread": False}}
    return {"pool_pre_ping": False, "pool_size": 4, "max_overflow": 4, "pool_recycle": 900}
