"""The request under way, looked up once: Flask's proxies look it up at each attribute, which a page does a hundred times."""

from __future__ import annotations

from typing import Any

from flask import Flask, Request, current_app, g, request

Notes = Any  # Flask's namespace, whose attributes are what the parts of the core put there


def notes() -> Notes:
    """Give what is noted of the request or task under way: what `g` stands for."""
    return g._get_current_object()  # noqa: SLF001 - the documented way to the object


def asked() -> Request:
    """Give the request: what `request` stands for."""
    return request._get_current_object()  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001 - the same


def application() -> Flask:
    """Give the application: what `current_app` stands for."""
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001 - the same
