"""The QR code as a picture for the template."""

from io import BytesIO

import segno

_INK = "#16202b"


def qr_code(address: str) -> str:
    """Return a QR code of medium error correction as SVG, without a quiet zone (the page leaves white around it)."""
    picture = BytesIO()
    code = segno.make_qr(address, error="m", boost_error=False)
    code.save(picture, kind="svg", border=0, dark=_INK, xmldecl=False, omitsize=True)
    return picture.getvalue().decode("ascii")
