"""`lms report`, and what stays out of web processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from lms.core.cli import Invocation
from lms.reports.cli import report
from tests.reports.conftest import Place

SCRIPT = "import sys; from lms.core.plugins import discover; discover(); print('docx' in sys.modules, 'lms.reports.press' in sys.modules)"


def run(app: Flask, *words: str) -> tuple[int, str]:
    """Run the command, and give its exit code and what it printed."""
    result = CliRunner().invoke(report, words, obj=Invocation(lambda: app))
    return result.exit_code, result.output


def test_the_same_files_from_the_same_snapshot(ctx: Flask, place: Place, tmp_path: Path) -> None:
    code, output = run(ctx, place.info.slug, "--out", str(tmp_path / "first"), "--json")
    assert code == 0, output
    made = json.loads(output)
    assert sorted(Path(file).suffix for file in made["files"]) == [".docx", ".html", ".pdf"]
    again = run(ctx, place.info.slug, "--snapshot", str(made["snapshot"]), "--out", str(tmp_path / "second"))
    assert again[0] == 0
    for file in (tmp_path / "first").iterdir():
        assert (tmp_path / "second" / file.name).read_bytes() == file.read_bytes(), file.name


def test_what_is_not_there_is_said(ctx: Flask, place: Place, tmp_path: Path) -> None:
    for words, message in (
        (("nowhere", "--out", str(tmp_path)), "there is no edition 'nowhere'"),
        ((place.info.slug, "--snapshot", "999999", "--out", str(tmp_path)), "There is no such snapshot"),
        ((place.info.slug, "--snapshot", "0", "--out", str(tmp_path)), "--snapshot"),
    ):
        code, output = run(ctx, *words)
        assert code == 2
        assert message in output


def test_only_what_writes_documents_imports_their_libraries() -> None:
    found = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True, text=True)
    assert found.stdout.split() == ["False", "False"]
