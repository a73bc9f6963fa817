"""A run of the benchmark: servers and data that are made when a scenario first needs them, and how load is measured."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

from bench import servers
from bench.load import Crowd, Outcome, Plan
from bench.pages import say_hello
from bench.report import Line
from bench.servers import Server
from bench.talk import Talk, Visitor
from bench.world import Size, World, world
from lms.settings import Settings
from tests.servers import ServerError, postgres

CONNECTIONS = 8
ROOT = Path(__file__).parents[1]
UNSET = ("REDIS_URL", "SMTP_URL", "LMS_BASE_URL", "LMS_DISABLED", "LMS_CLOCK", "LMS_TRUSTED_PROXIES")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is measured: rounds of the scenario with 'hello' before, between and after them; and how much data.

    Many short rounds rather than a long one: whatever else the machine does then slows both down alike.
    """

    rounds: int = 5
    seconds: float = 1.0
    hello_seconds: float = 0.5
    soak: int = 20_000
    soak_seconds: float = 40
    renders: int = 20
    certificates: int = 1000
    size: Size = field(default_factory=Size)


LITTLE = Size(learners=24, attempts=1, fresh=400, large=500)
QUICK = Pace(rounds=2, seconds=0.6, hello_seconds=0.3, soak=3_000, soak_seconds=8, renders=5, certificates=60, size=LITTLE)


@dataclass(frozen=True, slots=True)
class Site:
    """The product with its data, served."""

    world: World
    server: Server
    env: dict[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured: visitors who repeat a talk, or of whom so many `at_once` talk until each has talked once."""

    talk: Talk
    visitors: Sequence[Visitor]
    at_once: int = 0

    def visitors_of(self, turn: int, turns: int) -> Sequence[Visitor]:
        """Give the visitors of one of several rounds; who talks once comes in one of them."""
        return self.visitors[turn::turns] if self.at_once else self.visitors


@dataclass
class Run:
    """What the scenarios share."""

    pace: Pace
    stack: ExitStack

    @cached_property
    def crowd(self) -> Crowd:
        """The load generator's process."""
        crowd = Crowd()
        self.stack.callback(crowd.close)
        return crowd

    @cached_property
    def hello(self) -> Server:
        """The measuring rod."""
        return self.stack.enter_context(servers.hello(self.environment("")))

    @cached_property
    def site(self) -> Site:
        """The product on SQLite."""
        return self._site(self.environment(""), self.pace.size)

    @cached_property
    def postgresql(self) -> Site | None:
        """The product on PostgreSQL, where its programs are installed."""
        try:
            server = self.stack.enter_context(postgres(durable=True))
        except ServerError:
            return None
        return self._site(self.environment(server.url), QUICK.size)

    def environment(self, database: str) -> dict[str, str]:
        """Give the settings of an installation of its own."""
        folder = self.stack.enter_context(TemporaryDirectory(prefix="lms-bench-"))
        own = {"LMS_DATA": folder, "LMS_CONTENT": str(ROOT / "content"), "LMS_SECRET_KEY": secrets.token_hex(32)}
        (Path(folder) / "queue").mkdir()  # of the embedded broker: no worker takes anything out of it here
        own["LMS_STAFF_SECOND_FACTOR"] = "optional"  # the people of the world sign in by a cookie
        return {**dict.fromkeys(UNSET, ""), **own, "DATABASE_URL": database, "HOST": "127.0.0.1", "PORT": str(servers.free_port())}

    def _site(self, env: dict[str, str], size: Size) -> Site:
        settings = Settings.from_env(env)
        made = self.stack.enter_context(world(settings, size))
        return Site(made, self.stack.enter_context(servers.product(settings, env)), env)

    def measure(self, name: str, size: str, server: Server, case: Case) -> Line:
        """Measure a case under load, and 'hello' before and after each round of it."""
        self._load(server, case, 0, self.pace.seconds)
        outcomes, hello = [], [self._hello()]
        for turn in range(self.pace.rounds):
            outcomes.append(self._load(server, case, turn + 1, self.pace.seconds))
            hello.append(self._hello())
        ratios = ratios_to_hello([outcome.rate for outcome in outcomes], [outcome.rate for outcome in hello])
        whole = Outcome.joined(outcomes)
        line = _line(name, size, whole)
        line.ratio_to_hello, line.ratio_low, line.ratio_high = round(median(ratios), 3), round(min(ratios), 3), round(max(ratios), 3)
        line.cpu_ratio = round(Outcome.joined(hello).cpu_ms / whole.cpu_ms, 3)
        return line

    def alone(self, name: str, size: str, server: Server, case: Case) -> Line:
        """Measure a case without holding it against 'hello': what nobody asks for many times a second."""
        self._load(server, case, 0, 0.3)
        return _line(name, size, self._load(server, case, 1, self.pace.rounds * self.pace.seconds / 2))

    def _load(self, server: Server, case: Case, turn: int, seconds: float) -> Outcome:
        visitors = case.visitors_of(turn, self.pace.rounds + 1)
        begin = server.cpu()
        outcome = self.crowd.run(Plan(server.port, case.talk, visitors, seconds, at_once=case.at_once))
        return replace(outcome, cpu=server.cpu() - begin)

    def _hello(self) -> Outcome:
        case = Case(say_hello, [Visitor()] * CONNECTIONS)
        return self._load(self.hello, case, 0, self.pace.hello_seconds)


def _line(name: str, size: str, outcome: Outcome) -> Line:
    return Line(
        name,
        size,
        rps=round(outcome.rate, 1),
        p50_ms=round(outcome.percentile(50), 2),
        p99_ms=round(outcome.percentile(99), 2),
        cpu_ms=round(outcome.cpu_ms, 3),
        generator_busy=round(outcome.busy, 2),
    )


def ratios_to_hello(rates: Sequence[float], hello: Sequence[float]) -> list[float]:
    """Hold the rate of each round against the rates of 'hello' just before and just after it."""
    return [rate / mean(around) for rate, around in zip(rates, pairwise(hello), strict=True)]
