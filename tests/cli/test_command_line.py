"""The `lms` command line: every help teaches, results can be read by programs, and bad input gets a sentence and no trace."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from flask import Flask

from lms import cli
from lms.core.plugins import Registry
from tests.core import factories
from tests.servers import postgres, redis

ROOT = Path(__file__).parents[2]
NOBODY_LISTENS = 1  # a port below those that programs get, on which nothing answers here
DEMO = "Creating the demo edition"
WORK = (
    *("certificates", "report documents", "nominee files", "outage remedies", "outgoing mails", "score files"),
    *("selection dossiers", "selection runs", "certificate status lists"),
)


class Outcome(NamedTuple):
    """What a call of `lms` came to."""

    code: int
    out: str
    err: str


Lms = Callable[..., Outcome]


@pytest.fixture
def lms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Lms:
    """Call the command line as a program does, in a data folder of its own; settings go before it by name."""
    for name, value in {"LMS_DATA": tmp_path / "data", "LMS_CONTENT": ROOT / "tests" / "course"}.items():
        monkeypatch.setenv(name, str(value))

    def call(*words: str, **settings: object) -> Outcome:
        for name, value in settings.items():
            monkeypatch.setenv(name, str(value))
        monkeypatch.setattr(sys, "argv", ["lms", *words])
        monkeypatch.setattr(sys, "path", list(sys.path))
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        code = end.value.code
        return Outcome(int(code or 0), *capfd.readouterr())

    return call


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Let `lms db upgrade` make a data folder, which takes a second."""
    folder = tmp_path_factory.mktemp("upgraded") / "data"
    environment = {"PATH": os.environ["PATH"], "LMS_DATA": str(folder)}
    subprocess.run([sys.executable, "-m", "lms.cli", "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture
def with_database(upgraded: Path, tmp_path: Path) -> None:
    """Have a data folder as `lms db upgrade` makes it."""
    shutil.copytree(upgraded, tmp_path / "data")


def _commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _commands(command, *path, name)


def _cut_off(help_text: str) -> list[str]:
    return [line for line in help_text.splitlines() if line.endswith("...") and not line.startswith("Usage:")]


def test_every_help_teaches(lms: Lms) -> None:
    """It says what, its lines of a list are whole, each argument is explained, and each command has an example that fits."""
    assert _cut_off(lms("--help").out) == []
    found = dict(_commands(cli.lms))
    assert {("run",), ("db", "upgrade"), ("content", "check"), ("replay",), ("demo",), ("certificates", "issue"), ("doctor",)} <= set(found)
    for path, command in found.items():
        help_text = lms(*path, "--help").out
        assert _cut_off(help_text) == [], path
        if not isinstance(command, click.Group):
            examples = (command.epilog or "").splitlines()[2:]
            assert examples, path
            assert all(f"lms {' '.join(path)}" in example for example in examples)
            assert all(example in help_text for example in examples)
        for argument in (parameter for parameter in command.params if isinstance(parameter, click.Argument)):
            assert (argument.name or "").upper() in (command.help or ""), path


def test_exit_codes_are_explained(lms: Lms) -> None:
    """Where a newcomer looks first."""
    done = lms("--help")
    assert done.code == 0
    assert "Exit codes" in done.out


@pytest.mark.usefixtures("with_database")
@pytest.mark.parametrize(
    ("words", "settings", "code", "sentence"),
    [
        (["nonsense"], {}, 2, "No such command 'nonsense'"),
        (["replay", "1999"], {}, 2, "'1999' is not '2019'"),
        (["replay", "2019", "--seed", "one"], {}, 2, "'one' is not a valid integer"),
        (["serve", "--workers", "0"], {}, 2, "0 is not in the range"),
        (["content", "check", "/nowhere"], {}, 2, "'/nowhere' does not exist"),
        (["content", "load"], {"LMS_CONTENT": "/nowhere"}, 1, "/nowhere has errors and was not loaded"),
        (["certificates", "status", "nowhere"], {}, 2, "there is no edition 'nowhere'"),
        (["db", "upgrade"], {"DATABASE_URL": "nonsense"}, 2, "DATABASE_URL must be like"),
        (["db", "upgrade"], {"LMS_DATA": "/dev/null/data"}, 2, "LMS_DATA can't be written: /dev/null/data: Not a directory"),
        (["db", "upgrade"], {"DATABASE_URL": f"postgresql://u:p@127.0.0.1:{NOBODY_LISTENS}/x"}, 1, "The database can't be used: conn"),
        (["serve"], {"HOST": "nowhere.invalid"}, 2, "Nothing can be served at HOST=nowhere.invalid"),
        (["run"], {"PORT": "many"}, 2, "PORT must be a whole number"),
    ],
)
def test_bad_input_gets_a_sentence(lms: Lms, words: list[str], settings: dict[str, str], code: int, sentence: str) -> None:
    """On standard error, with the right exit code, and without a trace."""
    done = lms(*words, **settings)
    assert sentence in done.err
    assert done.code == code
    assert "Traceback" not in done.err
    assert done.out == ""


def test_a_database_without_tables_gets_a_sentence(lms: Lms) -> None:
    """It says which command makes them."""
    done = lms("certificates", "status", "ditd-2019")
    assert (done.code, done.out) == (1, "")
    assert "`lms db upgrade` makes its tables" in done.err


@pytest.mark.parametrize("command", ["serve", "run"])
def test_a_port_in_use_gets_a_sentence(lms: Lms, command: str) -> None:
    """Before anything is made or started."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = lms(command, HOST="127.0.0.1", PORT=port)
    assert done.code == 2
    assert done.err == f"lms: Nothing can be served at HOST=127.0.0.1, PORT={port}: Address already in use. Choose another PORT or HOST.\n"


def test_a_folder_that_can_not_be_written_gets_a_sentence(ctx: Flask, lms: Lms) -> None:
    """Before the audit log says that certificates were written."""
    slug = factories.slug_of(factories.edition())
    done = lms("certificates", "export", slug, "/dev/null/here", DATABASE_URL=ctx.config["SQLALCHEMY_DATABASE_URI"])
    assert done.code == 1
    assert done.err == "Error: /dev/null/here can't be written: Not a directory\n"


@pytest.mark.usefixtures("with_database")
@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["content", "check", "--json"], {"problems", "coverage"}),
        (["content", "load", str(ROOT / "content"), "--json"], {"content"}),
        (["certificates", "issue", "--json"], {"issued", "left"}),
        (["grades", "check", "--json"], {"editions", "corrected"}),
    ],
)
def test_programs_get_one_line_of_json(lms: Lms, words: list[str], keys: set[str]) -> None:
    """Nothing else stands on standard output."""
    done = lms(*words)
    assert done.out.count("\n") == 1
    assert set(json.loads(done.out)) == keys


@pytest.mark.parametrize(("state", "said"), [("open", "was interrupted"), ("closed", "")])
def test_a_replay_says_what_an_earlier_one_left(ctx: Flask, lms: Lms, state: str, said: str) -> None:
    """Nothing is added to an edition that is there, finished or not."""
    slug = factories.slug_of(factories.edition(state=state))
    done = lms("replay", "2019", "--slug", slug, DATABASE_URL=ctx.config["SQLALCHEMY_DATABASE_URI"])
    assert done.code == 1
    assert f"There is an edition '{slug}' already." in done.err
    assert said in done.err
    assert "Choose another address with --slug" in done.err


def _found(done: Outcome) -> dict[str, Any]:
    return {row["what"]: (row["fine"], row["detail"]) for row in json.loads(done.out)}


def test_the_doctor_finds_what_is_missing_and_changes_nothing(lms: Lms, tmp_path: Path) -> None:
    """Before the first start."""
    done = lms("doctor", "--json")
    assert done.code == 1
    found = _found(done)
    assert {what for what, (fine, _) in found.items() if not fine} == {"data", "secret", "database"}
    assert "`lms db upgrade` creates it" in found["database"][1]
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("with_database")
def test_the_doctor_finds_what_does_not_run(lms: Lms) -> None:
    """With a database, but no course, no worker and no periodic tasks."""
    found = _found(lms("doctor", "--json"))
    assert {what for what, (fine, _) in found.items() if not fine} == {"courses", "worker", "sweep"}
    assert "`lms content load`" in found["courses"][1]
    idle = (f"{what}: 0 waiting, 0 given up" for what in WORK)
    assert found["backlog"] == (True, ", ".join(idle))
    lms("content", "load")
    assert _found(lms("doctor", "--json"))["courses"] == (True, "small loaded, 0 editions")


@pytest.mark.usefixtures("with_database")
def test_the_doctor_finds_an_old_database(lms: Lms, tmp_path: Path) -> None:
    """And looks no further into it."""
    with closing(sqlite3.connect(tmp_path / "data" / "lms.sqlite3")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '1a6ab5944870'")
    found = _found(lms("doctor", "--json"))
    assert found["migrations"][0] is False
    assert "the database is at 1a6ab5944870" in found["migrations"][1]
    assert "backlog" not in found


def test_the_doctor_finds_what_does_not_answer(lms: Lms) -> None:
    """Database, broker and mail server, each with a sentence of one line and without a password."""
    own = {"LMS_SECRET_KEY": "x" * 40, "DATABASE_URL": f"postgresql://u:hush@127.0.0.1:{NOBODY_LISTENS}/x"}
    own |= {"REDIS_URL": f"redis://:hush@127.0.0.1:{NOBODY_LISTENS}/0", "SMTP_URL": f"smtp://u:hush@127.0.0.1:{NOBODY_LISTENS}"}
    done = lms("doctor", "--json", **own)
    found = _found(done)
    assert [found[what][0] for what in ("database", "broker", "mail")] == [False] * 3
    assert "hush" not in done.out
    assert "Traceback" not in done.err


def test_the_doctor_sees_servers_and_a_worker(lms: Lms) -> None:
    """On PostgreSQL and Redis everything is well once a worker ran its periodic tasks."""
    with postgres() as database, redis() as broker:
        servers = {"DATABASE_URL": database.url, "REDIS_URL": broker.url}
        lms("db", "upgrade", **servers)
        lms("content", "load")
        worker = [sys.executable, "-m", "lms.cli", "worker", "--concurrency", "1", "--log-level", "INFO"]
        with subprocess.Popen(worker, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr is not None
                assert any("pulse.beat" in line and "succeeded" in line for line in process.stderr)
                done = lms("doctor")
            finally:
                process.terminate()
                process.communicate()
        assert done.code == 0, done.out
        assert "BAD" not in done.out


def test_an_interrupted_demo_leaves_nothing(tmp_path: Path) -> None:
    """So that the next start makes a whole one."""
    environment = {"PATH": os.environ["PATH"], "LMS_DATA": str(tmp_path), "LMS_CONTENT": str(ROOT / "content")}
    command = [sys.executable, "-u", "-m", "lms.cli", "demo"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, and so by the command, where tests run in the background
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert DEMO in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        complaints = process.stderr.read()
    assert process.returncode == 1
    assert "Traceback" not in complaints
    with closing(sqlite3.connect(tmp_path / "lms.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM editions").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)
    assert not (tmp_path / "demo-sign-ins.json").exists()


def test_plugins_bring_commands(ctx: Flask) -> None:
    """What a manifest lists can be called."""
    registry: Registry = ctx.extensions["lms"]
    brought = {command.name for plugin in registry.plugins for command in plugin.commands}
    assert brought <= {path[0] for path, _ in _commands(cli.lms)}
    assert "demo" in brought
