"""Style, script and pictures of the product, each under an address that holds its hash and never changes."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from flask import Response, abort, request

from lms.core.permissions import permission

FOLDER = Path(__file__).parent / "static"


@cache
def asset_url(path: str) -> str:
    """Give the immutable address of a file in `static/`."""
    name, dot, ending = path.rpartition(".")
    return f"/assets/{name}.{_fingerprint(path)}{dot}{ending}"


@cache
def _fingerprint(path: str) -> str:
    return hashlib.sha256((FOLDER / path).read_bytes()).hexdigest()[:10]


@cache
def _bodies(path: str) -> tuple[bytes, bytes]:
    body = (FOLDER / path).read_bytes()
    return body, gzip.compress(body, 9, mtime=0)


def read_asset(path: str) -> bytes:
    """Read a file in `static/`, for what can't be under an address of the assets."""
    return _bodies(path)[0]


@permission("public")
def serve_asset(name: str) -> Response:
    """Send a file whose address has the right hash, to be kept for a year."""
    stem, _, ending = name.rpartition(".")
    path, _, fingerprint = stem.rpartition(".")
    path = f"{path}.{ending}"
    if path not in known() or fingerprint != _fingerprint(path):
        abort(404)
    body, packed = _bodies(path)
    response = Response(body, mimetype=mimetypes.guess_type(path)[0])
    if request.accept_encodings["gzip"]:
        response.set_data(packed)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def known() -> frozenset[str]:
    """List the files there are, relative to `static/`."""
    return frozenset(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*") if file.is_file())
