"""Other programs, run on a document: poppler's tools and a Python process of its own."""

from __future__ import annotations

import subprocess
import sys


def poppler(tool: str, *arguments: str, document: bytes) -> bytes:
    """Return what a tool of poppler prints about a document."""
    return subprocess.run([tool, *arguments], input=document, capture_output=True, check=True).stdout


def program(*command: str) -> str:
    """Return what another program prints; it may end as it likes."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def text_of(document: bytes) -> str:
    """Return the text as poppler extracts it."""
    return poppler("pdftotext", "-", "-", document=document).decode()


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    command = [sys.executable, "-B", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
