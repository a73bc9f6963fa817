"""What `make run` installs is enough: nothing that only developers have is needed by anything that an installation may use."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = ["lms.wsgi", "lms.cli", "lms.worker", "lms.replay.commands", "granian", "kombu.transport.redis", "psycopg_pool", "certificates"]
# Imports a module in a Python to which the packages named in the first argument are unknown.
WITHOUT = """
import importlib, importlib.abc, sys
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1].split(","):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
importlib.import_module(sys.argv[2])
"""


def _locked(name: str) -> set[str]:
    found = re.findall(r"^([\w.-]+)==", (ROOT / name).read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", package).lower() for package in found}


def _only_developers_have() -> set[str]:
    """Give the names by which packages of developers alone are imported."""
    absent = _locked("requirements-dev.lock") - _locked("requirements.lock")
    owners = {module: {re.sub(r"[-_.]+", "-", p).lower() for p in found} for module, found in metadata.packages_distributions().items()}
    return {module for module, found in owners.items() if found <= absent}


@pytest.mark.parametrize("module", MODULES)
def test_it_can_be_imported_without_what_developers_have(module: str) -> None:
    absent = _only_developers_have()
    assert {"pytest", "playwright", "mypy"} <= absent
    command = [sys.executable, "-c", WITHOUT, ",".join(sorted(absent)), module]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
