"""Commands of the `lms` command line: how a feature's command gets at the application, and how progress shows."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

import click
from flask import Flask

Command = TypeVar("Command", bound=Callable[..., Any])
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Invocation:
    """What `click` carries along: how to make the application for this installation."""

    make_app: Callable[[], Flask]


def in_app(command: Command) -> Command:
    """Run a command inside the application's context."""

    @wraps(command)
    @click.pass_obj
    def wrapped(invocation: Invocation, *args: Any, **kwargs: Any) -> Any:
        with invocation.make_app().app_context():
            return command(*args, **kwargs)

    return cast("Command", wrapped)


def progress(items: Iterable[Item], label: str, *, length: int | None = None) -> AbstractContextManager[Iterable[Item]]:
    """Show a progress bar on standard error while going through `items`."""
    return click.progressbar(items, label=label, length=length, file=sys.stderr)


def say(data: dict[str, Any], *, as_json: bool) -> None:
    """Print a result: one line of JSON for a program, or aligned lines for a person."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    width = max(map(len, data), default=0)
    for key, value in data.items():
        click.echo(f"{key.replace('_', ' '):<{width}}  {value}")
