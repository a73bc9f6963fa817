"""What can become of an application, as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lms.applications import rules
from lms.applications.values import Candidate, Decision

SOMEBODY = Candidate(1, 1, "Sokha Pov", "sokha@example.org", "applied", 1, known=True)
NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("decision", "state", "why"),
    [
        ("confirm", "applied", ""),
        ("confirm", "wait-listed", ""),
        ("confirm", "rejected", ""),
        ("confirm", "confirmed", "is confirmed already"),
        ("confirm", "withdrawn", "has withdrawn"),
        ("reject", "applied", ""),
        ("reject", "wait-listed", ""),
        ("reject", "confirmed", "has a place: take the application back to applied first"),
        ("reject", "rejected", "is rejected already"),
        ("reject", "withdrawn", "has withdrawn"),
        ("wait-list", "applied", ""),
        ("wait-list", "rejected", ""),
        ("wait-list", "wait-listed", "is wait-listed already"),
        ("wait-list", "confirmed", "has a place: take the application back to applied first"),
        ("wait-list", "withdrawn", "has withdrawn"),
        ("reopen", "applied", "is applied already"),
        ("reopen", "wait-listed", ""),
        ("reopen", "rejected", ""),
        ("reopen", "confirmed", ""),
        ("reopen", "withdrawn", "has withdrawn"),
    ],
)
def test_what_can_be_decided(decision: str, state: str, why: str) -> None:
    assert rules.obstacle(Decision(decision), replace(SOMEBODY, state=state)) == why


def test_who_began_to_study_keeps_the_place() -> None:
    assert rules.obstacle(Decision.REOPEN, replace(SOMEBODY, state="confirmed", studied=True)) == "has begun to study"


@pytest.mark.parametrize("decision", [Decision.CONFIRM, Decision.REJECT, Decision.WAITLIST])
def test_nothing_is_decided_about_an_address_that_nobody_confirmed(decision: Decision) -> None:
    """Nor is a mail sent there."""
    assert rules.obstacle(decision, replace(SOMEBODY, known=False)) == "has not confirmed the e-mail address yet"


@pytest.mark.parametrize(
    ("state", "decided", "edits", "withdraws", "withdraws_later"),
    [
        ("applied", False, True, True, True),
        ("applied", True, False, True, True),
        ("wait-listed", False, True, True, True),
        ("wait-listed", True, False, True, True),
        ("confirmed", True, False, True, False),
        ("rejected", True, False, False, False),
        ("withdrawn", False, False, False, False),
    ],
)
def test_what_applicants_can_do(state: str, decided: bool, edits: bool, withdraws: bool, withdraws_later: bool) -> None:
    assert rules.may_edit(state, NOW if decided else None) is edits
    assert rules.may_withdraw(state, begun=False) is withdraws
    assert rules.may_withdraw(state, begun=True) is withdraws_later


def test_a_preview_holds_as_long_as_nothing_changes() -> None:
    """Who, in what state, which version, who is left out, and the words."""
    first = rules.mark([SOMEBODY], [], "reject", "words")
    assert first == rules.mark([replace(SOMEBODY, name="Another spelling")], [], "reject", "words")
    others = [
        rules.mark([replace(SOMEBODY, version=2)], [], "reject", "words"),
        rules.mark([replace(SOMEBODY, state="wait-listed")], [], "reject", "words"),
        rules.mark([replace(SOMEBODY, id=2)], [], "reject", "words"),
        rules.mark([], [SOMEBODY], "reject", "words"),
        rules.mark([SOMEBODY], [], "confirm", "words"),
        rules.mark([SOMEBODY], [], "reject", "other words"),
    ]
    assert len({first, *others}) == 7


@pytest.mark.parametrize(
    ("reason", "own", "together"),
    [
        ("", "", ""),
        ("", " Try again. ", "Try again."),
        ("places", "", rules.REASONS["places"]),
        ("places", "Try again.", f"{rules.REASONS['places']}\n\nTry again."),
        ("unknown", "", ""),
    ],
)
def test_reasons_and_own_words_go_together(reason: str, own: str, together: str) -> None:
    assert rules.letter_words(reason, own) == together
