"""The `lms` command line."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import click
import flask_migrate
from flask import Flask

from lms import schema
from lms import worker as worker_process
from lms.app import create_app
from lms.core import clock
from lms.core.cli import Invocation, in_app
from lms.core.plugins import PluginError, discover
from lms.core.tasks import queue_folder
from lms.doctor import doctor
from lms.library import content
from lms.settings import SECRET_FILE, Settings, SettingsError
from lms.supervisor import Child, supervise

HELP = """Run a learning platform: its web pages, its worker, its content and its editions.

Settings come from the environment: HOST, PORT, LMS_DATA, LMS_CONTENT, DATABASE_URL, REDIS_URL, SMTP_URL and more;
`lms doctor` shows what is set and what is reachable.

\b
Begin with:
  lms run               everything on this machine, with a demo edition
  lms doctor            what is configured, reachable, missing
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
    for folder in (settings.data, queue_folder(settings.data) / "control"):
        folder.mkdir(parents=True, exist_ok=True)
    if not settings.secret_key:
        file = settings.data / SECRET_FILE
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.token_hex(32))


@lms.group()
def db() -> None:
    """Create and migrate the database."""


@db.command()
@in_app
def upgrade() -> None:
    """Bring the database to the newest version; creates it where there is none."""
    flask_migrate.upgrade()


@db.command()
@click.argument("message")
@in_app
def revision(message: str) -> None:
    """Write a migration for what changed in the tables (for developers)."""
    flask_migrate.revision(message=message, autogenerate=True)


@db.command()
@in_app
def current() -> None:
    """Show the version of the database."""
    flask_migrate.current(verbose=True)


@lms.command()
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(workers: int) -> None:
    """Serve the web pages."""
    settings = Settings.from_env()
    prepare(settings)
    os.execv(sys.executable, web_command(settings, workers))  # noqa: S606 - our own interpreter


@lms.command()
@click.option("--concurrency", default=2, show_default=True, help="Worker processes.")
@click.option("--sweep/--no-sweep", default=True, show_default=True, help="Run the periodic tasks as well.")
@click.pass_obj
def worker(invocation: Invocation, concurrency: int, sweep: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Run the worker that sends mail and issues certificates."""
    worker_process.work(invocation.make_app(), concurrency, sweep=sweep)


@lms.command()
@click.option("--demo/--no-demo", default=True, show_default=True, help="Create the demo edition on first start.")
@click.pass_context
def run(ctx: click.Context, demo: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Run everything on this machine: database, content, demo edition, web, worker and sweep. Ctrl-C stops it."""
    ctx.invoke(upgrade)
    ctx.invoke(content.commands["load"])
    if demo and (command := lms.get_command(ctx, "demo")):
        ctx.invoke(command)
    settings = Settings.from_env()
    click.echo(f"\n  {settings.base_url}   (Ctrl-C stops it; the data stay in {settings.data})\n")
    sys.exit(supervise([Child("web", web_command(settings, 2)), Child("worker", worker_command(1))]))


def web_command(settings: Settings, workers: int) -> list[str]:
    """Give the command that starts the web server."""
    options = ["--interface", "wsgi", "--factory", "--workers", str(workers), "--blocking-threads", "1", "--workers-kill-timeout", "5"]
    where = ["--host", settings.host, "--port", str(settings.port), "--no-ws", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, *where, "lms.wsgi:app"]


def worker_command(processes: int) -> list[str]:
    """Give the command that starts a worker."""
    return [sys.executable, "-m", "lms.cli", "worker", "--concurrency", str(processes)]


lms.add_command(content)
lms.add_command(doctor)


def main() -> None:
    """Run the command line; a wrong setting or plugin ends with its sentence, not with a trace."""
    sys.path.insert(0, str(Path.cwd()))
    try:
        lms(prog_name="lms")
    except (SettingsError, PluginError) as error:
        click.echo(f"lms: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
