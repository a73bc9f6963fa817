"""A9, L9 and V1 to V3: a corrected name, a revocation and its undoing, and what strangers find out, with the platform and without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from certificates.statuslist import Status, status_in
from lms.certification import issuing, queries
from lms.certification.queries import CertificateInfo
from lms.core import clock
from tests.browser.cast import Cast, Member, cast, wait_for
from tests.browser.chrome import transferred
from tests.browser.conftest import Visit
from tests.browser.live import Site
from tests.browser.mailbox import find_mail
from tests.browser.visitors import Visitor

MODULES = ("module1", "module2", "module3", "module4", "module5")
WRONG, RIGHT = "Sokha Pow", "Sokha Pov ពៅ សុខា"
REASON = "Somebody else took the quiz <b>&amp;</b>."
LIGHT = 20_000


@pytest.fixture(scope="module")
def edition(site: Site) -> Cast:
    """Open an edition whose modules are all open."""
    return cast(site, days=30)


@pytest.fixture(scope="module")
def sokha(edition: Cast) -> Member:
    """Let a learner earn a certificate with a name that has a mistake in it."""
    member = edition.learner("Sokha Pov", printed_name=WRONG)
    edition.scored(member, **dict.fromkeys(MODULES, 8))
    return member
