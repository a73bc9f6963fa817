"""What visitors do: the talks of the scenarios, and how their answers to a quiz look."""

from __future__ import annotations

import re
from collections.abc import Generator
from itertools import count

from bench.talk import Ask, Reply, Visitor
from bench.world import PASSWORD

Talking = Generator[Ask, Reply, None]
_CONTROL = re.compile(r'<(?:input type="(?:radio|checkbox|text|number)"|select) name="(a(\d+)(?:-\d+)?)"')
_OPENING = re.compile(r'name="page" value="([^"]+)"')
_turns = count()


def say_hello(visitor: Visitor) -> Talking:
    """Ask for the page of the measuring rod."""
    del visitor
    yield Ask("/")


def ask_in_turn(visitor: Visitor) -> Talking:
    """Ask for the next of the visitor's pages, or send the next of the visitor's forms."""
    yield visitor.asks[next(_turns) % len(visitor.asks)]


def read_on(visitor: Visitor) -> Talking:
    """Ask for the visitor's next page, which is never the one before."""
    visitor.asks.append(visitor.asks.pop(0))
    yield visitor.asks[0]


def take_quiz(visitor: Visitor) -> Talking:
    """Take a whole quiz: begin, save each answer on its own, look at the summary, hand in, see the result."""
    page = yield Ask(visitor.path)
    token = page.token
    started = yield Ask(f"{visitor.path}start", {"csrf_token": token})
    address = started.location
    sheet = yield Ask(address)
    for fields in answers(sheet, token):
        yield Ask(f"{address}answer", fields)
    yield Ask(f"{address}summary")
    handed_in = yield Ask(f"{address}submit", {"csrf_token": token})
    yield Ask(handed_in.location)


def open_quiz(visitor: Visitor) -> Talking:
    """Begin an attempt and keep the forms that its answers are saved by, two different answers to each question."""
    page = yield Ask(visitor.path)
    started = yield Ask(f"{visitor.path}start", {"csrf_token": page.token})
    sheet = yield Ask(started.location)
    address = f"{started.location}answer"
    both = (answers(sheet, page.token, turn) for turn in (0, 1))
    visitor.asks = [Ask(address, fields) for given in both for fields in given]


def answers(sheet: Reply, token: str, turn: int = 0) -> list[dict[str, str]]:
    """Give the fields that the page's script sends for each question, the second `turn` with another answer."""
    text = sheet.text
    opening = _OPENING.search(text)
    always = {"csrf_token": token, "page": opening[1] if opening else ""}
    found: dict[str, dict[str, str]] = {}
    for name, position in _CONTROL.findall(text):
        fields = found.setdefault(position, {**always, "item": position})
        fields[name] = "1" if name == f"a{position}" else str(1 if len(fields) % 2 else "")
    for position, fields in found.items():
        if turn:
            fields |= {name: "0" for name in fields if name == f"a{position}"} | {f"flag{position}": "1"}  # noqa: PLW2901 - the same thing, further on
    return list(found.values())


def sign_in(visitor: Visitor) -> Talking:
    """Sign in with a password and come to the dashboard."""
    page = yield Ask("/account/sign-in", sender=visitor.sender)
    fields = {"csrf_token": page.token, "email": visitor.email, "password": PASSWORD}
    entered = yield Ask("/account/sign-in", fields, sender=visitor.sender)
    home = yield Ask(entered.location)
    yield Ask(home.location)
