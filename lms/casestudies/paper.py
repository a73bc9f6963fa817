"""What lies in a PDF of slides, read with a parser that bounds what is unpacked; loaded when there is one to look at."""

from __future__ import annotations

import io
from collections.abc import Iterator
from time import thread_time
from zlib import error as Damaged  # noqa: N812 - it reads as what it is

from pyhanko.pdf_utils.decode_limits import DecodeLimits, DecodePurpose, StreamDecodeLimits
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from lms.casestudies.slides import CUT_OFF, LOCKED_UP, MACROS, refused

# The most that a file can cost, some seconds of one core: what 300 pages take is a fifth of each.
MOST_READS, SECONDS, MOST_PARTS = 1_000_000, 2.0, 50_000
LIMITS = DecodeLimits(per_purpose={DecodePurpose.OBJECT_STREAM: StreamDecodeLimits(max_output_size=1_000_000)})
# What is drawn on pages, and ways back: nothing in them acts.
ASIDE = {"/Parent", "/P", "/Contents", "/Resources", "/StructTreeRoot", "/Metadata", "/Thumb", "/AP", "/PieceInfo", "/OutputIntents"}
ACTING = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR"}
FILES = "This PDF has other files inside. Please save it without them."
TANGLED = "This PDF is too complicated to be looked at. Please save it once more, from the presentation itself."
BROKEN = PdfError, Damaged, ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, StopIteration, TypeError, ValueError


class Bytes(io.BytesIO):
    """The bytes of a file, which can be read so many times and no more: each sign that is parsed is a read."""

    left = MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, or raise `Invalid` where it was too often."""
        self.left -= 1
        if self.left < 0:
            raise refused(TANGLED)
        return super().read(size)


def look(body: bytes) -> None:
    """Raise `Invalid` for a PDF that is damaged or locked, that acts by itself, or has files inside."""
    try:
        reader = PdfFileReader(Bytes(body), strict=False, decode_limits=LIMITS)
        if reader.encrypted:
            raise refused(LOCKED_UP)
        if reader.root["/Type"] != "/Catalog" or reader.root["/Pages"]["/Count"] < 1:
            raise refused(CUT_OFF)
        for part in _parts(reader):
            _harmless(part)
    except BROKEN as error:  # a parser that meets nonsense fails in many ways
        raise refused(CUT_OFF) from error


def _parts(reader: PdfFileReader) -> Iterator[DictionaryObject]:
    """Go through all dictionaries that the document leads to, each once."""
    seen: set[tuple[int, int]] = set()
    left, end = [reader.root], thread_time() + SECONDS
    while left:
        if len(seen) > MOST_PARTS or thread_time() > end:
            raise refused(TANGLED)
        one: PdfObject = left.pop()
        if isinstance(one, IndirectObject):
            key = one.idnum, one.generation
            if key not in seen:
                seen.add(key)
                left.append(one.get_object())  # type: ignore[no-untyped-call] # the library types this one not
        elif isinstance(one, DictionaryObject):
            yield one
            left.extend(one.raw_get(name) for name in one if name not in ASIDE)
        elif isinstance(one, ArrayObject):
            left.extend(one.raw_get(place) for place in range(len(one)))


def _harmless(part: DictionaryObject) -> None:
    if part.get("/S") in ACTING or "/JS" in part or "/XFA" in part:
        raise refused(MACROS)
    if "/EmbeddedFiles" in part or "/EF" in part:
        raise refused(FILES)
