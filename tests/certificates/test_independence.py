"""The library stands alone: no web framework, no database, no clock, no settings, and nothing of the platform."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import certificates
from tests.certificates.tools import python

FOLDER = Path(certificates.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))
FOREIGN = {"asn1crypto", "cryptography", "pyhanko", "pyhanko_certvalidator", "pyld", "segno", "typst"}
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "environ", "getenv"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_only_what_the_library_may(path: Path) -> None:
    """Imports are the standard library, a few packages for setting, signing and linked data, and itself."""
    assert imported(ast.parse(path.read_text(encoding="utf-8"))) <= set(sys.stdlib_module_names) | FOREIGN | {"certificates"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_reads_no_clock_and_no_environment(path: Path) -> None:
    """What is printed comes from the award alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not used & CLOCKS
    assert not imported(tree) & {"time", "random", "secrets", "uuid"}


def test_importing_it_brings_nothing_of_the_platform() -> None:
    """A process that makes certificates loads no framework."""
    script = "import sys, certificates, certificates.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = python("-c", script).stdout.split()
    assert "certificates" in loaded
    assert not {"lms", "flask", "sqlalchemy", "celery", "wtforms"} & set(loaded)


def imported(tree: ast.AST) -> set[str]:
    """Return the top-level packages a module imports."""
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}
