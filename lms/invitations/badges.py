"""The code on a badge, by which the desk of the workshop finds somebody; it opens nothing and need not be secret."""

from __future__ import annotations

from hashlib import sha256

SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that looks like another
LENGTH = 8


def code(enrolment_id: int) -> str:
    """Give the code of somebody: always the same, and so far from those of others that one mistyped is nobody's."""
    number = int.from_bytes(sha256(f"badge {enrolment_id}".encode()).digest())
    return "".join(SIGNS[number // len(SIGNS) ** place % len(SIGNS)] for place in range(LENGTH))
