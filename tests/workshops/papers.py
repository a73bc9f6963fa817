"""Files of slides, made as small as they can be: whole ones, and ones that are not what they seem."""

from __future__ import annotations

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile

from lms.casestudies.slides import KINDS, MAIN, MANIFEST, TYPES

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINK = f'<Relationships><Relationship Type="{RELATED}/{{kind}}" Target="https://example.org/" TargetMode="External"/></Relationships>'


def pdf(root: str = "", page: str = "", filler: int = 0, trailer: str = "") -> bytes:
    """Make a PDF of one empty page: with more in its root, its page and its trailer, and so many bytes that nothing leads to."""
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{root}>>".encode(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]{page}>>".encode(),
        b"<</Length %d>>stream\n%b\nendstream" % (filler, bytes(filler)),
    ]
    body, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(places)
    return body + table + b"trailer\n<</Size 5/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (trailer.encode(), len(body))


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Pack some parts."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as box:
        for name, text in parts.items():
            box.writestr(name, text)
    return made.getvalue()


def pptx(kind: str = MAIN, /, **more: str | bytes) -> bytes:
    """Make a PPTX, with more parts by name."""
    types = f'<Types><Override PartName="/ppt/presentation.xml" ContentType="{kind}"/></Types>'
    return packed({TYPES: types, "ppt/presentation.xml": "<p/>"} | more)


def odp(kind: str = KINDS["odp"], manifest: str = "<m:manifest xmlns:m='m'/>", /, **more: str | bytes) -> bytes:
    """Make an ODP, with more parts by name."""
    return packed({"mimetype": kind, "content.xml": "<o/>", MANIFEST: manifest} | more)
