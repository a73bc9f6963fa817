"""What lies in a certificate's document: its title, and the credential. Reading them takes no library that signs or verifies.

Both are looked for in the bytes themselves, which is sound because a valid signature covers the whole file.
"""

import json
import re
import zlib
from typing import Any, Final
from xml.sax.saxutils import unescape

from certificates.errors import DocumentError

LARGEST: Final = 20_000_000
_LARGEST_CREDENTIAL: Final = 1_000_000
_FILE = re.compile(rb"/EmbeddedFile\b[^\0]{0,400}?>>\s*stream\r?\n")
_TITLE = re.compile(rb'<dc:title>\s*<rdf:Alt>\s*<rdf:li xml:lang="x-default">([^<]*)</rdf:li>')
_ENTITIES = {"&quot;": '"', "&apos;": "'"}


def check_is_document(document: bytes) -> None:
    """Refuse what is no PDF document, or far too large for a certificate."""
    if not document.startswith(b"%PDF-"):
        message = "that is no PDF document"
        raise DocumentError(message)
    if len(document) > LARGEST:
        message = f"the file has {len(document):,} bytes; no certificate is larger than {LARGEST:,}"
        raise DocumentError(message)


def title_of(document: bytes) -> str:
    """Return the document's title."""
    found = _TITLE.findall(document)
    if len(found) != 1:
        message = "the document has no title, or more than one: it is no certificate of this kind, or was changed"
        raise DocumentError(message)
    return unescape(str(found[0], "utf-8", "replace"), _ENTITIES)


def credential_in(document: bytes) -> dict[str, Any]:
    """Return the credential that lies in a document; raise `DocumentError` if there isn't exactly one."""
    starts = [match.end() for match in _FILE.finditer(document)]
    if len(starts) != 1:
        message = "the document holds no credential" if not starts else "the document holds more than one file"
        raise DocumentError(message)
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(document[starts[0] :], _LARGEST_CREDENTIAL)
    except zlib.error as error:
        message = "the credential in the document can't be unpacked: the file was damaged or changed"
        raise DocumentError(message) from error
    return credential_from_json(text)


def credential_from_json(text: str | bytes) -> dict[str, Any]:
    """Read a credential or status list; raise `DocumentError` for text that holds none."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = "the credential is no JSON that can be read"
        raise DocumentError(message) from error
    if not isinstance(read, dict):
        message = "the credential is no JSON object"
        raise DocumentError(message)
    return read
