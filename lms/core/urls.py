"""Addresses: built the same inside and outside requests, and checked where they come from outside."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Request
from werkzeug.routing import MapAdapter

from lms.core.here import application

SIGN_IN = "/account/sign-in"
SECOND_FACTOR = "/account/second-factor"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def path_for(endpoint: str, **values: Any) -> str:
    """Build the path of a page without looking at the request; an edition's slug must be given."""
    return _kept(_addresses(), endpoint, tuple(values.items()))


@lru_cache(maxsize=4096)
def _kept(addresses: MapAdapter, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    """Build a path and keep it: a dashboard shows fifty, the same to everybody in the edition."""
    return str(addresses.build(endpoint, dict(values)))


def _addresses() -> MapAdapter:
    addresses: MapAdapter = application().extensions["addresses"]
    return addresses


def absolute_url(endpoint: str, **values: Any) -> str:
    """Build the full address of a page as people outside reach it, whatever host the request came to; it may be secret: never kept."""
    return str(application().extensions["settings"].base_url + _addresses().build(endpoint, values))


def next_url(request: Request) -> str:
    """Give the path to come back to after signing in; only pages that were read can be come back to."""
    return request.full_path.rstrip("?") if request.method in SAFE_METHODS else "/"


def local(url: str | None, fallback: str) -> str:
    """Give `url` back if it is a path on this installation, else `fallback`: nobody is sent elsewhere."""
    if not url or not url.startswith("/") or url.startswith(("//", "/\\")) or any(ord(c) < 32 for c in url):  # noqa: PLR2004 - the number explains itself here
        return fallback
    parts = urlsplit(url)
    return url if not parts.scheme and not parts.netloc else fallback
