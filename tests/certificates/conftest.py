"""Keys for the tests, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from certificates.credential import StatusEntry
from certificates.issuing import Issued, issue
from certificates.keys import KeyRing
from certificates.samples import sample_awards
from tests.certificates.factories import MOMENT, STATUS_LIST, key_ring


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """Give the keys of an issuer (did:web)."""
    return key_ring(tmp_path_factory.mktemp("keys") / "ring")


@pytest.fixture(scope="session")
def development_ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """Give keys for trying out (did:key)."""
    return key_ring(tmp_path_factory.mktemp("keys") / "ring", development=True)


@pytest.fixture(scope="session")
def issued(ring: KeyRing) -> Issued:
    """Give a finished certificate, the fifth in its status list."""
    return issue(sample_awards()["latin"], ring.current, MOMENT, status=StatusEntry(STATUS_LIST, 5))


@pytest.fixture
def document(issued: Issued, tmp_path: Path) -> Path:
    """Give a file with that certificate."""
    path = tmp_path / "certificate.pdf"
    path.write_bytes(issued.document)
    return path
