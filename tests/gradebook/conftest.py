"""Work that counts, in place of what the features report."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.gradebook.factories import Work


@pytest.fixture
def work(ctx: Flask, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Let a made-up feature be the only one that reports activities."""
    work = Work()
    monkeypatch.setattr(ctx.extensions["lms"], "activity_sources", {work.activities: True})
    return work
