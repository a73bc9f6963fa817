"""Commands of the `lms` command line: how a feature's command gets at the application, and how progress shows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, TypeVar, cast

import click
from flask import Flask, current_app, has_app_context

from lms.core.db import db

Command = TypeVar("Command", bound=Callable[..., Any])
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Invocation:
    """What `click` carries along: how to make the application for this installation."""

    make_app: Callable[[], Flask]


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """Work inside the application's context; leave no connection open, unless somebody around is working with the same application."""
    alone = not has_app_context() or current_app != app
    with app.app_context():
        engine = db.engine
    try:
        with app.app_context():
            yield
    finally:
        if alone:
            engine.dispose()


def example(*lines: str) -> str:
    """Write the end of a command's help: how one calls it."""
    return "\n".join(["\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


def in_app(command: Command) -> Command:
    """Run a command inside the application's context."""

    @wraps(command)
    @click.pass_obj
    def wrapped(invocation: Invocation, *args: Any, **kwargs: Any) -> Any:
        with working(invocation.make_app()):
            return command(*args, **kwargs)

    return cast("Command", wrapped)


def progress(
    items: Iterable[Item], label: str, *, length: int | None = None, current: Callable[[Item | None], str | None] | None = None
) -> AbstractContextManager[Iterable[Item]]:
    """Show a progress bar on standard error while going through `items`; `current` says what each is."""
    return click.progressbar(items, label=label, length=length, file=sys.stderr, item_show_func=current)


def writable(folder: Path) -> None:
    """Make a folder if need be; end with a sentence where files can't be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        message = f"{folder} can't be written: {error.strerror}"
        raise click.ClickException(message) from error


def say(data: dict[str, Any], *, as_json: bool) -> None:
    """Print a result: one line of JSON for a program, or aligned lines for a person."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    width = max(map(len, data), default=0)
    for key, value in data.items():
        click.echo(f"{key.replace('_', ' '):<{width}}  {value}")
