"""How code is written: where the single places are, how long things may be, what they are called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from statistics import median, quantiles

from tests.architecture.imports import manifest
from tests.architecture.source import FunctionNode, Module, Tree, rule

OURS = ("lms", "certificates", "tests", "bench")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_VIEW = 15
LONGEST_TASK = 10
LONGEST_MANIFEST = 80
MEDIAN_FUNCTION = 10
P90_FUNCTION = 25
ENOUGH_FOR_STATISTICS = 2
BAGS = re.compile(r"(utils?|helpers?|commons?|misc|base|managers?)")
ROUTES = {"route", "get", "post", "put", "patch", "delete"}
PUBLIC_SURFACE = "certificates/__init__.py"
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
UNFINISHED = re.compile(r"#\s*(TODO|FIXME|XX[X]|HACK)\b|NotImplemented[E]rror")
SKIPS = (
    "importorskip",
    "skipTest",
    *(f"{place}.{name}" for place in ("pytest", "mark") for name in ("skip", "skipif", "xfail")),
)


@rule
def one_commit(tree: Tree) -> Iterator[str]:
    """Only the unit of work commits: nothing else does, nor opens transactions of its own, but migrations."""
    names = (".commit", "engine.begin", ".engine.begin", "session.begin", ".session.begin")
    served = Tree({path: text for path, text in tree.files.items() if not path.startswith("lms/migrations/")})
    yield from _only_in("lms/core/db.py", served, names, most=1)


@rule
def one_apply_async(tree: Tree) -> Iterator[str]:
    """Only `enqueue()` hands work to Celery."""
    yield from _only_in("lms/core/tasks.py", tree, (".apply_async", ".send_task", ".delay"), most=1)


@rule
def one_clock(tree: Tree) -> Iterator[str]:
    """Only `clock` asks for the time; the database isn't asked either."""
    names = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns")
    dotted = tuple(f".{name}" for name in names)
    yield from _only_in("lms/core/clock.py", tree, (*names, *dotted, "func.now", "func.current_timestamp"))


@rule
def files_are_short(tree: Tree) -> Iterator[str]:
    """A Python file has up to 400 lines."""
    for module in tree.modules():
        if (lines := len(module.text.splitlines())) > LONGEST_FILE:
            yield f"{module.path}: {lines} lines, at most {LONGEST_FILE}"


@rule
def functions_are_short(tree: Tree) -> Iterator[str]:
    """A function has up to 60 lines, its signature and docstring counted."""
    for module, function in _measured(tree):
        if (lines := _length(function)) > LONGEST_FUNCTION:
            yield module.at(function.lineno, f"{function.name} has {lines} lines, at most {LONGEST_FUNCTION}")


@rule
def functions_are_small_on_the_whole(tree: Tree) -> Iterator[str]:
    """Half of the functions have up to 10 lines, nine in ten up to 25."""
    lengths = [_length(function) for _, function in _measured(tree)]
    if len(lengths) >= ENOUGH_FOR_STATISTICS:
        middle, long = median(lengths), quantiles(lengths, n=10, method="inclusive")[-1]
        if middle > MEDIAN_FUNCTION or long > P90_FUNCTION:
            most = f"at most {MEDIAN_FUNCTION} and {P90_FUNCTION}"
            yield f"functions: median {middle} lines, p90 {long}; {most}"


@rule
def views_are_thin(tree: Tree) -> Iterator[str]:
    """A view's body has up to 15 lines."""
    for module, function in _decorated(tree, ROUTES):
        if (lines := _body_length(function)) > LONGEST_VIEW:
            yield module.at(
                function.lineno, f"the view {function.name} has {lines} lines, at most {LONGEST_VIEW}"
            )


@rule
def tasks_are_adapters(tree: Tree) -> Iterator[str]:
    """The body of a feature's task has up to 10 lines: it calls a command."""
    for module, function in _decorated(tree, {"task"}):
        if module.parts[1] in tree.features and (lines := _body_length(function)) > LONGEST_TASK:
            yield module.at(
                function.lineno, f"the task {function.name} has {lines} lines, at most {LONGEST_TASK}"
            )


@rule
def names_say_what_is_inside(tree: Tree) -> Iterator[str]:
    """No module or folder of code is a bag."""
    for module in tree.modules(*OURS):
        for part in module.parts:
            if BAGS.fullmatch(part):
                yield f"{module.path}: '{part}' says nothing about what is inside"


