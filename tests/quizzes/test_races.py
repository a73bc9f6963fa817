"""Two presses at the same moment, in two connections: one attempt, one mark."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from lms.core.db import db, unit_of_work
from lms.core.errors import Conflict
from lms.core.viewer import Viewer
from lms.editions.api import close_edition
from lms.quizzes import commands
from tests.quizzes.factories import (
    SMALL,
    Learner,
    answer_right,
    count_attempts,
    fields,
    info,
    of_kind,
    paper,
    start,
    stored,
)

TIMES = 4


def at_once(app: Flask, *jobs: Callable[[], Any]) -> list[Any]:
    """Do jobs at the same moment, each in a unit of work and a connection of its own; give results or refusals."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait(10)
            try:
                with unit_of_work():
                    return job()
            except Conflict as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_starts_make_one_attempt(ctx: Flask, who: Learner) -> None:
    enrolment = who.enrolment
    db.session.remove()
    found = at_once(ctx, *[lambda: commands.start_attempt(enrolment, "module1")] * TIMES)
    assert len(set(found)) == 1
    assert count_attempts(who) == 1
    assert len(paper(found[0])) == SMALL


def test_two_hand_ins_are_marked_once(ctx: Flask, who: Learner, happened: list[object]) -> None:
    attempt = start(who)
    answer_right(attempt, SMALL)
    db.session.remove()
    found = at_once(ctx, *[lambda: commands.submit_attempt(attempt)] * TIMES)
    assert sorted(found) == [False] * (TIMES - 1) + [True]
    assert info(who, attempt).score == Decimal(100)
    assert len(happened) == 2


def by_script(who: Learner, attempt: int) -> Callable[[], Any]:
    """Save the right answer as the script of the page does."""
    item = of_kind(attempt, "single")
    sent = MultiDict(fields(item, [0])).getlist
    return lambda: commands.save_item(who.enrolment, attempt, sent)


def by_program(who: Learner, attempt: int) -> Callable[[], Any]:
    """Save the right answer without a page."""
    del who
    position = of_kind(attempt, "single").position
    return lambda: commands.save_answer(attempt, position, [0])


@pytest.mark.parametrize("way", [by_script, by_program])
@pytest.mark.parametrize("again", range(3))
def test_an_answer_is_saved_and_counts_or_is_refused(
    ctx: Flask, who: Learner, way: Callable[[Learner, int], Callable[[], Any]], again: int
) -> None:
    """An answer that arrives while the attempt is handed in is never stored without being marked."""
    attempt = start(who)
    position, save = of_kind(attempt, "single").position, way(who, attempt)
    db.session.remove()
    jobs = [save, lambda: commands.submit_attempt(attempt)]
    saved = at_once(ctx, *(reversed(jobs) if again % 2 else jobs))[again % 2]
    if isinstance(saved, Conflict):
        assert (stored(attempt)[position], info(who, attempt).score) == (None, Decimal(0))
    else:
        assert (stored(attempt)[position], info(who, attempt).score) == ([0], Decimal("14.285714"))


def test_handing_in_while_the_edition_closes(ctx: Flask, who: Learner, happened: list[object]) -> None:
    """They don't wait for each other for ever, and the attempt is marked once."""
    attempt = start(who)
    edition = who.edition
    db.session.remove()
    at_once(
        ctx,
        lambda: commands.submit_attempt(attempt),
        lambda: close_edition(edition, Viewer(administrator=True)),
    )
    assert info(who, attempt).score == Decimal(0)
    assert len(happened) == 2
