"""The press: sets a page and returns the PDF document."""

import json
import os
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Literal

from typst import Compiler, Fonts

from certificates.award import Award
from certificates.coverage import FONTS
from certificates.design import DESIGNS, load_design
from certificates.page import Entry, Fact, Line, Page, Specimen, compose
from certificates.qr import qr_code
from certificates.scripts import Part

# Archivable with its structure and with a file in it (PDF/A-3a), and accessible (PDF/UA-1): the typesetter refuses to write less.
STANDARDS: tuple[Literal["a-3a"], Literal["ua-1"]] = ("a-3a", "ua-1")


@dataclass(frozen=True, slots=True)
class _Press:
    compiler: Compiler
    lock: Lock
    process: int


def render(award: Award, design: str = "course-v1", credential: str = "") -> bytes:
    """Return the certificate as a PDF document: one page, tagged, its fonts embedded; the same award gives the same bytes.

    A credential, written as JSON, lies in the document as a file beside the page.
    """
    chosen = load_design(design)
    press = _press()
    if press.process != os.getpid():
        message = "this process was forked after a certificate was rendered; render first in the child, or start it anew"
        raise RuntimeError(message)
    inputs = {
        "page": json.dumps(compose(award, chosen), default=_as_object, ensure_ascii=False),
        "qr": qr_code(award.verify_url),
        "credential": credential,
    }
    midnight = datetime(award.issued_on.year, award.issued_on.month, award.issued_on.day, tzinfo=UTC)
    with press.lock:
        document = press.compiler.compile(
            input=str(chosen.template),
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=list(STANDARDS),
            timestamp=midnight,
        )
    if not isinstance(document, bytes):
        message = "the typesetter returned no document"
        raise TypeError(message)
    return document


def _as_object(value: Part | Line | Fact | Entry | Specimen | Page) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


@cache
def _press() -> _Press:
    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    compiler = Compiler(root=str(DESIGNS), font_paths=fonts, ignore_system_fonts=True)
    return _Press(compiler, Lock(), os.getpid())
