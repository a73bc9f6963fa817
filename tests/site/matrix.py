"""The matrix of routes and roles as a text that people read, and how two of them differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from tests.site.routes import Route
from tests.site.world import ROLES

FILE = Path(__file__).with_name("matrix.txt")
VARIABLE = "LMS_WRITE_MATRIX"
REMEDY = f"Write the table anew with `{VARIABLE}=1 python -m pytest tests/site/test_matrix.py`, and read each line that changes."
HEAD = """\
# What everybody gets from every route: the outcome of one request with rows that belong to the learner, and with forms filled in.
#
# anonymous      nobody is signed in                      neighbour      a tutor of the second module alone
# outsider       a learner of another edition             tutor          a tutor of the edition
# classmate      a learner of the edition, owner of none  administrator  an administrator of the edition
#                of the rows                              installation   an administrator of the installation, in no edition
# learner        the owner of the rows
#
# 'sign-in' sends to the sign-in page. The third column is the view's permission. <post:hidden> is another row for the same argument: posts
# and topics that are hidden, withdrawn, locked or news (by the tutor); an attempt that was submitted; a module that opens later, with what
# the tutor wrote in its forum; somebody of the staff; somebody who waits for a decision about an application.
"""
Table = dict[str, tuple[str, ...]]


def key(route: Route) -> str:
    """Name a line of the table."""
    return f"{route.method} {route.name} {route.permission}"


def written(table: Mapping[str, Sequence[str]]) -> str:
    """Write a table, a paragraph for each part of the site."""
    lines = [line.split() + list(outcomes) for line, outcomes in table.items()]
    wide = max(len(line[1]) for line in lines), max(len(line[2]) for line in lines)

    def row(cells: list[str]) -> str:
        method, name, permission, *outcomes = cells
        columns = "".join(f"  {outcome:<{len(role)}}" for role, outcome in zip(ROLES, outcomes, strict=True))
        return f"{method:<4}  {name:<{wide[0]}}  {permission:<{wide[1]}}{columns}".rstrip()

    parts = groupby(lines, key=lambda line: _part(line[1]))
    return HEAD + row(["#", "", "", *ROLES]) + "\n" + "".join("\n" + "".join(f"{row(line)}\n" for line in part) for _, part in parts)


def _part(name: str) -> str:
    return ".".join(name.removeprefix("/e/<edition>").split("/")[:2]).partition("<")[0].removesuffix(".pdf").removesuffix(".csv")


def read(text: str) -> Table:
    """Read a table."""
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {" ".join(line[:3]): tuple(line[3:]) for line in lines}


def differences(found: Mapping[str, Sequence[str]], expected: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say in a sentence each what the site does otherwise than the table says."""
    for line in found.keys() - expected.keys():
        yield f"{line} is not in the table; it gives {', '.join(found[line])}."
    for line in expected.keys() - found.keys():
        yield f"{line} is in the table, but there is no such route any more."
    for line in found.keys() & expected.keys():
        for role, now, before in zip(ROLES, found[line], expected[line], strict=True):
            if now != before:
                yield f"{line}: {role} gets {now}, the table says {before}."
