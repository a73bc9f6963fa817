"""Whatever people send, in forms, addresses and query strings, nothing breaks, and what is refused leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from typing import Any, ClassVar
from urllib.parse import quote, quote_from_bytes

import pytest
from argon2 import PasswordHasher
from werkzeug.datastructures import ImmutableMultiDict

from lms.accounts import commands
from lms.core.web import BoundedRequest
from tests.site.pages import Form, Visit
from tests.site.routes import Outcome, Route, ask, routes
from tests.site.world import World

OF_THE_HOUSE = {200, 302, 303, 308, 400, 403, 404, 405, 409, 413, 415, 422, 429}  # 308: the router puts slashes right
REFUSED = 400
URLENCODED, JSON = "application/x-www-form-urlencoded", "application/json"
TEXTS: dict[str, str | bytes] = {
    "empty": "",
    "blank": " \t\r\n\u00a0\u2003",
    "NUL": "a\0b",
    "control characters": "\x01\x08\x0b\x1b[31m\x7f\x85",
    "lone surrogate": b"\xed\xa0\x80",
    "no UTF-8": b"caf\xe9\xff\xfe\xc0\xaf",
    "right to left": "\u202egnp.exe\u2066\u2069",
    "emoji": "👩🏽‍🚀🏳️‍🌈🇰🇭",
    "zalgo": "Z" + "\u0351\u0336\u0321" * 40,
    "no characters": "\ufeffnames\ufffe\uffff\U0010ffff",
    "long number": "9" * 5000,
    "key out of range": str(2**63),
    "negative": "-1",
    "NaN": "NaN",
    "infinite": "-1e999",
    "digits of other scripts": "١៣²",
    "code": "'; DROP TABLE people; --\\<script>alert(1)</script>{{ 7*7 }}{% x %}${7*7}%s%(a)s{0.__class__}",
    "traversal": "../../../../etc/passwd\\..\\..",
    "address": "//example.org/\\@x:99999\r\nSet-Cookie: x=1",
    "half a megabyte": "x" * 490_000,
    "a megabyte": "é" * 500_000,
}
STRINGS = {name: text.encode() if isinstance(text, str) else text for name, text in TEXTS.items()}
LONGEST = 100_000
SHORT = {name: text for name, text in STRINGS.items() if len(text) < LONGEST}
LONG = {name: text for name, text in STRINGS.items() if len(text) >= LONGEST}
CHOICES = {"select", "radio", "checkbox", "button"}
MANY = 10


def outcome(world: World, role: str, method: str, address: str, what: str, **how: Any) -> Outcome:
    """Send a request: it gets one of the statuses of the house, and nothing is written where it is refused."""
    found = ask(world, role, method, address, **how)
    story = f"{method} {address[:200]} as {role} with {what}: {found.status} {found.text if found.status not in OF_THE_HOUSE else ''}"
    assert found.status in OF_THE_HOUSE, story
    if method == "POST":
        written = world.settle(refused=found.status >= REFUSED)
        assert not written, f"{story} yet writes {written}."
    return found


def encoded(fields: dict[str, list[str]], **other: list[bytes]) -> bytes:
    """Encode a form, with raw bytes in some of its fields."""
    pairs = {name: [value.encode() for value in values] for name, values in fields.items()} | other
    return "&".join(f"{quote(name)}={escaped(value)}" for name, values in pairs.items() for value in values).encode()


@cache
def escaped(text: bytes) -> str:
    """Escape a text for a form; a megabyte takes a while, and is sent many times."""
    return quote_from_bytes(text)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend no time on making passwords hard to guess."""
    monkeypatch.setattr(commands, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def forms(visited: Visit) -> Iterator[tuple[str, Form]]:
    """Give of each view the form with the most fields, as a role that is shown it."""
    best: dict[str, tuple[str, Form]] = {}
    for (endpoint, _), (role, form) in visited.forms.items():
        if endpoint not in best or len(form.fields) > len(best[endpoint][1].fields):
            best[endpoint] = (role, form)
    yield from best.values()


def odd_bodies(form: Form) -> Iterator[tuple[str, bytes]]:
    """Fill a form in, one field with an odd string; where it has fields to choose from, or many, also all fields with odd strings."""
    names = sorted(form.fields.keys() - {"csrf_token"})
    typed = [name for name in names if form.fields[name].kind not in CHOICES] if len(names) <= MANY else []
    for what, text in SHORT.items():
        yield from ((f"{what} in {name}", encoded(form.body(), **{name: [text]})) for name in typed)
    for turn in range(len(SHORT) if names != typed else 0):
        texts = [*SHORT.values()][turn:] + [*SHORT.values()][:turn]
        yield f"turn {turn}", encoded({}, **{name: [text] for name, text in zip(names, cycle(texts), strict=False)})
    for what, text in LONG.items():
        yield from ((f"{what} in {name}", encoded(form.body(), **{name: [text]})) for name in names[:1])


def test_strings_in_every_field(world: World, visited: Visit) -> None:
    """Each form gets each string in each field."""
    tried = 0
    for role, form in forms(visited):
        for what, body in odd_bodies(form):
            outcome(world, role, "POST", form.action, what, data=body, content_type=URLENCODED)
            tried += 1
    assert tried > 500


def test_fields_missing_and_given_twice(world: World, visited: Visit) -> None:
    """Each field is left out and given twice."""
    for role, form in forms(visited):
        body = form.body()
        for name, values in [*body.items()][:MANY]:
            for what, given in {"no": [], "two values in": [*values, "other"]}.items():
                sent = encoded({**body, name: given})
                outcome(world, role, "POST", form.action, f"{what} {name}", data=sent, content_type=URLENCODED)


FORM_DATA = "multipart/form-data; boundary=x"
BODIES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", ""),
    "broken JSON": (b'{"name": ', JSON),
    "a list in JSON": (b"[7]", JSON),
    "XML": (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", "application/xml"),
    "a broken type": (b"name=a", ";;=,\xff"),
    "another charset": (b"name=\xff\xfea", f"{URLENCODED}; charset=utf-16"),
    "parts without a boundary": (b"--x\r\n\r\n", "multipart/form-data"),
    "parts that do not end": (b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\na', FORM_DATA),
    "a thousand parts": (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 1000 + b"--x--\r\n", FORM_DATA),
    "a long part": (b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n' + b"a" * 1_000_000 + b"\r\n--x--\r\n", FORM_DATA),
    "no names": (b"=&=a&&%00=%00&%ed%a0%80=1", URLENCODED),
    "broken escapes": (b"body=%&key=%zz&name=%u0041" + bytes(range(256)), URLENCODED),
}


def other_bodies(form: Form) -> Iterator[tuple[str, bytes, str]]:
    """Send the fields as something else than a form: as JSON of several kinds, and as files."""
    names = sorted(form.fields.keys() - {"csrf_token"})
    yield from ((what, *body) for what, body in BODIES.items())
    yield "lists in JSON", json.dumps({name: ["a", {"b": "\ud800"}] for name in names}).encode(), JSON
    yield "numbers in JSON", json.dumps(dict.fromkeys(names, 7)).encode(), JSON
    parts = (f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="../a\0.txt"\r\n\r\na\r\n' for name in names)
    yield "files", "".join([*parts, "--x--\r\n"]).encode(), FORM_DATA


def test_bodies_that_are_no_form(world: World, visited: Visit) -> None:
    """Each view that takes a form is given something else."""
    for role, form in forms(visited):
        for what, body, kind in other_bodies(form):
            outcome(world, role, "POST", form.action, what, data=body, content_type=kind)


class Asked(ImmutableMultiDict[str, str]):
    """A query string or form that notes what it is asked for."""

    names: ClassVar[set[str]] = set()

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        """Note the name and give its value."""
        self.names.add(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> Any:
        """Note the name and give its values."""
        self.names.add(key)
        return super().getlist(key, *args, **kwargs)


class CuriousRequest(BoundedRequest):
    """A request that notes what views ask of it."""

    parameter_storage_class = Asked


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Note the names that views look for in query strings and forms."""
    monkeypatch.setattr(world.app, "request_class", CuriousRequest)
    monkeypatch.setattr(Asked, "names", set())
    return Asked.names


def test_strings_in_query_strings(world: World, asked: set[str]) -> None:
    """Each page is given each string for each argument that it looks for."""
    names = set[str]()
    for route in routes(world):
        if route.method == "GET" and ":" not in route.name:
            asked.clear()
            ask(world, insider(route), "GET", route.address)
            for name in sorted(asked):
                for what, text in SHORT.items():
                    address = f"{route.address}?{quote(name)}={quote_from_bytes(text)}&{quote(name)}=1"
                    outcome(world, insider(route), "GET", address, what)
            names |= asked
    assert {"after", "before", "q", "sort", "number"} <= names


def test_strings_in_addresses(world: World) -> None:
    """Each argument of each address is replaced by each string and by numbers that no key can be; the edition is read by no view."""
    numbers = ["0", "1.5", str(2**31), str(2**53 + 1)]
    odd = [quote_from_bytes(text, safe="") for text in SHORT.values()] + [*numbers, "%", "%2e%2e%2f", "%u0041"]
    for route in routes(world):
        arguments = route.arguments if route.endpoint == "editions.about" else route.arguments - {"edition"}
        if ":" not in route.name and arguments:
            statuses = {status_at(world, route, argument, text) for argument in arguments for text in odd}
            written = world.settle(refused=min(statuses) >= REFUSED)
            assert not written, f"{route.method} {route.name} gives {statuses} for odd addresses, yet writes {written}."


def status_at(world: World, route: Route, argument: str, text: str) -> int:
    """Ask for a route with a raw text in the place of an argument, and give the status, which is one of the house."""
    values = {name: quote(str(world.values.get(f"{route.endpoint}.{name}", world.values.get(name))), safe="") for name in route.arguments}
    address = route.name
    for name, value in {**values, argument: text}.items():
        address = address.replace(f"<{name}>", value)
    found = ask(world, insider(route), route.method, address)
    assert found.status in OF_THE_HOUSE, f"{route.method} {address}: {found.status} {found.text}"
    world.rest()
    return found.status


def insider(route: Route) -> str:
    """Choose a role that gets far with a route."""
    if route.permission == "site-administrator":
        return "installation"
    return "learner" if route.permission in {"learner", "enrolled", "participant", "signed-in", "public"} else "administrator"
