"""Texts of questions, one line of Markdown whose links to lessons name the file, and marks of answers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from lms.core.markdown import phrase
from lms.core.questions import Answer

_LESSON = re.compile(r"\]\((?:\.\./([a-z0-9-]+)/)?(\d\d-([a-z0-9-]+)\.md)(#[^)\s]*)?\)")
_TARGET = re.compile(r"\]\(([^)\s]+)\)")
_ELSEWHERE = ("https://", "http://", "mailto:")


def html(text: str, edition: str, module: str) -> Markup:
    """Render a text of a module's question, its links leading to the lessons of an edition."""

    def address(match: re.Match[str]) -> str:
        return f"](/e/{edition}/modules/{match[1] or module}/{match[3]}{match[4] or ''})"

    return phrase(_LESSON.sub(address, text) if ".md" in text else text)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Give a text without its marks, for places that take no HTML."""
    return phrase(text).striptags()


def dead_links(table: Mapping[str, Any], module: str, files: Collection[str]) -> Iterator[str]:
    """Name each link of a question that leads neither to a lesson of `files` (module/file) nor elsewhere."""
    for text in _texts(table):
        for target in _TARGET.findall(text):
            found = _LESSON.search(f"]({target})")
            if not (found and f"{found[1] or module}/{found[2]}" in files) and not target.startswith(
                _ELSEWHERE
            ):
                yield target


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def fingerprint(answer: Answer | None, flagged: bool) -> str:  # noqa: FBT001 - two halves of one value
    """Give a short mark by which a page knows whether an answer or its flag changed."""
    return hashlib.blake2b(json.dumps([answer, flagged]).encode(), digest_size=5).hexdigest()
