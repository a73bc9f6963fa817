"""What must not stand in templates, nor in any file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.source import Tree, rule

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
STYLE = re.compile(r"\sstyle\s*=|<style\b")
SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*\btype\s*=\s*[\"']application/(?:ld\+)?json[\"'])")
HANDLER = re.compile(
    r"\son(?:click|change|submit|load|error|input|focus|blur|toggle|(?:key|mouse|pointer|touch)[a-z]+)\s*="
    r"|[\"']\s*javascript:",
    re.IGNORECASE,
)
# A text written out in the template is as safe as the template; anything else needs a reason below.
SAFE = re.compile(r"(?<![\"'])\s*\|\s*safe\b|autoescape\s+false", re.IGNORECASE)
MAY_BE_SAFE = {
    "lms/core/templates/ui/icons.html": "drawings written out in the same file",
}
FOREIGN = {
    r"/(w)ork/[a-z.]|/(f)arm/|/(r)oot/|\.\.(/)shared/": "a path of one machine",
    r"[p]ypi\.org|[p]ythonhosted|[d]eb\.debian|registry\.[n]pmjs|/(o)pt/pypi": "a registry's host",
}


@rule
def templates_have_no_inline_style(tree: Tree) -> Iterator[str]:
    """The content-security policy forbids styles in the markup."""
    yield from _templates(tree, STYLE, "styles belong into the style sheet")


@rule
def templates_have_no_inline_script(tree: Tree) -> Iterator[str]:
    """The content-security policy forbids scripts in the markup."""
    yield from _templates(tree, SCRIPT, "scripts belong into a file")
    yield from _templates(tree, HANDLER, "handlers belong into a script")


@rule
def templates_escape_everything(tree: Tree) -> Iterator[str]:
    """No value is put into a page as it is, but where the list above gives a reason."""
    for sentence in _templates(tree, SAFE, "values are escaped"):
        if sentence.partition(":")[0] not in MAY_BE_SAFE:
            yield sentence
    for path, text in tree.templates():
        if path in MAY_BE_SAFE and not SAFE.search(COMMENT.sub("", text)):
            yield f"{path}: needs no place in the list of exceptions any more"


@rule
def templates_stand_in_a_folder_of_their_own(tree: Tree) -> Iterator[str]:
    """A feature's templates lie in templates/<feature>/, so that no two have the same name."""
    for path, _ in tree.templates():
        _, feature, *rest = path.split("/")
        if feature in tree.features and rest[:2] != ["templates", feature]:
            yield f"{path}: belongs into lms/{feature}/templates/{feature}/"


@rule
def nothing_names_one_machine(tree: Tree) -> Iterator[str]:
    """No file names a path of the machine it was written on or a package registry's host."""
    for path, text in tree.files.items():
        for pattern, what in FOREIGN.items():
            for found in re.finditer(pattern, text):
                yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]!r} is {what}"


def _templates(tree: Tree, pattern: re.Pattern[str], reason: str) -> Iterator[str]:
    for path, text in tree.templates():
        shown = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
        for found in pattern.finditer(shown):
            line = shown.count("\n", 0, found.start()) + 1
            yield f"{path}:{line}: {' '.join(found[0].split())}: {reason}"
