"""`lms replay` and `lms demo`."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from lms.core import clock, pulse
from lms.core.cli import example, in_app, progress, say
from lms.core.content import read_course
from lms.core.courses import load_course
from lms.core.db import db, unit_of_work
from lms.core.domain import Edition, EditionState
from lms.core.mail import kept
from lms.replay import running, scenario
from lms.replay.steps import Step

DEMO_SLUG = "ditd-demo"
DEMO_DAY = 17
FASTEST = 100_000
HOLD_SECONDS = 20
DEMO_ROLES = ("learner", "tutor", "administrator")
WORDS = ["amber", "basin", "cedar", "delta", "ember", "fjord", "grove", "harbor", "island", "jasmine", "kettle", "lantern", "meadow", "nectar", "orchid", "pepper"]  # noqa: E501 - one pattern or list


@click.command(epilog=example("lms replay 2019", "LMS_DATA=$(mktemp -d) lms replay 2019 --seed 7 --json"))
@click.argument("edition", type=click.Choice(scenario.known()))
@click.option("--seed", default=2019, show_default=True, help="The same seed gives the same people and results.")
@click.option("--slug", help="Address of the new edition, if it is to differ.")
@click.option("--speed", type=click.FloatRange(1, FASTEST), help="To watch it: how many days of the course pass in a minute.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one line of JSON.")
@in_app
def replay(edition: str, seed: int, slug: str | None, speed: float | None, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Replay a past EDITION with invented people.

    They register, read, take quizzes, write in forums and get certificates through the same commands that the pages use, on a
    simulated clock. It makes what it needs in an empty data folder. No mail leaves the installation.
    """
    current_app.extensions["upgrade"]()
    found = scenario.load(edition)
    found = found.moved(found.starts_on, slug or found.slug, found.title)
    _refuse_again(found.slug)
    ready()
    with _rehearsal(), _undisturbed():
        edition_id = running.run(found, running.Options(seed), _Shown(found.title, quiet=as_json, speed=speed))
    say(running.figures(edition_id), as_json=as_json)
    if not as_json:
        click.echo(f"The report: /e/{found.slug}/report/ for administrators, or: lms report {found.slug} --out FOLDER")


def _refuse_again(slug: str) -> None:
    """Say whether an edition with this address is a finished one, or was left by a replay that was interrupted."""
    state = db.session.scalar(select(Edition.state).where(Edition.slug == slug))
    if state is not None:
        left = "" if state == EditionState.CLOSED else " It is not closed: an earlier replay of it was interrupted, or it is no replay."
        message = f"There is an edition {slug!r} already.{left} Choose another address with --slug, or an empty LMS_DATA."
        raise click.ClickException(message)


def ready() -> None:
    """Migrate the database and load the course folders, so that a replay works in an empty data folder."""
    current_app.extensions["upgrade"]()
    registry = current_app.extensions["lms"]
    for folder in current_app.extensions["settings"].content:
        result = load_course(read_course(folder), registry.content_parts)
        if not result.loaded and result.problems:
            message = f"{folder} has errors: run `lms content check`"
            raise click.ClickException(message)


class _Shown:
    """Goes through the steps with a progress bar on standard error, or silently; at once, or so many days a minute."""

    def __init__(self, title: str, *, quiet: bool, speed: float | None = None) -> None:
        self.title, self.quiet, self.speed = title, quiet, speed

    def __call__(self, steps: list[Step]) -> Iterator[Step]:
        paced = _paced(steps, timedelta(days=self.speed) / 60 if self.speed else None)
        if self.quiet:
            yield from paced
            return
        with progress(paced, self.title, length=len(steps), current=_day) as shown:
            yield from shown


def _paced(steps: list[Step], a_second: timedelta | None) -> Iterator[Step]:
    """Give each step when it is due, if `a_second` of ours is so much of theirs; or at once."""
    begun = held = time.monotonic()
    for step in steps:
        due = begun + (step.at - steps[0].at) / a_second if a_second else begun
        while (now := time.monotonic()) < due or now > held + HOLD_SECONDS:
            if now > held + HOLD_SECONDS:
                pulse.hold()
                held = now
            time.sleep(min(max(due - now, 0), HOLD_SECONDS))
        yield step


def _day(step: Step | None) -> str:
    return f"{step.at.day} {step.at:%B %Y, %H:%M}" if step else ""


@contextmanager
def _rehearsal() -> Iterator[None]:
    """Do background work at once and keep all mail here, whatever the installation is set to."""
    conf = current_app.extensions["celery"].conf
    before, conf.task_always_eager = conf.task_always_eager, True
    try:
        with kept():
            yield
    finally:
        conf.task_always_eager = before


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let periodic tasks wait: they go by the time of today, and would end what is open in the past that is replayed."""
    pulse.hold()
    try:
        yield
    finally:
        pulse.release()


@click.command(epilog=example("lms demo", "lms demo --json"))
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins as one line of JSON.")
@in_app
def demo(as_json: bool = False) -> None:  # noqa: FBT001, FBT002 - click passes it by name
    """Create the demo edition and print its sign-ins.

    It is a replay stopped in its third week. Where it is there already, nothing is changed.
    """
    ready()
    settings = current_app.extensions["settings"]
    file = settings.data / "demo-sign-ins.json"
    if db.session.scalar(select(Edition.id).where(Edition.slug == DEMO_SLUG)) is None:
        passwords = {role: _passphrase() for role in DEMO_ROLES}
        with unit_of_work():  # one for all, so that a demo is there whole or not at all
            _create(passwords)
            _keep(file, passwords)
    passwords = json.loads(file.read_text()) if file.exists() else {}
    sign_ins = [{"role": role, "email": f"{role}@{DEMO_SLUG}.example.org", "password": passwords.get(role)} for role in DEMO_ROLES]
    if as_json:
        click.echo(json.dumps({"url": settings.base_url, "edition": DEMO_SLUG, "sign_ins": sign_ins}))
        return
    click.echo("Demo sign-ins (invented people):")
    for found in sign_ins:
        click.echo(f"  {found['role']:<14} {found['email']:<40} {found['password'] or '(not known here)'}")


def _passphrase() -> str:
    return "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(90) + 10}"


def _keep(file: Path, passwords: dict[str, str]) -> None:
    file.touch(mode=0o600)
    file.write_text(json.dumps(passwords))


def _create(passwords: dict[str, str]) -> None:
    past = scenario.load("2019")
    starts_on = clock.today(past.zone) - timedelta(days=DEMO_DAY)
    found = past.moved(starts_on, DEMO_SLUG, f"South-East Asia, {starts_on.year} (demo)")
    closes_at = clock.day_starts(found.ends_on, found.zone)
    options = running.Options(2019, clock.now(), passwords, closes_at)
    with _rehearsal():
        running.run(found, options, _Shown("Creating the demo edition", quiet=False))
