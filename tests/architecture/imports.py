"""Who may import whom."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from tests.architecture.source import Import, Module, Tree, rule

WEB = ("flask", "flask_login", "flask_wtf", "flask_babel", "flask_limiter", "werkzeug", "wtforms")
DATABASE = ("sqlalchemy", "flask_sqlalchemy", "psycopg", "sqlite3", "alembic", "flask_migrate")
WORKER = ("celery", "kombu", "redis")
IMPURE = (*WEB, *DATABASE, *WORKER, "lms.core.db", "lms.core.web")
PURE = ("rules", "permissions", "emails", "events")
# A module may import those of its own feature that stand on a lower step, and those of its own kind (views,
# desk_views). What isn't named here may be imported by all, and imports its like and what stands below views.
STEPS = (
    {"rules", "models", "events", "emails"},
    {"forms", "commands", "queries", "permissions"},
    {"views", "tasks"},
    {"api"},
    {"plugin"},
)
HIGHEST_BELOW_VIEWS = 1
ALSO = {
    ("models", "rules"): "a table's column may be typed by an enumeration that the rules decide on",
}


@rule
def certificates_stands_alone(tree: Tree) -> Iterator[str]:
    """`certificates` imports neither `lms` nor flask, sqlalchemy or celery."""
    for module in tree.modules("certificates"):
        yield from _forbid(module, ("lms", *WEB, *DATABASE, *WORKER), "certificates is a library of its own")


@rule
def certificates_has_no_clock_and_no_settings(tree: Tree) -> Iterator[str]:
    """Times and settings go in as values."""
    for module in tree.modules("certificates"):
        for name, line in module.uses(".now", ".utcnow", ".today", "time.time", "os.environ", "os.getenv"):
            yield module.at(line, f"{name}: certificates takes times and settings as values")


@rule
def core_imports_no_feature(tree: Tree) -> Iterator[str]:
    """`lms.core` knows itself alone: no feature, and not the application built from it."""
    for module in tree.modules("lms"):
        if module.parts[1] == "core":
            for found in module.imports:
                if found.within("lms") and not found.within("lms.core"):
                    yield module.at(found.line, f"core must not import {found.name}")


@rule
def the_frame_imports_no_feature(tree: Tree) -> Iterator[str]:
    """The application, the command line and the migrations name no feature either: they find them."""
    for module in tree.modules("lms"):
        if len(module.parts) == 2 or module.parts[1] == "migrations":
            features = tuple(f"lms.{name}" for name in tree.features)
            yield from _forbid(module, features, "features are discovered, not imported")


@rule
def features_import_what_they_require(tree: Tree) -> Iterator[str]:
    """A feature imports core, itself, and `lms.<other>.api` of those in its `requires`."""
    for name, modules in tree.features.items():
        required = tuple(f"lms.{other}.api" for other in requires(modules))
        for module in modules:
            for found in module.imports:
                if found.within("lms") and not found.within("lms.core", f"lms.{name}", *required):
                    yield module.at(
                        found.line,
                        f"{name} may import core, itself and the api of what it requires, not {found.name}",
                    )


@rule
def requirements_exist_and_have_no_circle(tree: Tree) -> Iterator[str]:
    """What a manifest requires is a feature, named literally, and no feature requires itself by a detour."""
    graph = {name: requires(modules) for name, modules in tree.features.items()}
    for name, required in graph.items():
        yield from (
            f"{name} requires {other}, which is no feature" for other in required if other not in graph
        )
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"features require each other in a circle: {' -> '.join(error.args[1])}"


@rule
def layers_inside_a_feature(tree: Tree) -> Iterator[str]:
    """Plugin; views; forms, commands, queries, permissions; rules, models, events: each imports the next."""
    for name, modules in tree.features.items():
        roles = {module.parts[2]: module.role for module in modules}
        for module in modules:
            for found, target in _own(module, name):
                if not _may_import(module.role, roles.get(target, "")):
                    yield module.at(found.line, f"{module.stem} must not import {target}")


@rule
def pure_modules_stay_pure(tree: Tree) -> Iterator[str]:
    """Rules, permissions, emails and events import no flask and no session, not by a detour either."""
    for name, modules in tree.features.items():
        by_name = {module.parts[2]: module for module in modules}
        for module in modules:
            if module.role in PURE:
                for reached in _reached(module, name, by_name):
                    yield from _forbid(reached, IMPURE, f"{module.path} must stay pure")


@rule
def the_lower_half_knows_no_request(tree: Tree) -> Iterator[str]:
    """Commands, queries, models and tasks work without a request, forms without a database."""
    for modules in tree.features.values():
        for module in modules:
            if module.role in {"commands", "queries", "models", "tasks"}:
                web = [
                    found
                    for found in module.imports
                    if found.within(*WEB, "lms.core.web") and found.name != "flask.current_app"
                ]
                yield from (
                    module.at(found.line, f"imports {found.name}: {module.role} know no request")
                    for found in web
                )
            if module.role == "forms":
                yield from _forbid(
                    module, (*DATABASE, "lms.core.db"), "a form is the shape of the input only"
                )


@rule
def imports_stand_at_the_top(tree: Tree) -> Iterator[str]:
    """No import inside a function, and none by name but where plugins are found."""
    for module in tree.modules("lms", "certificates", "tests", "bench"):
        for function in module.functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield module.at(node.lineno, f"import inside {function.name}")
        if module.parts[0] != "tests" and module.path != "lms/core/plugins.py":
            yield from _forbid(
                module, ("importlib.import_module",), "only lms/core/plugins.py imports by name"
            )


def requires(modules: tuple[Module, ...]) -> tuple[str, ...]:
    """Read a feature's `requires` from its manifest's text; what isn't written out is unknown."""
    for node in ast.walk(manifest(modules)):
        if isinstance(node, ast.keyword) and node.arg == "requires":
            elements = node.value.elts if isinstance(node.value, ast.Tuple | ast.List) else [node.value]
            return tuple(_written_out(element) for element in elements)
    return ()


