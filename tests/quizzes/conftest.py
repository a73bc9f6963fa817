"""A learner with an open quiz, and what happens, listened to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.domain import Course
from lms.core.progress import ActivityChanged
from lms.quizzes.events import AttemptSubmitted
from tests.quizzes.factories import Learner, learner, small


@pytest.fixture
def who(course: Course) -> Learner:
    """Enrol a learner in an edition of the small course."""
    return learner(course.id)


@pytest.fixture
def browser(who: Learner, signed_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """Give the learner's browser."""
    return signed_in(who.person)


@pytest.fixture
def with_rules(ctx: Flask, tmp_path: Path) -> Callable[..., Learner]:
    """Enrol learners where the first module's quiz.toml is changed."""
    del ctx
    return lambda *changes: learner(small(tmp_path, *changes))


@pytest.fixture
def happened(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """List what is published about attempts and scores."""
    registry, heard = ctx.extensions["lms"], list[object]()
    added = {
        kind: (*registry.handlers.get(kind, ()), heard.append) for kind in (AttemptSubmitted, ActivityChanged)
    }
    monkeypatch.setattr(registry, "handlers", {**registry.handlers, **added})
    return heard
