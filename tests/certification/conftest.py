"""A key of the issuer's own, for tests about certificates that count."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask

from lms.certification import signing


@pytest.fixture
def own_key(ctx: Flask) -> Iterator[str]:
    """Make a key that signs what is no demonstration, and take it away again."""
    del ctx
    yield signing.make_own(signing.FIVE_YEARS)
    shutil.rmtree(signing.folder(development=False))