def manifest(modules: tuple[Module, ...]) -> ast.AST:
    """Give the call of `Plugin(…)` in the feature's plugin.py; an empty module where there is none."""
    for module in modules:
        if module.parts[2:] == ("plugin",):
            for node in ast.walk(module.ast):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Plugin"):
                    return node
    return ast.Module([], [])


def _written_out(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else f"<{ast.unparse(node)}>"


def _forbid(module: Module, packages: tuple[str, ...], reason: str) -> Iterator[str]:
    for found in module.imports:
        if found.within(*packages):
            yield module.at(found.line, f"imports {found.name}: {reason}")


def _step(role: str) -> int | None:
    return next((number for number, roles in enumerate(STEPS) if role in roles), None)


def _may_import(role: str, target: str) -> bool:
    low, high = _step(target), _step(role)
    if low is None:
        return True
    if high is None:
        return low <= HIGHEST_BELOW_VIEWS
    if role == "tasks":
        return target in {"commands", "queries"}  # a sweep asks what is left, then gives each a command
    return low < high or role == target or (role, target) in ALSO


def _reached(start: Module, feature: str, by_name: Mapping[str, Module]) -> list[Module]:
    """Follow the imports inside the feature; tables may be named, as types."""
    reached = [start]
    for module in reached:
        for _, name in _own(module, feature):
            found = by_name.get(name)
            if found and found.role != "models" and found not in reached:
                reached.append(found)
    return reached


def _own(module: Module, feature: str) -> Iterator[tuple[Import, str]]:
    """Give the imports from the module's own feature, each with the module that it names."""
    for found in module.imports:
        parts = found.name.split(".")
        if found.within(f"lms.{feature}") and len(parts) > len(("lms", feature)):
            yield found, parts[2]