@rule
def packages_are_empty(tree: Tree) -> Iterator[str]:
    """An `__init__.py` holds nothing, but that of `certificates`, its public surface."""
    for module in tree.modules(*OURS):
        if module.stem == "__init__" and module.text.strip() and module.path != PUBLIC_SURFACE:
            yield f"{module.path}: must be empty"


@rule
def public_things_have_docstrings(tree: Tree) -> Iterator[str]:
    """Modules, public classes, functions and methods say what or why in their first line."""
    for module in tree.modules("lms", "certificates"):
        if module.text.strip() and "/migrations/" not in module.path:
            for node, name in [(module.ast, "the module"), *_public(module.ast)]:
                if not (ast.get_docstring(node) or "").partition("\n")[0]:
                    yield module.at(
                        getattr(node, "lineno", 1), f"{name} has no docstring that begins with a sentence"
                    )


@rule
def an_api_only_exports(tree: Tree) -> Iterator[str]:
    """A feature's `api` imports and names what others may use; it defines nothing."""
    for modules in tree.features.values():
        for module in modules:
            for node in module.ast.body if module.parts[2:] == ("api",) else []:
                if not _is_export(node):
                    yield module.at(node.lineno, "an api re-exports and defines nothing")


@rule
def every_feature_has_its_manifest(tree: Tree) -> Iterator[str]:
    """A feature's folder has a `plugin.py` whose `Plugin` bears the folder's name."""
    for name, modules in tree.features.items():
        call = manifest(modules)
        named = [ast.unparse(word.value) for word in getattr(call, "keywords", []) if word.arg == "name"]
        if named != [repr(name)]:
            yield f"lms/{name}/plugin.py: must hold Plugin(name={name!r}, …)"


@rule
def a_manifest_is_a_value(tree: Tree) -> Iterator[str]:
    """A `plugin.py` declares on one screen and decides nothing."""
    for modules in tree.features.values():
        for module in modules:
            if module.parts[2:] == ("plugin",):
                if len(module.text.splitlines()) > LONGEST_MANIFEST:
                    yield f"{module.path}: more than {LONGEST_MANIFEST} lines"
                for node in ast.walk(module.ast):
                    if isinstance(node, DEFINITIONS | ast.If | ast.For | ast.While | ast.Try | ast.With):
                        yield module.at(node.lineno, "a manifest holds no logic")


@rule
def nothing_is_skipped_or_left_unfinished(tree: Tree) -> Iterator[str]:
    """No test is skipped or expected to fail, and no code is marked as unfinished."""
    for module in tree.modules(*OURS):
        for name, line in module.uses(*SKIPS, *(f".{skip}" for skip in SKIPS)):
            yield module.at(line, f"{name}: tests run, and they pass")
        for number, text in enumerate(module.text.splitlines(), 1):
            if found := UNFINISHED.search(text):
                yield module.at(number, f"unfinished: {found[0]}")


def _only_in(path: str, tree: Tree, names: tuple[str, ...], most: int = 99) -> Iterator[str]:
    for module in tree.modules("lms", "certificates", "bench"):
        allowed = most if module.path == path else 0
        for name, line in list(module.uses(*names))[allowed:]:
            yield module.at(line, f"{name} belongs into {path} alone")


def _measured(tree: Tree) -> Iterator[tuple[Module, FunctionNode]]:
    for module in tree.modules("lms", "certificates"):
        if "/migrations/" not in module.path:
            yield from ((module, function) for function in module.functions)


def _length(function: FunctionNode) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _body_length(function: FunctionNode) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _decorated(tree: Tree, names: set[str]) -> Iterator[tuple[Module, FunctionNode]]:
    for module in tree.modules("lms"):
        for function in module.functions:
            calls = [node.func for node in function.decorator_list if isinstance(node, ast.Call)]
            if names & {ast.unparse(call).rpartition(".")[2] for call in calls}:
                yield module, function


def _public(node: ast.Module | ast.ClassDef) -> Iterator[tuple[FunctionNode | ast.ClassDef, str]]:
    for child in node.body:
        if isinstance(child, DEFINITIONS) and not child.name.startswith("_"):
            yield child, child.name
            if isinstance(child, ast.ClassDef):
                yield from _public(child)


def _is_export(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] == ["__all__"]
    return isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )
