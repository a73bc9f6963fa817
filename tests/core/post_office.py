"""A small mail server on this machine, to be as unhelpful as a test wants it to be."""

from __future__ import annotations

import base64
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


@dataclass
class PostOffice:
    """What the server offers and refuses, and what it was given; `answers` replaces the answers to single commands."""

    extensions: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    port: int = 0
    commands: list[str] = field(default_factory=list)
    envelopes: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    credentials: str = ""

    @property
    def url(self) -> str:
        """The address to send mail to."""
        return f"smtp://127.0.0.1:{self.port}"


class _Counter(socketserver.StreamRequestHandler):
    """One client being served."""

    server: _Building

    def handle(self) -> None:
        """Greet, then answer line by line until the client leaves."""
        self.sender, self.recipients = "", list[str]()
        self._say("220 post office")
        while line := self.rfile.readline().decode():
            verb = line.split(maxsplit=1)[0].upper()
            self.server.office.commands.append(verb)
            reply = self.server.office.answers.get(verb) or self._reply(verb, line.rstrip("\r\n"))
            if reply == "hang up":
                return
            self._say(reply)
            if verb == "QUIT":
                return

    def _reply(self, verb: str, line: str) -> str:
        match verb:
            case "EHLO":
                return "\r\n".join(["250-here", *(f"250-{name}" for name in self.server.office.extensions), "250 8BITMIME"])
            case "AUTH":
                self.server.office.credentials = base64.b64decode(line.rsplit(" ", 1)[1]).decode()
                return "235 welcome"
            case "MAIL":
                self.sender = line.partition("<")[2].partition(">")[0]
            case "RCPT":
                self.recipients.append(line.partition("<")[2].partition(">")[0])
            case "DATA":
                self._take()
            case "QUIT":
                return "221 good-bye"
        return "250 fine"

    def _take(self) -> None:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        email = message_from_bytes(b"".join(lines), _class=EmailMessage, policy=policy.SMTP)
        self.server.office.envelopes.append((self.sender, self.recipients, email))

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())


class _Building(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, office: PostOffice) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.office = office


@contextmanager
def opened(office: PostOffice) -> Iterator[PostOffice]:
    """Serve mail inside the block."""
    with _Building(office) as building:
        office.port = building.server_address[1]
        Thread(target=building.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield office
        finally:
            building.shutdown()
