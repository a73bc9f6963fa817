"""The live site, once for all browser tests of a process, and people who visit it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

import pytest
from playwright.sync_api import Browser

from tests.browser.chrome import chrome
from tests.browser.live import Site, live_site
from tests.browser.visitors import Visitor, visitor


class Visit(Protocol):
    """Makes visitors."""

    def __call__(self, width: int = 1366, *, javascript: bool = True) -> AbstractContextManager[Visitor]:
        """Let somebody sit down at a screen of this width."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the platform."""
    with live_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run a browser; a module's own, because two at once can't be steered."""
    with chrome() as running:
        yield running


@pytest.fixture(scope="session")
def looked_at() -> set[str]:
    """Remember the kinds of pages that axe has seen."""
    return set()


@pytest.fixture
def visit(site: Site, chromium: Browser, looked_at: set[str]) -> Visit:
    """Let people visit the site."""
    def sit_down(width: int = 1366, *, javascript: bool = True) -> AbstractContextManager[Visitor]:
        return visitor(chromium, site.origin, looked_at, width, javascript=javascript)

    return sit_down
