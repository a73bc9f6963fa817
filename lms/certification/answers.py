"""Answers that are files: certificates to take away, and what programs read of the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from flask import Response, request

from lms.core import clock

TYPES = {"pdf": "application/pdf", "json": "application/json", "html": "text/html", "zip": "application/zip"}
FRESH = "public, max-age=300"


def download(body: Any, name: str) -> Response:
    """Send a file to keep."""
    response = Response(body, mimetype=TYPES[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def published(body: str | bytes, kind: str = "application/json") -> Response:
    """Send what any program anywhere may read; it may be kept for five minutes, and is not sent again to who has it."""
    response = Response(body, mimetype=kind)
    response.headers["Cache-Control"] = FRESH
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    response.make_conditional(request)
    return response


class _Pieces(RawIOBase):
    """Keeps what is written until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.held = bytearray()

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Take data in."""
        self.held += data
        return len(data)

    def taken(self) -> bytes:
        """Give what was written since the last time."""
        data = bytes(self.held)
        self.held.clear()
        return data


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Pack files a piece at a time, as they are: documents are compressed already."""
    pieces, day = _Pieces(), clock.now()
    with ZipFile(pieces, "w", ZIP_STORED) as archive:
        for name, body in files:
            info = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.external_attr = 0o644 << 16
            archive.writestr(info, body)
            yield pieces.taken()
    yield pieces.taken()
