"""What the registry of plugins accepts and refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint

from lms.app import create_app
from lms.core.permissions import anyone
from lms.core.plugins import NavItem, Plugin, PluginError, Registry
from lms.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]
SETTINGS = Settings(secret_key="x" * 32, base_url="http://localhost", database_url="sqlite:////nowhere/none.sqlite3")


def names(plugins: Iterable[Plugin]) -> list[str]:
    """Give the names of plugins."""
    return [plugin.name for plugin in plugins]


def test_plugins_are_ordered_by_what_they_require() -> None:
    """A plugin comes after those that it requires."""
    registry = Registry([Plugin("c", requires=("b",)), Plugin("b", requires=("a",)), Plugin("a")])
    assert names(registry.plugins) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("plugins", "words"),
    [
        ([Plugin("a", requires=("z",))], "a requires z"),
        ([Plugin("a", requires=("b",)), Plugin("b", requires=("a",))], "in a circle"),
        ([Plugin("a"), Plugin("a")], "declared twice"),
        ([Plugin("a", rules={"x": anyone}), Plugin("b", rules={"x": anyone})], "'x' is declared twice"),
        ([Plugin("a", rules={"public": anyone}), Plugin("b", rules={"public": anyone})], "declared twice"),
        ([Plugin("a", slots={"nowhere": lambda: ()})], "no plugin hosts the slot 'nowhere'"),
        ([Plugin("a", nav=(NavItem("A", "a.a", "nobody-knows"),))], "unknown permission 'nobody-knows'"),
        ([Plugin("a", nav=(NavItem("A", "a.a", "public", place="cellar"),))], "unknown place 'cellar'"),
    ],
)
def test_what_can_not_work_is_refused_at_start_up(plugins: list[Plugin], words: str) -> None:
    """Each wrong declaration is named."""
    with pytest.raises(PluginError, match=words):
        Registry(plugins)


def _with_view(permission: str | None) -> Plugin:
    blueprint = Blueprint("odd", __name__)

    def view() -> str:
        return "seen"

    if permission is not None:
        view.permission = permission  # type: ignore[attr-defined]
    blueprint.add_url_rule("/odd", "view", view)
    return Plugin("odd", blueprint=blueprint)


@pytest.mark.parametrize("permission", [None, "", "nobody-knows"])
def test_a_view_without_a_known_permission_stops_the_start(permission: str | None) -> None:
    """Start-up fails and names the view."""
    with pytest.raises(PluginError, match=r"odd\.view"):
        create_app(SETTINGS, [_with_view(permission)])


def test_a_menu_entry_that_leads_nowhere_stops_the_start() -> None:
    """Start-up fails and names the entry."""
    with pytest.raises(PluginError, match=r"Menu entry 'A': there is no page 'a\.a'"):
        create_app(SETTINGS, [Plugin("a", nav=(NavItem("A", "a.a", "public"),))])


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("", "club (club:plugin) can't be loaded: module 'club' has no attribute 'plugin'"),
        ("import nowhere", "club (club:plugin) can't be loaded: No module named 'nowhere'"),
        ("plugin = 1", "Not a plugin: 1"),
        ("from lms.core.plugins import *; plugin = Plugin('club', requires=('cellar',))", "club requires cellar, which is not there"),
        ("from lms.core.plugins import *; plugin = Plugin('club', slots={'cellar': list})", "club: no plugin hosts the slot 'cellar'"),
    ],
)
def test_an_installed_plugin_that_can_not_work_ends_the_start_with_a_sentence(tmp_path: Path, manifest: str, words: str) -> None:
    """No trace, exit code 2, nothing written."""
    (tmp_path / "club.py").write_text(manifest)
    about = tmp_path / "club-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: club\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[lms.plugins]\nclub = club:plugin\n")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path), "LMS_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-m", "lms.cli", "content", "check"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("lms: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_creating_the_application_writes_nothing(tmp_path: Any) -> None:
    """`create_app` has no side effects: no folder, no file, no connection."""
    settings = Settings(
        data=tmp_path / "data", secret_key="x" * 32, base_url="http://localhost", database_url=f"sqlite:///{tmp_path}/d/x.db"
    )
    create_app(settings)
    create_app(settings)
    assert list(tmp_path.iterdir()) == []


def test_without_a_secret_there_is_no_application() -> None:
    """A missing secret is said plainly."""
    with pytest.raises(SettingsError, match="secret"):
        create_app(Settings(), [])


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"PORT": "many"}, "PORT must be a whole number"),
        ({"PORT": "70000"}, "PORT must be a whole number"),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must be like"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must be like"),
        ({"DATABASE_URL": "postgresql://host:port/name"}, "DATABASE_URL must be like"),
        ({"DATABASE_URL": "postgresql://host"}, "DATABASE_URL must be like"),
        ({"DATABASE_URL": "sqlite:///beside.sqlite3"}, "DATABASE_URL must be like"),
        ({"REDIS_URL": "http://x"}, "REDIS_URL must begin"),
        ({"REDIS_URL": "redis://host:many/0"}, "REDIS_URL names a port"),
        ({"SMTP_URL": "ftp://x"}, "SMTP_URL must begin"),
        ({"LMS_CLOCK": "yesterday"}, "LMS_CLOCK must be a moment"),
        ({"LMS_CLOCK": "2019-09-10T09:00:00"}, "offset from UTC is missing"),
        ({"LMS_TRUSTED_PROXIES": "-1"}, "LMS_TRUSTED_PROXIES must be"),
    ],
)
def test_wrong_settings_are_named(env: dict[str, str], words: str) -> None:
    """Each setting that makes no sense is refused with its name."""
    with pytest.raises(SettingsError, match=words):
        Settings.from_env(env)


def test_settings_have_defaults_and_show_no_secret(tmp_path: Any) -> None:
    """An empty environment is enough, and printing settings reveals nothing."""
    settings = Settings.from_env({"LMS_DATA": str(tmp_path), "LMS_SECRET_KEY": "hush-hush", "SMTP_URL": "smtp://u:pw@h"})
    assert settings.database_url == f"sqlite:///{tmp_path}/lms.sqlite3"
    assert settings.broker_url == "filesystem://localhost//"
    assert "hush" not in repr(settings)
    assert "pw@h" not in repr(settings)
    assert Settings.from_env({"DATABASE_URL": "postgres://h/d"}).database_url == "postgresql+psycopg://h/d"
