"""Talks without a server: how many statements they cost, and what they bring."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import event

from bench.talk import BROWSER, Ask, Reply, Talk, Visitor
from lms.core.db import db


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How many statements a talk executed, and the bytes of its last answer: sent and unpacked."""

    queries: int
    sent: int
    shown: int


def rehearse(app: Flask, talk: Talk, visitor: Visitor) -> Rehearsed:
    """Let a visitor talk to the application in this process."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        reply = _talk(app, talk, visitor)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return Rehearsed(len(seen), len(reply.body), len(reply.text.encode()))


def _talk(app: Flask, talk: Talk, visitor: Visitor) -> Reply:
    speaking = talk(visitor)
    ask = next(speaking)
    while True:
        reply = _answer(app, ask, visitor)
        visitor.note(reply)
        try:
            ask = speaking.send(reply)
        except StopIteration:
            return reply


def _answer(app: Flask, ask: Ask, visitor: Visitor) -> Reply:
    headers = {"Cookie": visitor.cookie, "User-Agent": BROWSER, "Accept-Encoding": "gzip, deflate"}
    client = app.test_client(use_cookies=False)
    if ask.fields is None:
        response = client.get(ask.path, headers=headers)
    else:
        kind, body = ask.form()
        response = client.post(ask.path, data=body, content_type=kind, headers=headers)
    lines = [f"HTTP/1.1 {response.status}", *(f"{name.lower()}: {value}" for name, value in response.headers)]
    return Reply("\r\n".join(lines).encode(), response.data)
