"""Tables as spreadsheets write them: what a file is, in which encoding, with which separator, and its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_BYTES = 2_000_000
MOST_ROWS = 5000
MOST_COLUMNS = 60
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "cp1252": "Western European (Windows-1252)",
    "cp874": "Thai (Windows-874)",
    "cp1258": "Vietnamese (Windows-1258)",
}
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_SIGNATURES = (
    (b"PK\x03\x04", "This is a workbook or a zip archive, not CSV. In your spreadsheet choose Save as, then CSV UTF-8."),
    (b"\xd0\xcf\x11\xe0", "This is an old workbook, not CSV. In your spreadsheet choose Save as, then CSV UTF-8."),
    (b"%PDF", "This is a PDF, not CSV."),
    (b"\x89PNG", "This is a picture, not CSV."),
    (b"\xff\xd8\xff", "This is a picture, not CSV."),
    (b"GIF8", "This is a picture, not CSV."),
)
_HIGH = 0x80
_TONES = frozenset(b"\xcc\xd2\xde\xec\xf2")  # accents of their own in the Vietnamese table, letters in the Western one
_VOWELS = frozenset("aeiouyAEIOUYăâêôơưĂÂÊÔƠƯ")


class UnreadableError(Exception):
    """A file can't be read as a table; the message says why in words."""


@dataclass(frozen=True, slots=True)
class Table:
    """The heads of the columns, and rows with their numbers as a spreadsheet counts them; the heads are row 1."""

    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def require_text(body: bytes) -> None:
    """Raise `UnreadableError` for what is no text at all."""
    if not body.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        message = "This file is empty."
        raise UnreadableError(message)
    for signature, message in _SIGNATURES:
        if body.startswith(signature):
            raise UnreadableError(message)
    if b"\0" in body and guess(body) != "utf-16":
        message = "This is not a text file. In your spreadsheet choose Save as, then CSV UTF-8."
        raise UnreadableError(message)


def guess(body: bytes) -> str:
    """Guess the encoding: by its mark, by what Unicode allows, then by the letters that bytes would stand for."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or _every_second_is_zero(body):
        return "utf-16"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return _guess_table(body)
    return "utf-8"


def _every_second_is_zero(body: bytes) -> bool:
    some = body[:2000]
    return len(some) > 1 and max(some[0::2].count(0), some[1::2].count(0)) > len(some) * 0.4


def _guess_table(body: bytes) -> str:
    high = [byte for byte in body if byte >= _HIGH]
    followed = sum(1 for first, second in pairwise(body) if first >= _HIGH and second >= _HIGH)
    if followed > len(high) / 2:  # Thai is written without Latin letters between its own
        return "cp874"
    text = body.decode("cp1258", errors="replace")
    tones = sum(1 for byte in high if byte in _TONES)
    after_vowels = sum(1 for before, tone in pairwise(text) if before in _VOWELS and 0x300 <= ord(tone) <= 0x323)  # noqa: PLR2004 - combining accents
    return "cp1258" if tones and after_vowels == tones else "cp1252"


def decode(body: bytes, encoding: str) -> str:
    """Turn bytes into text; raise `UnreadableError` if they are none in this encoding."""
    if encoding == "utf-16" and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if body[1::2].count(0) >= body[0::2].count(0) else "utf-16-be"
    try:
        text = body.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        message = f"This file is not written in {ENCODINGS.get(encoding, 'UTF-16')}. Please choose another encoding."
        raise UnreadableError(message) from error
    if "\0" in text:
        message = "This is not a text file. In your spreadsheet choose Save as, then CSV UTF-8."
        raise UnreadableError(message)
    return text


def separator(text: str) -> str:
    """Guess what stands between cells: what the file says of itself, or what the heads have most of."""
    first = text.partition("\n")[0].strip("\r")
    if first.lower().startswith("sep=") and first[4:5] in SEPARATORS:
        return first[4]
    return max(SEPARATORS, key=first.count)


def read(text: str, between: str, most: int = MOST_ROWS) -> Table:
    """Read a table; raise `UnreadableError`."""
    if text.lower().startswith("sep="):
        text = text.partition("\n")[2]
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True))
    except csv.Error as error:
        message = f"This file can't be read as a table: {error}. Are its quotation marks in order?"
        raise UnreadableError(message) from error
    if not records:
        message = "This file is empty."
        raise UnreadableError(message)
    heads = tuple(cell.strip() for cell in records[0])
    _require_shape(heads, records, most)
    stripped = ((number, tuple(cell.strip() for cell in cells)) for number, cells in enumerate(records[1:], 2))
    rows = [(number, cells) for number, cells in stripped if any(cells)]
    if not rows:
        message = "This file has heads and no rows."
        raise UnreadableError(message)
    return Table(heads, tuple(rows))


def _require_shape(heads: Sequence[str], records: Sequence[Sequence[str]], most: int) -> None:
    if len(heads) == 1:
        message = "This file has one column only. Is there another separator between the cells?"
        raise UnreadableError(message)
    if len(heads) > MOST_COLUMNS:
        message = f"This file has {len(heads)} columns, at most {MOST_COLUMNS} are read."
        raise UnreadableError(message)
    if len(records) > most + 1:
        message = f"This file has more than {most:,} rows. Please split it."
        raise UnreadableError(message)


def table(body: bytes, most: int = MOST_ROWS) -> Table:
    """Read a file of at most so many rows, in whatever encoding and with whatever separator; raise `UnreadableError`."""
    require_text(body)
    text = decode(body, guess(body))
    return read(text, separator(text), most)
