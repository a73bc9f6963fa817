"""Sanitised HTML as a tree that can be changed, and back as HTML or as well-formed XHTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Literal
from xml.etree.ElementTree import Element, TreeBuilder, tostring

from markupsafe import Markup, escape

_VOID = frozenset({"br", "hr", "img"})
Syntax = Literal["html", "xml"]


class _Parser(HTMLParser):
    """Builds a tree of tags that are closed in order, as a sanitiser leaves them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TreeBuilder()
        self.builder.start("div", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)

    def finish(self) -> Element:
        self.close()
        self.builder.end("div")
        return self.builder.close()


def tree(html: str) -> Element:
    """Read a sanitised fragment as the content of a `div`."""
    parser = _Parser()
    parser.feed(html)
    return parser.finish()


def inside(element: Element, syntax: Syntax) -> Markup:
    """Write what is inside an element."""
    parts = (tostring(child, encoding="unicode", method=syntax) for child in element)
    return escape(element.text or "") + Markup("".join(parts))  # noqa: S704 - written from a tree, which escapes


def replace(parent: Element, child: Element, text: str) -> None:
    """Put the child's content, and some text after it, in the child's place."""
    at = list(parent).index(child)
    _append(parent, at, child.text or "")
    parent.remove(child)
    for offset, grandchild in enumerate(list(child)):
        parent.insert(at + offset, grandchild)
    _append(parent, at + len(child), text + (child.tail or ""))


def _append(parent: Element, at: int, text: str) -> None:
    """Add text before the child at this place."""
    if at == 0:
        parent.text = (parent.text or "") + text
    else:
        parent[at - 1].tail = (parent[at - 1].tail or "") + text
