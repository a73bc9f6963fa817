"""The project's text as the architecture rules see it: a tree of files, real or made up."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

NO_FEATURE = frozenset({"core", "migrations"})
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Import:
    """A name that is imported, with its module in full: 'flask.Flask', 'lms.core.clock'."""

    name: str
    line: int

    def within(self, *packages: str) -> bool:
        """Tell whether it is one of the packages or something in them."""
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


class Module:
    """A Python file, parsed."""

    def __init__(self, path: str, text: str) -> None:
        """Parse it."""
        self.path = path
        self.text = text
        self.ast = ast.parse(text, path)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The folders and the file's stem: ('lms', 'quizzes', 'rules')."""
        return PurePosixPath(self.path).with_suffix("").parts

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return self.parts[-1]

    @property
    def role(self) -> str:
        """What kind of module it is, by the last word of its name: 'desk_views' are views."""
        return self.stem.rpartition("_")[2]

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Everything the file imports, wherever the import stands."""
        return tuple(found for node in ast.walk(self.ast) for found in self._imported(node))

    def _imported(self, node: ast.AST) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = [*self.parts[: -node.level]] if node.level else []
            origin = ".".join([*package, *([node.module] if node.module else [])])
            yield from (Import(f"{origin}.{alias.name}", node.lineno) for alias in node.names)

    @cached_property
    def functions(self) -> tuple[FunctionNode, ...]:
        """Functions and methods, but not functions inside functions."""
        return tuple(_outer_functions(self.ast))

    def uses(self, *names: str) -> Iterator[tuple[str, int]]:
        """Find dotted names and their lines: '.commit' finds all that end so, 'time.time' only itself."""
        for node in ast.walk(self.ast):
            if isinstance(node, ast.Attribute):
                written = ast.unparse(node)
                if any(written.endswith(name) if name.startswith(".") else written == name for name in names):
                    yield written, node.lineno

    def at(self, line: int, message: str) -> str:
        """Say that something is wrong at a line."""
        return f"{self.path}:{line}: {message}"


def _outer_functions(node: ast.AST) -> Iterator[FunctionNode]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
        else:
            yield from _outer_functions(child)


class Tree:
    """Files by their path from the top of the project."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """Take the files as they are; Python is parsed when it is asked for."""
        self.files = files

    @cached_property
    def _modules(self) -> tuple[Module, ...]:
        return tuple(Module(path, text) for path, text in self.files.items() if path.endswith(".py"))

    def modules(self, *folders: str) -> Iterator[Module]:
        """Give the Python files in the top folders; in all of them if none is named."""
        return (module for module in self._modules if not folders or module.parts[0] in folders)

    @cached_property
    def features(self) -> Mapping[str, tuple[Module, ...]]:
        """Each feature's modules by the feature's name."""
        found: dict[str, tuple[Module, ...]] = {}
        for module in self.modules("lms"):
            if len(module.parts) > 2 and (name := module.parts[1]) not in NO_FEATURE:
                found[name] = (*found.get(name, ()), module)
        return found

    def templates(self) -> Iterator[tuple[str, str]]:
        """Give each page template's path and text, comments blanked."""
        for path, text in self.files.items():
            if path.startswith("lms/") and "/templates/" in path and path.endswith((".html", ".svg", ".xml")):
                yield path, text


Rule = Callable[[Tree], Iterator[str]]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Add a rule, which yields a sentence for each place that breaks it, to those that the tests execute."""
    RULES[function.__name__] = function
    return function


def read_project(top: Path) -> Tree:
    """Read every text file that is in version control or could be added to it."""
    command = [
        "git",
        "-c",
        f"safe.directory={top}",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listing = subprocess.run(command, cwd=top, capture_output=True, check=True, text=True)
    paths = sorted(set(filter(None, listing.stdout.split("\0"))))
    return Tree({path: text for path in paths if (text := _text(top / path)) is not None})


def _text(path: Path) -> str | None:
    if not path.is_file():
        return None
    data = path.read_bytes()
    return None if b"\0" in data else data.decode("utf-8", errors="replace")
