"""Reading tables out of pages and workbooks."""

from __future__ import annotations

import html as markup
import io
import re
import zipfile
from html.parser import HTMLParser


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.tables[-1][-1][-1] += data


def tables(html: str) -> list[list[list[str]]]:
    """Give the rows of each table of a page as texts, the header first."""
    parser = _Tables()
    parser.feed(html)
    return [[[" ".join(cell.split()) for cell in row] for row in table if row] for table in parser.tables]


def sheet(body: bytes) -> list[list[str]]:
    """Read the rows of a workbook."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
        shared = book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in book.namelist() else ""
    strings = re.findall(r"<si><t[^>]*>([^<]*)</t></si>", shared)
    rows = []
    for row in re.findall(r"<row [^>]*>(.*?)</row>", xml):
        cells = re.findall(r'<c [^>]*?(?:t="(\w+)")?>(?:<is><t[^>]*>([^<]*)</t></is>|<v>([^<]*)</v>)</c>', row)
        rows.append([markup.unescape(inline or (strings[int(value)] if kind == "s" else value)) for kind, inline, value in cells])
    return rows
