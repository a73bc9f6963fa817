"""What a file of slides is for real: by its name, its bytes and what lies inside; whatever acts by itself or fetches things is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as Damaged  # noqa: N812 - it reads as what it is

from lms.core.errors import Invalid
from lms.core.plugins import on_demand

MOST_BYTES = 10_000_000
SMALLER = "Make its pictures smaller, or save it as PDF."
TOO_LARGE = f"This file is larger than {MOST_BYTES // 1_000_000} MB. {SMALLER}"
PDF, PPTX, ODP = "pdf", "pptx", "odp"
KINDS = {
    PDF: "application/pdf",
    PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ODP: "application/vnd.oasis.opendocument.presentation",
}
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_PARTS, MOST_UNPACKED, MOST_RATIO, MOST_XML = 5_000, 200_000_000, 200, 4_000_000
PIECE = 50_000
SMALL = 20_000_000  # what is smaller than this may be packed as tightly as it likes
LOCKED = 0x1  # the flag of a member that takes a password
TYPES, MAIN = "[Content_Types].xml", f"{KINDS[PPTX]}.main+xml"
HYPERLINK = "/hyperlink"
AWAY = re.compile(r"[a-z][a-z0-9+.-]*:|//|\.\./", re.IGNORECASE)
MANIFEST = "META-INF/manifest.xml"
ACTIVE = re.compile(r"vbaproject|(^|/)activex/|^(basic|scripts)/", re.IGNORECASE)
NONE = "This is not a presentation. Please save it as PDF, PPTX or ODP."
OLD = "This is an old kind of PowerPoint, or is locked with a password. Please save it as PPTX or PDF, without a password."
CUT_OFF = "This file is damaged or cut off. Please save it once more and choose it again."
LOCKED_UP = "This file is locked with a password. Please save it without one."
MACROS = "This file has macros or other programs inside. Please save it without them, or as PDF."
ELSEWHERE = "This file fetches a picture, a video or another file from elsewhere when it is opened. Please embed that, or save it as PDF."
BOMB = "Unpacked, this file would be far too large. Please save it once more, or as PDF."


def acceptable(name: str, size: int) -> None:
    """Raise `Invalid` for a file whose name or size alone says that it can't be taken."""
    if size > MOST_BYTES:
        raise refused(TOO_LARGE)
    if size <= 0 or _ending(name) not in KINDS:
        raise refused(NONE)


def promising(name: str, first: bytes) -> None:
    """Raise `Invalid` if a file can't be what its name says, by how it begins."""
    if first.startswith(OLD_OFFICE):
        raise refused(OLD)
    if not first.startswith(b"%PDF-" if _ending(name) == PDF else ZIP):
        message = f"This is not a presentation, though its name ends in .{_ending(name)}. Please save it as PDF, PPTX or ODP."
        raise refused(message)


def refused(message: str) -> Invalid:
    """Say what is wrong with a file, beside its field."""
    return Invalid(message, field="slides")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def kind_of(name: str, body: bytes) -> str:
    """Tell what kind of slides a file holds, by what lies inside; raise `Invalid` for anything else, and for a name that says otherwise."""
    said = _ending(name)
    if said in KINDS:
        promising(name, body)
    found = PDF if body.startswith(b"%PDF-") else _packed(body) if body.startswith(ZIP) else ""
    if not found:
        lie = f", though its name ends in .{said}" if said in KINDS else ""
        message = f"This is not a presentation{lie}. Please save it as PDF, PPTX or ODP."
        raise refused(message)
    if said != found:
        message = f"By its bytes this file is {found.upper()}, but its name does not end in .{found}. Please rename it or choose another."
        raise refused(message)
    if found == PDF:
        on_demand("lms.casestudies.paper").look(body)
    return found


def _packed(body: bytes) -> str:
    """Look into a file that is packed, and tell which kind of presentation it is, if it is one."""
    try:
        with ZipFile(io.BytesIO(body)) as packed:
            parts = _parts(packed.infolist())
            if "mimetype" in parts:
                return _odp(packed, parts)
            return _pptx(packed, parts) if TYPES in parts else ""
    except (BadZipFile, Damaged, ExpatError, EOFError, RuntimeError, ValueError) as error:
        raise refused(CUT_OFF) from error


def _parts(found: list[ZipInfo]) -> Mapping[str, ZipInfo]:
    """Give what is packed by name; raise `Invalid` for what takes a password, would be far too large, or holds programs."""
    if len(found) > MOST_PARTS or sum(one.file_size for one in found) > MOST_UNPACKED:
        raise refused(BOMB)
    if any(one.file_size > max(SMALL, MOST_RATIO * one.compress_size) for one in found):
        raise refused(BOMB)
    if any(one.flag_bits & LOCKED for one in found):
        raise refused(LOCKED_UP)
    names = [one.filename for one in found]
    if len(set(names)) < len(names) or any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise refused(CUT_OFF)
    if any(ACTIVE.search(name) for name in names):
        raise refused(MACROS)
    return {one.filename: one for one in found}


def _odp(packed: ZipFile, parts: Mapping[str, ZipInfo]) -> str:
    if _read(packed, parts, "mimetype").strip() != KINDS[ODP].encode() or "content.xml" not in parts:
        return ""
    if any(name == "encryption-data" for name, _ in _elements(_read(packed, parts, MANIFEST))):
        raise refused(LOCKED_UP)
    drawn = (element for name in ("content.xml", "styles.xml") if name in parts for element in _elements(_read(packed, parts, name)))
    if any(name != "a" and _leads_away(facts) for name, facts in drawn):
        raise refused(ELSEWHERE)
    return ODP


def _leads_away(facts: Mapping[str, str]) -> bool:
    return any(name.endswith(":href") and AWAY.match(where) for name, where in facts.items())


def _pptx(packed: ZipFile, parts: Mapping[str, ZipInfo]) -> str:
    kinds = {facts.get("PartName", "").lstrip("/"): facts.get("ContentType", "") for _, facts in _elements(_read(packed, parts, TYPES))}
    if any("macroenabled" in kind.lower() or "vba" in kind.lower() for kind in kinds.values()):
        raise refused(MACROS)
    if not any(kind == MAIN and part in parts for part, kind in kinds.items()):
        return ""
    related = [name for name in parts if name.endswith(".rels")]
    if sum(parts[name].file_size for name in related) > MOST_XML:
        raise refused(BOMB)
    links = (facts for name in related for _, facts in _elements(_read(packed, parts, name)))
    if any(facts.get("TargetMode") == "External" and not facts.get("Type", "").endswith(HYPERLINK) for facts in links):
        raise refused(ELSEWHERE)
    return PPTX


def _read(packed: ZipFile, parts: Mapping[str, ZipInfo], name: str) -> bytes:
    if parts[name].file_size > MOST_XML:
        raise refused(BOMB)
    return packed.read(parts[name])


def _elements(text: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Go through the elements of XML, without their namespaces; a document type could hide anything, and has no place in a presentation."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = ParserCreate()
    parser.StartElementHandler = lambda name, facts: found.append((name.rpartition(":")[2], facts))
    parser.StartDoctypeDeclHandler = _no_document_type
    for start in range(0, len(text), PIECE):
        parser.Parse(text[start : start + PIECE])
        yield from found
        found.clear()
    parser.Parse(b"", True)  # noqa: FBT003 - that this is all of it


def _no_document_type(*_: Any) -> None:
    raise refused(CUT_OFF)
