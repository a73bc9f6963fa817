"""Which passwords are refused."""

from __future__ import annotations

import pytest

from lms.accounts.rules import password_fault


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("correct horse battery", True),
        ("ຂ້ອຍມັກກາເຟຫຼາຍ", True),
        ("short", False),
        ("aaaaaaaaaaaaaaa", False),
        ("Password123", False),
        ("sokha12345", False),
        ("sokha and nine elephants", True),
    ],
)
def test_passwords(password: str, fine: bool) -> None:
    """Long enough, not common, not made of the person's own name."""
    assert (password_fault(password, "Sokha", "sokha") is None) == fine
