"""The load generator: one process of its own, plain sockets, each connection a visitor who asks again when answered."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from math import ceil
from multiprocessing import get_context

from bench.talk import Ask, Reply, Talk, TalkError, Visitor, taken

PATIENCE = 30.0
LOOPBACK = "127.0.0.1"
BUFFER = 262_144


@dataclass(frozen=True, slots=True)
class Plan:
    """What visitors say to which port, for how long: each has a connection and repeats the talk.

    With `at_once`, so many talk at a time, and each once: who is done makes room for the next, who has a connection of their own.
    """

    port: int
    talk: Talk
    visitors: Sequence[Visitor]
    seconds: float
    at_once: int = 0
    most: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many seconds it took, how long each talk took (in ms), how many requests, how busy the generator was.

    `cpu` is the processor time in seconds that the server took for it.
    """

    seconds: float
    times: tuple[float, ...]
    requests: int
    busy: float
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Talks a second."""
        return len(self.times) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """The processor time in ms that a talk took of the server."""
        return 1000 * self.cpu / len(self.times)

    def percentile(self, percent: int) -> float:
        """Give the time in ms within which so many percent of the talks were over, by nearest rank."""
        return sorted(self.times)[ceil(percent / 100 * len(self.times)) - 1]

    @classmethod
    def joined(cls, outcomes: Sequence[Outcome]) -> Outcome:
        """Take several rounds as one."""
        return cls(
            seconds=sum(outcome.seconds for outcome in outcomes),
            times=tuple(time for outcome in outcomes for time in outcome.times),
            requests=sum(outcome.requests for outcome in outcomes),
            busy=max(outcome.busy for outcome in outcomes),
            cpu=sum(outcome.cpu for outcome in outcomes),
        )


@dataclass(slots=True)
class _Line:
    """A connection and the talk that goes on over it."""

    socket: socket.socket
    visitors: Iterator[Visitor]
    visitor: Visitor = field(default_factory=Visitor)
    talk: Generator[Ask, Reply, None] | None = None
    began: float = 0.0
    buffer: bytes = b""

    def begin(self, talk: Talk) -> bool:
        """Let the next visitor begin to talk; `False` where nobody is left."""
        visitor = next(self.visitors, None)
        if visitor is None:
            return False
        self.visitor, self.talk, self.began = visitor, talk(visitor), time.perf_counter()
        self._say(next(self.talk))
        return True

    def renew(self, port: int) -> None:
        """Let the next visitor have a connection of their own."""
        self.socket.close()
        self.socket = _connect(port)

    def hear(self) -> bool | None:
        """Take what arrived and go on: `None` while an answer is not complete, `False` when the talk is over."""
        received = self.socket.recv(BUFFER)
        if not received:
            message = f"the server hung up after {self.buffer[:200]!r}"
            raise TalkError(message)
        self.buffer += received
        reply = taken(self.buffer)
        if reply is None or self.talk is None:
            return None
        self.buffer = b""
        self.visitor.note(reply)
        try:
            self._say(self.talk.send(reply))
        except StopIteration:
            return False
        return True

    def _say(self, ask: Ask) -> None:
        self.socket.sendall(ask.encode(self.visitor.cookie))


class Crowd:
    """The process that makes the load; kept for a whole run."""

    def __init__(self) -> None:
        """Start it."""
        self._pool = get_context("spawn").Pool(1)

    def run(self, plan: Plan) -> Outcome:
        """Carry a plan out there and tell how it went."""
        return self._pool.apply(carry_out, (plan,))

    def close(self) -> None:
        """End it."""
        self._pool.terminate()
        self._pool.join()


def carry_out(plan: Plan) -> Outcome:
    """Talk over every connection at once until the time is over or nobody is left."""
    waiting = iter(plan.visitors)
    turns = [waiting] * plan.at_once if plan.at_once else [repeat(visitor) for visitor in waiting]
    lines = [_Line(_connect(plan.port), visitors) for visitors in turns]
    try:
        return _talk(plan, {line.socket.fileno(): line for line in lines})
    finally:
        for line in lines:
            line.socket.close()


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection((LOOPBACK, port), PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _talk(plan: Plan, lines: dict[int, _Line]) -> Outcome:
    poll = select.epoll()
    times: list[float] = []
    requests, busy, begin = 0, time.process_time(), time.perf_counter()
    for number, line in list(lines.items()):
        poll.register(number, select.EPOLLIN)
        if not line.begin(plan.talk):
            del lines[number]
    while lines:
        for number in _ready(poll):
            going = lines[number].hear()
            requests += going is not None
            if going is not False:
                continue
            now, line = time.perf_counter(), lines.pop(number)
            times.append(1000 * (now - line.began))
            if now - begin >= plan.seconds or requests >= plan.most:
                continue
            if plan.at_once:
                line.renew(plan.port)
                poll.register(line.socket.fileno(), select.EPOLLIN)
            if line.begin(plan.talk):
                lines[line.socket.fileno()] = line
    spent = time.perf_counter() - begin
    return Outcome(spent, tuple(times), requests, (time.process_time() - busy) / spent)


def _ready(poll: select.epoll) -> list[int]:
    ready = poll.poll(PATIENCE)
    if not ready:
        message = f"no answer within {PATIENCE:.0f} s"
        raise TalkError(message)
    return [number for number, _ in ready]


def converse(port: int, visitor: Visitor, talk: Talk) -> int:
    """Let one visitor talk to the end, here and now; give the number of requests."""
    return carry_out(Plan(port, talk, [visitor], 0.0, at_once=1)).requests
