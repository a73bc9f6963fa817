"""What the registry of plugins accepts and refuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from flask import Blueprint

from lms.app import create_app
from lms.core.permissions import anyone
from lms.core.plugins import NavItem, Plugin, PluginError, Registry
from lms.settings import Settings, SettingsError

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
        ([Plugin("a", nav=(NavItem("A", "a.a", "nobody-knows"),))], "unknown permission"),
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
    with pytest.raises(RuntimeError, match=r"odd\.view"):
        create_app(SETTINGS, [_with_view(permission)])


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
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must begin"),
        ({"REDIS_URL": "http://x"}, "REDIS_URL must begin"),
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
    assert settings.broker_url == "filesystem://"
    assert "hush" not in repr(settings)
    assert "pw@h" not in repr(settings)
    assert Settings.from_env({"DATABASE_URL": "postgres://h/d"}).database_url == "postgresql+psycopg://h/d"
