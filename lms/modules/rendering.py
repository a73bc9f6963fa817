"""A lesson's Markdown to sanitised HTML whose links are relative, so that it fits every edition."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor

from lms.core.markdown import clean_lesson, converter

GLOSSARY = "glossary:"
_NUMBER = re.compile(r"""(?:width|height)=["']([\d.]+)""")
_BOX = re.compile(r"""viewBox=["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)""")


@dataclass(frozen=True, slots=True)
class Links:
    """Where a lesson's links lead: `terms` maps a term to (module, definition), `lessons` a file to (module, lesson's slug)."""

    module: str
    folder: Path
    terms: Mapping[str, tuple[str, str]]
    lessons: Mapping[Path, tuple[str, str]]
    figure_url: Callable[[Path], str]


def render(body: str, links: Links) -> str:
    """Render a lesson's body."""
    footnotes = FootnoteExtension(BACKLINK_TEXT="↩", UNIQUE_IDS=False)
    toc = TocExtension(permalink=False, baselevel=1)
    return clean_lesson(converter(footnotes, toc, _Lesson(links)).convert(body))


class _Lesson(Extension):
    def __init__(self, links: Links) -> None:
        super().__init__()
        self.links = links

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.treeprocessors.register(_Walk(md, self.links), "lesson", 5)


class _Walk(Treeprocessor):
    """Rewrites links, turns pictures into figures, lets tables scroll and sets the key points apart."""

    def __init__(self, md: Markdown, links: Links) -> None:
        super().__init__(md)
        self.links = links

    def run(self, root: Element) -> None:
        for anchor in root.iter("a"):
            self._link(anchor)
        tables = count(1)
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table":
                    parent[index] = _scrolling(child, next(tables))
                elif child.tag == "p" and len(child) == 1 and child[0].tag == "img" and not (child.text or "").strip():
                    parent[index] = self._figure(child[0])
        for header in root.iter("th"):
            _head(header)
        _key_points(root)

    def _link(self, anchor: Element) -> None:
        href = anchor.get("href", "")
        if href.startswith(GLOSSARY):
            term = href.removeprefix(GLOSSARY)
            module, definition = self.links.terms.get(term, (self.links.module, ""))
            anchor.set("href", f"{self._module(module)}glossary#{term}")
            anchor.set("class", "term")
            anchor.set("data-def", definition)
        elif ".md" in href and ":" not in href:
            path, _, fragment = href.partition("#")
            found = self.links.lessons.get((self.links.folder / path).resolve())
            if found:
                anchor.set("href", self._module(found[0]) + found[1] + (f"#{fragment}" if fragment else ""))

    def _module(self, module: str) -> str:
        return "" if module == self.links.module else f"../{module}/"

    def _figure(self, image: Element) -> Element:
        path = (self.links.folder / image.get("src", "")).resolve()
        figure = Element("figure")
        picture = SubElement(figure, "img", {"src": self.links.figure_url(path), "alt": image.get("alt", "")})
        width, height = size(path)
        picture.attrib |= {"width": str(width), "height": str(height), "loading": "lazy", "decoding": "async"}
        if caption := image.get("title"):
            SubElement(figure, "figcaption").text = caption
        figure.tail = "\n"
        return figure


def _scrolling(table: Element, number: int) -> Element:
    heads = filter(None, ("".join(cell.itertext()).strip() for cell in table.iter("th")))
    label = f"Table {number}: {', '.join(heads)}"
    box = Element("div", {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": label})
    box.append(table)
    box.tail, table.tail = table.tail, None
    return box


def _head(cell: Element) -> None:
    """Let a head cell speak for its column; the corner above the rows' names, if it is empty, is no head."""
    if "".join(cell.itertext()).strip():
        cell.set("scope", "col")
    else:
        cell.tag = "td"


def _key_points(root: Element) -> None:
    for index, child in enumerate(list(root)):
        if child.tag == "h2" and "".join(child.itertext()).strip() == "Key points":
            section = Element("section", {"class": "key"})
            for part in list(root)[index:]:
                if part.get("class") == "footnote":
                    break
                root.remove(part)
                section.append(part)
            root.insert(index, section)
            return


def size(path: Path) -> tuple[int, int]:
    """Tell width and height of an SVG or PNG in pixels; (640, 400) where the file doesn't say."""
    body = path.read_bytes() if path.is_file() else b""
    if body.startswith(b"\x89PNG"):
        return int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")
    text = body[:2000].decode("utf-8", "replace")
    if box := _BOX.search(text):
        return round(float(box[1])), round(float(box[2]))
    numbers = _NUMBER.findall(text.partition(">")[0])
    return (round(float(numbers[0])), round(float(numbers[1]))) if len(numbers) > 1 else (640, 400)


def digest(body: bytes) -> str:
    """Give the name under which a figure is stored."""
    return hashlib.sha256(body).hexdigest()[:20]
