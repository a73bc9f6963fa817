"""A book as an EPUB 3 file, byte for byte the same for the same book."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

MIMETYPE = "application/epub+zip"
PACKAGE = "EPUB/package.opf"
_DAY = date(1980, 1, 1)
"""The day of every file, and of a text that tells none: the identifier tells versions apart, and the same text gives the same bytes."""

_READABLE = 0o644 << 16
_CONTAINER = f"""<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="{PACKAGE}" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the book; `properties` are those of the package's manifest, `spine` whether it is read in its turn."""

    path: str
    body: bytes
    properties: str = ""
    spine: bool = False

    @property
    def id(self) -> str:
        """Its name in the manifest."""
        return "i-" + self.path.replace("/", "-")

    @property
    def media_type(self) -> str:
        """What it is."""
        if self.path.endswith(".xhtml"):
            return "application/xhtml+xml"
        return mimetypes.guess_type(self.path)[0] or "application/octet-stream"


def modified(updated: date | None) -> str:
    """Say when the text was changed, as a package does."""
    return f"{updated or _DAY:%Y-%m-%d}T00:00:00Z"


def pack(package: str, items: Iterable[Item]) -> bytes:
    """Put a book into its file: the type first and not compressed, then where the package is, then everything else."""
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        _add(archive, "mimetype", MIMETYPE.encode(), ZIP_STORED)
        _add(archive, "META-INF/container.xml", _CONTAINER.encode())
        _add(archive, PACKAGE, package.encode())
        for item in items:
            _add(archive, f"EPUB/{item.path}", item.body)
    return stream.getvalue()


def _add(archive: ZipFile, name: str, body: bytes, how: int = ZIP_DEFLATED) -> None:
    info = ZipInfo(name, (_DAY.year, _DAY.month, _DAY.day, 0, 0, 0))
    info.create_system, info.external_attr = 3, _READABLE
    archive.writestr(info, body, how, 9)
