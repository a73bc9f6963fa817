"""Who is at risk, and why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from lms.people.rules import Facts, Step, reasons

MARK = Decimal(50)
HERE = timedelta(days=1)


def module(number: int, *, begun: bool) -> Step:
    return Step("module", f"module {number}", alone=True, begun=begun)


def quiz(number: int, *, begun: bool) -> Step:
    return Step("quiz", f"quiz {number}", alone=False, begun=begun)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(HERE, None), []),
        (Facts(None, None), ["Has never signed in."]),
        (Facts(timedelta(days=8), None), ["No sign-in for 8 days."]),
        (Facts(timedelta(days=7, hours=23), None), []),
        (Facts(timedelta(days=30, hours=5), None), ["No sign-in for 30 days."]),
        (Facts(HERE, Decimal("40.1")), []),
        (Facts(HERE, Decimal(40)), ["Average so far 40.0 %, 10.0 points below the pass mark."]),
        (Facts(HERE, Decimal(0)), ["Average so far 0.0 %, 50.0 points below the pass mark."]),
        (Facts(HERE, None, (module(1, begun=True), module(2, begun=False))), ["Not begun: module 2."]),
        (Facts(HERE, None, (module(1, begun=False), module(2, begun=False))), ["Not begun: module 1, module 2."]),
        (Facts(HERE, None, (quiz(1, begun=False), quiz(2, begun=False))), ["No quiz attempted of 2 open."]),
        (Facts(HERE, None, (quiz(1, begun=True), quiz(2, begun=False))), []),
        (
            Facts(None, Decimal(30), (module(1, begun=False), quiz(1, begun=False))),
            [
                "Has never signed in.",
                "Not begun: module 1.",
                "No quiz attempted of 1 open.",
                "Average so far 30.0 %, 20.0 points below the pass mark.",
            ],
        ),
    ],
)
def test_reasons(facts: Facts, said: list[str]) -> None:
    assert list(reasons(facts, MARK)) == said
