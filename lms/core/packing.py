"""Answers packed for those who take them packed; of a page that is kept, its pieces are packed once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flask import Response
from isal import isal_zlib
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from lms.core.here import asked

COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")
SMALLEST_PACKED = 800
PACKING = 2  # a lesson in a quarter of the time that zlib takes at this level, and no larger
GZIP = 31  # the format, in words of zlib: a window of 32 KB and the head of a gzip file
RAW = -15  # the same without head and foot
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
END = b"\x03\x00"  # the last block, with nothing in it
LONGEST_BLOCK = 0xFFFF


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a page as it is, and the same as packed blocks that can stand between others."""

    plain: bytes
    packed: bytes


def piece(text: str) -> Piece:
    """Pack a piece for good."""
    plain, packer = text.encode(), isal_zlib.compressobj(PACKING, isal_zlib.DEFLATED, RAW)
    return Piece(plain, packer.compress(plain) + packer.flush(isal_zlib.Z_FULL_FLUSH) if plain else b"")


@lru_cache(maxsize=1024)
def loose(text: str) -> Piece:
    """Take a short piece that is used a few times; its blocks are as long as it is."""
    plain = text.encode()
    blocks = [plain[at : at + LONGEST_BLOCK] for at in range(0, len(plain), LONGEST_BLOCK)]
    return Piece(plain, b"".join([b"\0" + _two_bytes(len(block)) + _two_bytes(LONGEST_BLOCK - len(block)) + block for block in blocks]))


def _two_bytes(number: int) -> bytes:
    return number.to_bytes(2, "little")


def joined(pieces: Iterable[Piece]) -> bytes:
    """Make one gzip file of pieces."""
    checksum = length = 0
    packed = [HEAD]
    for part in pieces:
        checksum = isal_zlib.crc32(part.plain, checksum)
        length += len(part.plain)
        packed.append(part.packed)
    return b"".join([*packed, END, checksum.to_bytes(4, "little"), length.to_bytes(4, "little")])


def page_of(pieces: list[Piece]) -> Response:
    """Send a page that is made of pieces."""
    if not takes_packed():
        return Response(b"".join([part.plain for part in pieces]))
    response = Response(joined(pieces))
    response.headers.extend([("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")])
    return response


def takes_packed() -> bool:
    """Tell whether who asks takes packed answers."""
    return _takes_gzip(asked().environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    return parse_accept_header(accepted, Accept)["gzip"] > 0


def packed(response: Response) -> Response:
    """Pack an answer if it packs well and who asks takes it."""
    packable = (
        not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(COMPRESSIBLE)
        and takes_packed()
        and (response.content_length or 0) >= SMALLEST_PACKED
    )
    if packable:
        response.set_data(isal_zlib.compress(response.get_data(), PACKING, GZIP))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response
