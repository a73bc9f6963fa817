"""Every route of the URL map with an address that leads somewhere, and what came of asking for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.exceptions import RoutingException

from lms.core.urls import SIGN_IN
from lms.core.web import permission_of
from tests.site.world import Values, World

_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """A method and an address of a view; `name` is the rule, with the variant of the rows that fill it."""

    method: str
    name: str
    address: str
    endpoint: str
    permission: str
    arguments: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request."""

    status: int
    location: str = ""
    text: str = ""

    @property
    def word(self) -> str:
        """The outcome as the matrix puts it."""
        turned_away = self.status == HTTPStatus.FOUND and self.location.startswith(f"{SIGN_IN}?next=")
        return "sign-in" if turned_away else str(self.status)


def routes(world: World) -> Iterator[Route]:
    """Go through all routes, each also with every variant of a row that its address names."""
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        variants = {label: values for label, values in world.variants.items() if values.keys() & rule.arguments}
        for label, values in {"": {}, **variants}.items():
            address = _address(world.app, rule, {**world.values, **values})
            name = _ARGUMENT.sub(lambda found, label=label, values=values: _shown(found[1], label, values), rule.rule)  # type: ignore[misc]
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                permission = permission_of(world.app.view_functions[rule.endpoint])
                yield Route(method, name, address, rule.endpoint, permission, frozenset(rule.arguments))


def _shown(argument: str, label: str, values: Values) -> str:
    return f"<{argument}:{label}>" if label and argument in values else f"<{argument}>"


def _address(app: Flask, rule: Rule, values: Values) -> str:
    given = {name: values.get(f"{rule.endpoint}.{name}", values.get(name)) for name in rule.arguments}
    unknown = [name for name, value in given.items() if value is None]
    assert not unknown, (
        f"Nothing is known for <{', '.join(unknown)}> of {rule.rule} ({rule.endpoint}): let `build` in tests/site/world.py"
        " make such a row of the learner's, and put it into `values` by the argument's name."
    )
    return app.url_map.bind("localhost").build(rule.endpoint, given)


def endpoint_of(app: Flask, method: str, address: str) -> str:
    """Tell which view an address leads to; empty for none."""
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(address).path, method)[0])
    except RoutingException:
        return ""


def ask(world: World, role: str, method: str, address: str, **how: Any) -> Outcome:
    """Send a request as a role would, in a browser that knows nothing but the sign-in; a crash is a 500 that says why."""
    client = world.app.test_client()
    if role in world.cookies:
        client.set_cookie("lms", world.cookies[role])
    try:
        response = client.open(address, method=method, **how)
    except Exception as error:  # noqa: BLE001 - the application under test raises what it would otherwise log
        return Outcome(500, text=f"{type(error).__name__}: {error}"[:300])
    text = response.text if response.mimetype == "text/html" else ""
    return Outcome(response.status_code, response.headers.get("Location", ""), text)


def filled(world: World, role: str, route: Route, bodies: Mapping[str, Any]) -> Outcome:
    """Ask for a route, with the body that its form sends when somebody fills it in."""
    how = {"data": bodies.get(route.address) or bodies.get(route.endpoint, {})} if route.method == "POST" else {}
    return ask(world, role, route.method, route.address, **how)
