"""What is measured: each scenario makes its visitors and gives its line, or none where something is not installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import certificates
from bench import selecting, servers, staff
from bench.browser import weigh
from bench.closing import closing
from bench.load import Plan, converse
from bench.pages import ask_in_turn, open_quiz, sign_in, take_quiz
from bench.rehearsal import rehearse
from bench.report import Line
from bench.run import CONNECTIONS, ROOT, Case, Run
from bench.single import KILOBYTE, desk, page
from bench.talk import Ask, TalkError, Visitor
from bench.world import FRESH, RUNNING
from certificates.credential import StatusEntry
from certificates.issuing import issue
from certificates.keymaking import Issuer, make_key
from lms.settings import Settings

PATIENCE = 180  # seconds for a command
LATER = 40  # learners of the fresh edition who are kept for single talks
Scenario = Callable[[Run], Iterator[Line]]


def hello(run: Run) -> Iterator[Line]:
    """Bare Flask on the same command line, the measuring rod."""
    yield run.measure("hello", "13 B", run.hello, Case(ask_in_turn, [Visitor(asks=[Ask("/")])] * CONNECTIONS))


def lesson(run: Run) -> Iterator[Line]:
    """Measure a lesson's page for learners who come back to it, and for those who go from one to the next, on SQLite and PostgreSQL."""
    for site, of in (run.site, ""), (run.postgresql, "_postgresql"):
        if site:
            yield page(run, site, f"lesson{of}", site.world.lesson)
            yield page(run, site, f"lesson_next{of}", site.world.lesson, site.world.next_lesson)


def weights(run: Run) -> Iterator[Line]:
    """Weigh what Chromium receives of a lesson on the first visit and the next, and how soon on 400 kbit/s."""
    site = run.site
    origin = f"http://127.0.0.1:{site.server.port}"
    base = f"/e/{RUNNING}/"
    found = weigh(origin, base + site.world.lesson, f"{base}dashboard", site.world.visitors(RUNNING, 1)[0].cookie)
    yield Line(
        "lesson",
        "in Chromium",
        cold_requests=found.cold_requests,
        cold_kb=round(found.cold_kb, 1),
        warm_requests=found.warm_requests,
        warm_kb=round(found.warm_kb, 1),
    )
    yield Line(
        "lesson_slow_line", "400 kbit/s, 400 ms", first_text_ms=round(found.first_text_ms), loaded_ms=round(found.loaded_ms)
    )


def course_page(run: Run) -> Iterator[Line]:
    """Measure the page of the whole course."""
    yield page(run, run.site, "course_page", "modules/")


def dashboard(run: Run) -> Iterator[Line]:
    """Measure a learner's dashboard."""
    yield page(run, run.site, "dashboard", "dashboard")


def forum_topic(run: Run) -> Iterator[Line]:
    """Measure a topic with 11 posts."""
    yield page(run, run.site, "forum_topic", run.site.world.topic, size="11 posts")


def answer_save(run: Run) -> Iterator[Line]:
    """Measure a quiz answer saved on its own, as the page's script sends it; each learner in an attempt of their own."""
    for name, site in (("answer_save", run.site), ("answer_save_postgresql", run.postgresql)):
        if site:
            visitors = site.world.visitors(FRESH, CONNECTIONS)
            for visitor in visitors:
                visitor.path = f"/e/{FRESH}/{site.world.quiz}"
                converse(site.server.port, visitor, open_quiz)
            line = run.measure(name, "1 answer", site.server, Case(ask_in_turn, visitors))
            rehearse(site.world.app, ask_in_turn, visitors[0])
            line.queries = rehearse(site.world.app, ask_in_turn, visitors[0]).queries
            yield line


