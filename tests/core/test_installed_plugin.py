"""A separately installed plugin adds a page, a menu entry and an activity that counts, without an edit anywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import postgres

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "tests" / "plugin"
PAGE = ROOT / "docs" / "plugins.md"
SHOWN = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
Environment = dict[str, str]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the plugin as pip does, from a copy (building leaves files behind), into a folder of its own."""
    copy, target = tmp_path_factory.mktemp("source") / "plugin", tmp_path_factory.mktemp("installed")
    shutil.copytree(PLUGIN, copy)
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    _run([sys.executable, "-m", "pip", "install", "-q", *offline, "--target", str(target), str(copy)], dict(os.environ))
    return target


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request: pytest.FixtureRequest, tmp_path: Path, installed: Path) -> Iterator[Environment]:
    """Give the environment of an installation in which the plugin is found."""
    found = {
        "PATH": os.environ["PATH"],
        "LMS_DATA": str(tmp_path / "data"),
        "LMS_BASE_URL": "http://localhost",
        "LMS_STAFF_SECOND_FACTOR": "optional",
        "PYTHONPATH": str(installed),
    }
    if request.param == "sqlite":
        yield found
        return
    with postgres() as server:
        yield found | {"DATABASE_URL": server.url}


def _run(command: list[str], environment: Environment) -> str:
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_takes_part_once_it_is_installed_and_not_when_it_is_switched_off(environment: Environment) -> None:
    """Its page is for participants, its note counts as a third beside the course's two quizzes, and all of it can be switched off."""
    upgrade = [sys.executable, "-m", "lms.cli", "db", "upgrade"]
    _run(upgrade, environment)
    _run(upgrade, environment)
    seen, off = json.loads(_run([sys.executable, "-m", "tests.core.plugin_visit"], environment))
    assert seen["statuses"] == {"learner": 200, "tutor": 200, "stranger": 403, "nobody": 302}
    assert seen["in_menu"] == {"learner": True, "tutor": True}
    assert sorted(seen["counting"]) == ["quizzes", "quizzes", "reading_club"]
    assert seen["writing"] == {
        "refused": [422, 422, 403],
        "typed_is_kept": True,
        "before": "none",
        "sent": 302,
        "after": "33.333333",
        "shown": [True, False],
    }
    assert set(off["statuses"].values()) == {404}
    assert off["in_menu"] == {"learner": False, "tutor": False}
    assert off["counting"] == ["quizzes", "quizzes"]


def test_our_migrations_say_nothing_of_its_table(environment: Environment) -> None:
    """A plugin that is installed, but whose table is not there yet, would be no reason for a migration."""
    command = [sys.executable, "-m", "lms.cli", "db"]
    _run([*command, "upgrade"], {name: value for name, value in environment.items() if name != "PYTHONPATH"})
    assert "No new upgrade operations detected" in _run([*command, "check"], environment)


def test_the_page_on_plugins_shows_this_plugin() -> None:
    """Every file of the plugin but the empty one stands in the page as it is."""
    files = {str(f.relative_to(PLUGIN)): f.read_text() for f in PLUGIN.rglob("*") if f.suffix in {".py", ".toml", ".html"}}
    assert dict(SHOWN.findall(PAGE.read_text())) == {name: text for name, text in files.items() if text}
