"""Codes of the second factor: those of an app (RFC 6238) and those for recovery; pure, the time comes in."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp

PURPOSE = "second factor"
STEP_SECONDS = 30
SKEW = 1  # steps that a phone's clock may be off
DIGITS = 6
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
_GROUPS, _GROUP = 4, 4


def new_secret() -> str:
    """Make a secret for an app: 160 bits in base 32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, email: str, issuer: str) -> str:
    """Give what the QR code holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def spaced(secret: str) -> str:
    """Give a secret in groups of four, to be typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def tidy(code: str) -> str:
    """Take out of a typed code what people put in for reading."""
    return "".join(letter for letter in code.lower() if letter.isalnum())


def is_from_app(code: str) -> bool:
    """Tell whether a tidy code has the form of those that an app shows."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Find the time step, later than the last one used, that a code belongs to; `None` for a wrong or used one."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS, digits=DIGITS)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(current - SKEW, current + SKEW + 1):
        if step > last_step and secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """Make recovery codes of 79 bits each, such as 'k3fz-9q2m-ab7x-tt5w'."""
    return tuple(_recovery_code() for _ in range(RECOVERY_CODES))


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