def quiz_attempt(run: Run) -> Iterator[Line]:
    """Whole attempts of 10 questions by 8 learners at once: begin, 10 answers saved, summary, hand in, result."""
    world = run.site.world
    visitors = world.visitors(FRESH, run.pace.size.fresh // 2, LATER)
    for visitor in visitors:
        visitor.path = f"/e/{FRESH}/{world.quiz}"
    line = run.measure("quiz_attempt", "10 questions", run.site.server, Case(take_quiz, visitors, at_once=CONNECTIONS))
    rehearsing = world.visitors(FRESH, 2, LATER - 2)
    for visitor in rehearsing:
        visitor.path = f"/e/{FRESH}/{world.quiz}"
        line.queries = rehearse(world.app, take_quiz, visitor).queries
    yield line


def signing_in(run: Run) -> Iterator[Line]:
    """Sign-in with argon2id up to the dashboard, through a proxy that names each learner's address."""
    site = run.site
    count = run.pace.size.fresh // 2 - LATER
    numbers = range(run.pace.size.fresh - count + 1, run.pace.size.fresh + 1)
    visitors = [Visitor(email=f"{FRESH}{n}@example.org", sender=f"10.0.{n // 250}.{n % 250}") for n in numbers]
    env = {**site.env, "LMS_TRUSTED_PROXIES": "1", "PORT": str(servers.free_port())}
    with servers.product(Settings.from_env(env), env) as server:
        line = run.measure("sign_in", "to dashboard", server, Case(sign_in, visitors, at_once=CONNECTIONS))
    yield line


def gradebook(run: Run) -> Iterator[Line]:
    """Measure the ranking of all learners as a page and as CSV, one request at a time."""
    for name, path in (("gradebook", "ranking"), ("gradebook_csv", "ranking.csv")):
        yield desk(run, name, f"{run.pace.size.learners} rows", f"/e/{RUNNING}/{path}")


def certificate(run: Run) -> Iterator[Line]:
    """One certificate, everything being warm: signed, with its credential inside, and the page alone."""
    award = certificates.Award(
        number="DITD-7K3M-9Q2X",
        kind="course",
        recipient="Sok Dara",
        course_title="Digital Identity for Trade and Development",
        edition_title="South-East Asia",
        issuer_name="Course secretariat",
        issued_on=date(2026, 10, 5),
        started_on=date(2026, 8, 26),
        completed_on=date(2026, 9, 27),
        verify_url="https://learn.example.org/verify/DITD-7K3M-9Q2X",
        final_average=Decimal("86.5"),
        hours=40,
    )
    moment, status = datetime(2026, 10, 5, tzinfo=UTC), StatusEntry("https://learn.example.org/status/1", 94_567)
    with TemporaryDirectory() as folder:
        key = make_key(Path(folder) / "keys", Issuer(award.issuer_name, "https://learn.example.org"), moment).current
    yield _certificates(run, "certificate", "signed", lambda: issue(award, key, moment, status=status).document)
    yield _certificates(run, "certificate_page", "unsigned", lambda: certificates.render(award))


def _certificates(run: Run, scenario: str, size: str, make: Callable[[], bytes]) -> Line:
    times, body = [], make()
    for _ in range(run.pace.renders):
        begin = time.perf_counter()
        body = make()
        times.append(time.perf_counter() - begin)
    typical = median(times)
    return Line(scenario, size, rps=round(1 / typical, 1), ms=round(1000 * typical, 1), kb=round(len(body) / KILOBYTE, 1))


def replay(run: Run) -> Iterator[Line]:
    """`lms replay 2019 --json` on an empty data folder."""
    env = {**os.environ, **run.environment("")}
    for command in (["db", "upgrade"], ["content", "load"]):
        _lms(env, *command)
    begin = time.perf_counter()
    figures = json.loads(_lms(env, "replay", "2019", "--json"))
    spent = time.perf_counter() - begin
    yield Line("replay", f"{figures['registered']} learners", ms=round(1000 * spent))


def _lms(env: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "lms.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)
    if done.returncode:
        message = f"lms {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}"
        raise TalkError(message)
    return done.stdout


def memory(run: Run) -> Iterator[Line]:
    """Measure the memory of a web process, and its growth, over lesson pages that are asked for again and again."""
    site = run.site
    visitors = site.world.visitors(RUNNING, CONNECTIONS)
    for visitor in visitors:
        visitor.asks = [Ask(f"/e/{RUNNING}/{site.world.lesson}"), Ask(f"/e/{RUNNING}/dashboard"), Ask(f"/e/{RUNNING}/modules/")]
    plan = Plan(site.server.port, ask_in_turn, visitors, run.pace.soak_seconds / 4, most=run.pace.soak // 4)
    run.crowd.run(plan)
    before = site.server.share()
    rest = [run.crowd.run(plan).requests for _ in range(3)]
    share, whole = site.server.share(), site.server.memory()
    yield Line("memory", f"{sum(rest):,} requests", pss_mb=round(share, 1), rss_mb=round(whole, 1), growth_mb=round(share - before, 1))


SCENARIOS: dict[str, Scenario] = {
    "hello": hello,
    "lesson": lesson,
    "course_page": course_page,
    "dashboard": dashboard,
    "forum_topic": forum_topic,
    "answer_save": answer_save,
    "quiz_attempt": quiz_attempt,
    "sign_in": signing_in,
    "gradebook": gradebook,
    "people": staff.people,
    "ranking": staff.ranking,
    "search": staff.search,
    "import": staff.importing,
    "selection": selecting.selecting,
    "certificate": certificate,
    "closing": closing,
    "weights": weights,
    "memory": memory,
    "replay": replay,
}
