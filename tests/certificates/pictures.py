"""Pictures of documents: rendered by poppler, kept as small PNG files, compared with a tolerance.

`python -m tests.certificates.pictures` draws the kept references anew; look at what changed before keeping it.
"""

from __future__ import annotations

import struct
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

from certificates import render
from certificates.design import design_for
from certificates.samples import sample_awards
from tests.certificates.tools import poppler

REFERENCES = Path(__file__).parent / "references"
RESOLUTION = 45

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREYS = 17  # steps of grey: fifteen and white are enough, and compress well
_NOTICEABLE = 60
_PPM_PARTS = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in shades of grey, one byte a pixel, row by row."""

    width: int
    height: int
    pixels: bytes

    def rows(self) -> list[bytes]:
        """Return the rows from the top."""
        return [self.pixels[i : i + self.width] for i in range(0, len(self.pixels), self.width)]


def draw(document: bytes, resolution: int = RESOLUTION) -> Picture:
    """Render the only page of a document."""
    drawn = poppler("pdftoppm", "-gray", "-r", str(resolution), "-", document=document)
    _, size, _, pixels = drawn.split(b"\n", _PPM_PARTS - 1)
    width, height = (int(part) for part in size.split())
    return Picture(width, height, pixels)


def share_of_different_pixels(one: Picture, other: Picture) -> float:
    """Return how large a part of the inked pixels differs noticeably, from 0 to 1 and beyond."""
    if (one.width, one.height) != (other.width, other.height):
        return 1.0
    pairs = [(a, b) for a, b in zip(one.pixels, other.pixels, strict=True) if a != b]
    ink = sum(pixel < 255 - _NOTICEABLE for pixel in one.pixels)
    return sum(abs(a - b) > _NOTICEABLE for a, b in pairs) / ink


def save(picture: Picture, path: Path) -> None:
    """Write a picture as a PNG file of few greys."""
    coarse = bytes(round(pixel / _GREYS) * _GREYS for pixel in range(256))
    lines = b"".join(b"\0" + row.translate(coarse) for row in picture.rows())
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    path.write_bytes(_SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks))


def load(path: Path) -> Picture:
    """Read a PNG file that `save` wrote."""
    content = path.read_bytes()
    width, height = struct.unpack_from(">II", content, 16)
    (length,) = struct.unpack_from(">I", content, 33)
    lines = zlib.decompress(content[41 : 41 + length])
    rows = [lines[i + 1 : i + 1 + width] for i in range(0, len(lines), width + 1)]
    return Picture(width, height, b"".join(rows))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def main() -> None:
    """Draw every sample and keep it as the reference."""
    REFERENCES.mkdir(exist_ok=True)
    for name, award in sample_awards().items():
        path = REFERENCES / f"{name}.png"
        save(draw(render(award, design_for(award.kind))), path)
        sys.stdout.write(f"{path}  {path.stat().st_size / 1000:.0f} KB\n")


if __name__ == "__main__":
    main()
