"""Locking a PDF with a password (AES-256), and a table inside of it; loaded when there is something to lock."""

from __future__ import annotations

import io

from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def locked(pdf: bytes, password: str, name: str, table: bytes) -> bytes:
    """Give the PDF, with the table attached under this name, so that neither can be read without the password."""
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf)))
    writer.encrypt(password)  # type: ignore[no-untyped-call] # the library types this one not
    inside = EmbeddedFileObject.from_file_data(writer, table, mime_type=XLSX)
    embed_file(writer, FileSpec(file_spec_string=name, file_name=name, embedded_data=inside, description="The same list, as a table"))
    made = io.BytesIO()
    writer.write(made)  # type: ignore[no-untyped-call] # nor this one
    return made.getvalue()
