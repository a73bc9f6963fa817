"""What a visitor says to a server and hears back, free of any transport: scenarios are written in these words."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote_plus

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) bench"
FIRST_ERROR = 400
_SENT_ALWAYS = (
    f"host: localhost\r\nuser-agent: {BROWSER}\r\n"
    "accept: text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8\r\naccept-encoding: gzip, deflate\r\n"
)
_TOKEN = re.compile(r'name="csrf_token"[^>]*? value="([^"]+)"')
_END = b"\r\n\r\n"
_CHUNKS_END = b"0\r\n\r\n"
_quoted = lru_cache(maxsize=1024)(quote_plus)


class TalkError(Exception):
    """A server answered something that the scenario did not expect: its figures would be worth nothing."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request; `fields` make it a form; `sender` is whom a proxy names."""

    path: str
    fields: Mapping[str, str] | None = None
    sender: str = ""

    def encode(self, cookie: str) -> bytes:
        """Write it as a browser would."""
        sender = f"x-forwarded-for: {self.sender}\r\n" if self.sender else ""
        if self.fields is None:
            return f"GET {self.path} HTTP/1.1\r\n{_SENT_ALWAYS}{sender}cookie: {cookie}\r\n\r\n".encode()
        kind, body = self.form()
        head = f"POST {self.path} HTTP/1.1\r\n{_SENT_ALWAYS}{sender}cookie: {cookie}\r\n"
        return f"{head}content-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body

    def form(self) -> tuple[str, bytes]:
        """Give the type and the bytes of the form."""
        fields = self.fields or {}
        return "application/x-www-form-urlencoded", "&".join(f"{name}={_quoted(value)}" for name, value in fields.items()).encode()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: the bytes before and after the empty line."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.head[9:12])

    def header(self, name: str) -> str:
        """Give a header by its name in small letters; empty if it is not there."""
        return _header(self.head, name.encode()).decode()

    @property
    def text(self) -> str:
        """The body as text."""
        return (gzip.decompress(self.body) if self.header("content-encoding") == "gzip" else self.body).decode()

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        found = self.header("location")
        if not found:
            message = f"a redirect was expected, not {self.status}"
            raise TalkError(message)
        return found

    @property
    def token(self) -> str:
        """The token that the page's forms carry."""
        match = _TOKEN.search(self.text)
        if match is None:
            message = "the page holds no form with a token"
            raise TalkError(message)
        return match[1]


def _header(head: bytes, name: bytes) -> bytes:
    start = head.find(b"\r\n" + name + b": ")
    if start < 0:
        return b""
    start += len(name) + 4
    end = head.find(b"\r\n", start)
    return head[start:] if end < 0 else head[start:end]


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser of their own, and what their talk needs: where to go, what to ask in turn, how to sign in."""

    cookie: str = ""
    path: str = ""
    asks: list[Ask] = field(default_factory=list)
    email: str = ""
    sender: str = ""

    def note(self, reply: Reply) -> None:
        """Keep a cookie that came with an answer; refuse an error."""
        if reply.status >= FIRST_ERROR:
            message = f"status {reply.status}: {reply.text[-600:]}"
            raise TalkError(message)
        if cookie := _header(reply.head, b"set-cookie"):
            self.cookie = cookie.split(b";", 1)[0].decode()


Talk = Callable[[Visitor], Generator[Ask, Reply, None]]


def taken(buffer: bytes) -> Reply | None:
    """Read an answer off a connection's bytes; `None` while it is not complete."""
    end = buffer.find(_END)
    if end < 0:
        return None
    head, start = buffer[:end], end + len(_END)
    if length := _header(head, b"content-length"):
        return Reply(head, buffer[start:]) if len(buffer) >= start + int(length) else None
    if _header(head, b"transfer-encoding"):
        return Reply(head, _joined(buffer[start:])) if buffer.endswith(_CHUNKS_END) else None
    return Reply(head, b"")


def _joined(body: bytes) -> bytes:
    """Put chunks together."""
    parts, at = [], 0
    while size := int(body[at : (line := body.index(b"\r\n", at))], 16):
        at = line + 2 + size + 2
        parts.append(body[line + 2 : at - 2])
    return b"".join(parts)
