"""Which passwords are refused, which codes are good, and what a device is called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from lms.accounts import codes
from lms.accounts.devices import describe
from lms.accounts.rules import password_fault

KNOWN = ("Sokha Pov", "ពៅ សុខា", "sokha.pov@trade.example.org")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2026, 9, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("correct horse battery", None),
        ("ຂ້ອຍມັກກາເຟຫຼາຍ", None),
        ("sokha and nine elephants", None),
        ("short", "at least 10"),
        ("aaaaaaaaaaaaaaa", "among the first"),
        ("Password123", "among the first"),
        ("P@ssw0rd2026!", "among the first"),
        ("q1w2e3r4t5y6", "among the first"),
        ("i love you forever", "among the first"),
        ("abcdefghijkl", "among the first"),
        ("0987654321", "among the first"),
        ("0812345678901", "among the first"),
        ("elephantelephant", "among the first"),
        ("Indonesia2026", "among the first"),
        ("sokha12345", "your name"),
        ("PovSokha2026", "your name"),
        ("sokha.pov@trade.example.org", "your name"),
        ("ពៅ សុខា 99999", "your name"),
    ],
)
def test_passwords(password: str, why: str | None) -> None:
    """Long enough, not common, not made of what others know of the person; the reason is said."""
    fault = password_fault(password, *KNOWN)
    assert (fault is None) == (why is None)
    assert why is None or why in str(fault)


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (-30, True), (30, True), (-60, False), (60, False)])
def test_a_clock_may_be_half_a_minute_off(seconds: int, good: bool) -> None:
    """The code of the step before and of the one after are good, others are not."""
    code = pyotp.TOTP(SECRET).at(NOON + timedelta(seconds=seconds))
    assert (codes.step_of(SECRET, code, NOON, 0) is not None) == good


def test_a_step_is_used_once() -> None:
    """Neither the code that was used nor an earlier one is good again."""
    code, before = pyotp.TOTP(SECRET).at(NOON), pyotp.TOTP(SECRET).at(NOON - timedelta(seconds=30))
    step = codes.step_of(SECRET, code, NOON, 0)
    assert step == int(NOON.timestamp()) // 30
    assert codes.step_of(SECRET, code, NOON, step) is None
    assert codes.step_of(SECRET, before, NOON, step) is None


def test_recovery_codes_are_ten_long_ones() -> None:
    """Each of 16 letters of 31: 79 bits; and people may type them as they like."""
    made = codes.new_recovery_codes()
    assert len({codes.tidy(code) for code in made}) == 10
    assert {len(codes.tidy(code)) for code in made} == {16}
    assert codes.tidy(f" {made[0].upper().replace('-', ' ')} ") == made[0].replace("-", "")
    assert not any(codes.is_from_app(codes.tidy(code)) for code in made)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on a Windows computer"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/128.0 Mobile Safari/537.36", "Chrome on an Android device"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0", "Edge on a Windows computer"),
        ("Something (X11; Linux x86_64)", "A browser on a Linux computer"),
        ("Opera OPR/9", "Opera"),
        ("curl/8", "An unknown device"),
        ("", "An unknown device"),
    ],
)
def test_devices_in_words(agent: str, words: str) -> None:
    """What people know of their devices."""
    assert describe(agent) == words
