"""The `lms` command line."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click
import flask_migrate
from flask import Flask
from psycopg.errors import UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

from lms import schema
from lms import worker as worker_process
from lms.app import create_app
from lms.core import clock
from lms.core.cli import Invocation, example, in_app
from lms.core.errors import DomainError
from lms.core.plugins import PluginError, discover
from lms.core.tasks import queue_folder
from lms.doctor import doctor
from lms.library import content
from lms.settings import SECRET_FILE, Settings, SettingsError
from lms.supervisor import Child, supervise

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
HELP = """Run a learning platform: its web pages, its worker, its content and its editions.

Settings come from the environment: HOST, PORT, LMS_DATA, LMS_CONTENT, DATABASE_URL, REDIS_URL, SMTP_URL and more;
`lms doctor` shows what is set and what is reachable.

\b
Begin with:
  lms run                         everything on this machine, with a demo edition
  lms doctor                      what is configured, reachable, missing
  lms COMMAND --help              what a command does, with an example

\b
Exit codes of every command:
  0  done, nothing to complain of
  1  something was found wrong, or could not be done; the message says what
  2  the command line or a setting can't be used

Results go to standard output, progress and complaints to standard error.
"""


class Commands(click.Group):
    """The built-in commands and those that plugins bring along."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command there is."""
        return sorted({*super().list_commands(ctx), *_plugin_commands()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by its name."""
        return super().get_command(ctx, cmd_name) or _plugin_commands().get(cmd_name)


def _plugin_commands() -> dict[str, click.Command]:
    plugins = discover(Settings.from_env().disabled)
    return {command.name or "": command for plugin in plugins for command in plugin.commands}


@click.group(cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def lms(ctx: click.Context) -> None:
    """Make the application available to every command."""
    ctx.obj = Invocation(make_app)


def make_app() -> Flask:
    """Build the application after making sure of the data folder and its secret."""
    settings = Settings.from_env()
    prepare(settings)
    settings = Settings.from_env()
    if settings.clock_start:
        clock.start_at(clock.parse(settings.clock_start))
    app = create_app(settings)
    schema.attach(app)
    return app


def prepare(settings: Settings) -> None:
    """Create the data folder, the embedded broker's folders and the secret key where they are missing."""
    try:
        for folder in (settings.data, queue_folder(settings.data) / "control"):
            folder.mkdir(parents=True, exist_ok=True)
        if not settings.secret_key:
            _write_secret(settings.data / SECRET_FILE)
    except OSError as error:
        message = f"LMS_DATA can't be written: {error.filename}: {error.strerror}. Name a folder that is yours."
        raise SettingsError(message) from error


def _write_secret(file: Path) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_hex(32))


@lms.group()
def db() -> None:
    """Create and migrate the database.

    It is the one that DATABASE_URL names, by default a file in LMS_DATA.
    """


@db.command(epilog=example("DATABASE_URL=postgresql://lms:secret@localhost/lms lms db upgrade"))
@in_app
def upgrade() -> None:
    """Create the database, or bring it to the newest version.

    Run it before the new version's processes start; with the database at the newest version it does nothing. Tables that
    installed plugins bring along are created too, but never changed.
    """
    schema.upgrade()


@db.command(epilog=example('lms db revision "notes of tutors"'))
@click.argument("message")
@in_app
def revision(message: str) -> None:
    """Write a migration (for developers).

    It holds what changed in the tables since the last one; MESSAGE says what. The database must be at the newest version. Read
    the file that is written before you keep it.
    """
    flask_migrate.revision(message=message, autogenerate=True)


@db.command(epilog=example("lms db check"))
@in_app
def check() -> None:
    """Compare the tables with the migrations (for developers).

    Exits with 1 if something would have to be migrated that no migration does yet.
    """
    flask_migrate.check()


@db.command(epilog=example("lms db current"))
@in_app
def current() -> None:
    """Show the version of the database.

    The newest is marked (head).
    """
    flask_migrate.current(verbose=True)


@lms.command(epilog=example("HOST=0.0.0.0 PORT=8080 lms serve --workers 4"))
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes.")
def serve(workers: int) -> None:
    """Serve the web pages at HOST and PORT until Ctrl-C.

    The database must have been made by `lms db upgrade`. Mail and certificates wait until a worker runs.
    """
    settings = Settings.from_env()
    prepare(settings)
    require_free(settings.host, settings.port)
    os.execv(sys.executable, web_command(settings, workers))  # noqa: S606 - our own interpreter


@lms.command(epilog=example("REDIS_URL=redis://localhost:6379/0 lms worker --concurrency 4"))
@click.option("--concurrency", type=click.IntRange(1, 64), default=2, show_default=True, help="Worker processes.")
@click.option("--sweep/--no-sweep", default=True, show_default=True, help="Run the periodic tasks as well.")
@click.option("--log-level", type=click.Choice(LOG_LEVELS), default="WARNING", show_default=True, help="How much to say.")
@click.pass_obj
def worker(invocation: Invocation, concurrency: int, sweep: bool, log_level: str) -> None:  # noqa: FBT001 - click passes it by name
    """Send mail and issue certificates until Ctrl-C.

    As many workers as you like may run beside each other: nothing is done twice. One of them should run the periodic tasks.
    """
    sys.exit(worker_process.work(invocation.make_app(), concurrency, sweep=sweep, log_level=log_level))


@lms.command(epilog=example("PORT=8080 LMS_DATA=~/lms-data lms run --no-demo"))
@click.option("--demo/--no-demo", default=True, show_default=True, help="Create the demo edition on first start.")
@click.pass_context
def run(ctx: click.Context, demo: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Run everything on this machine until Ctrl-C.

    That is: database, content, demo edition, web pages, worker and periodic tasks. A process that dies is started again. The data
    stay in LMS_DATA, and the next `lms run` goes on with them.
    """
    settings = Settings.from_env()
    require_free(settings.host, settings.port)
    ctx.invoke(upgrade)
    ctx.invoke(content.commands["load"])
    if demo and (command := lms.get_command(ctx, "demo")):
        ctx.invoke(command)
    if isinstance(account := lms.get_command(ctx, "account"), click.Group):
        ctx.invoke(account.commands["first"], if_needed=True)
    click.echo(f"\n  {settings.base_url}   (Ctrl-C stops it; the data stay in {settings.data})\n")
    sys.exit(supervise([Child("web", web_command(settings, 2)), Child("worker", worker_command(1))]))


def require_free(host: str, port: int) -> None:
    """Raise `SettingsError` unless a server can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        message = f"Nothing can be served at HOST={host}, PORT={port}: {error.strerror}. Choose another PORT or HOST."
        raise SettingsError(message) from error


def web_command(settings: Settings, workers: int, factory: str = "lms.wsgi:app") -> list[str]:
    """Give the command that starts the web server."""
    where = ["--host", settings.host, "--port", str(settings.port), "--workers", str(workers)]
    return [sys.executable, "-m", "lms.serving", *where, factory]


def worker_command(processes: int) -> list[str]:
    """Give the command that starts a worker."""
    return [sys.executable, "-m", "lms.cli", "worker", "--concurrency", str(processes)]


lms.add_command(content)
lms.add_command(doctor)


def main() -> None:
    """Run the command line; what a person can put right ends with its sentence, not with a trace."""
    sys.path.insert(0, str(Path.cwd()))
    try:
        lms(prog_name="lms")
    except (SettingsError, PluginError) as error:
        _end(2, str(error))
    except DomainError as error:
        _end(1, f"{error.message} {error.remedy}".rstrip())
    except (OperationalError, ProgrammingError) as error:
        if isinstance(error, ProgrammingError) and not isinstance(error.orig, UndefinedTable):
            raise
        reason = str(error.orig).splitlines()[0]
        _end(1, f"The database can't be used: {reason}. `lms db upgrade` makes its tables; `lms doctor` looks at all.")


def _end(code: int, sentence: str) -> NoReturn:
    click.echo(f"lms: {sentence}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
