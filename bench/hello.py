"""The measuring rod: the smallest application Flask can be."""

from __future__ import annotations

from flask import Flask


def app() -> Flask:
    """Build it."""
    hello = Flask("hello")
    hello.add_url_rule("/", view_func=lambda: "Hello, world!", endpoint="hello")
    return hello
