"""Which characters the bundled fonts can draw, read from the fonts themselves."""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

_UNICODE_SUBTABLES = ((3, 10), (0, 4), (0, 6), (3, 1), (0, 3))
_SEGMENTED, _GROUPED = 4, 12


@cache
def drawable() -> frozenset[int]:
    """Return every code point for which some bundled font has a glyph."""
    return frozenset().union(*_faces())


def drawable_together(text: str) -> bool:
    """Say whether one font has all of a text: a letter and its marks can't be put together from two."""
    return any(face.issuperset(map(ord, text)) for face in _faces())


@cache
def _faces() -> tuple[frozenset[int], ...]:
    return tuple(frozenset(_code_points(path.read_bytes())) for path in sorted(FONTS.glob("*.ttf")))


def _code_points(font: bytes) -> Iterator[int]:
    start = _character_map(font)
    (layout,) = struct.unpack_from(">H", font, start)
    if layout == _GROUPED:
        return _grouped(font, start)
    if layout == _SEGMENTED:
        return _segmented(font, start)
    message = f"a bundled font has a character map of the unknown layout {layout}"
    raise ValueError(message)


def _character_map(font: bytes) -> int:
    table = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, table + 2)
    records = [struct.unpack_from(">HHI", font, table + 4 + 8 * i) for i in range(count)]
    offsets = {(platform, encoding): offset for platform, encoding, offset in records}
    return int(table + next(offsets[key] for key in _UNICODE_SUBTABLES if key in offsets))


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for i in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * i)
        if name == tag:
            return int(offset)
    message = f"a bundled font has no table {tag!r}"
    raise ValueError(message)


def _grouped(font: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", font, start + 12)
    for i in range(count):
        first, last, _ = struct.unpack_from(">III", font, start + 16 + 12 * i)
        yield from range(first, last + 1)


def _segmented(font: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    lasts = struct.unpack_from(f">{doubled // 2}H", font, start + 14)
    firsts = struct.unpack_from(f">{doubled // 2}H", font, start + 16 + doubled)
    for first, last in zip(firsts, lasts, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)
