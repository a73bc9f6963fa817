"""What recommendations are, and what can become of them."""

from __future__ import annotations

from enum import StrEnum

TEXT, REASON, GROUP = 1_000, 500, 80


class State(StrEnum):
    """A draft is worked on; then it is in the final list, part of another, or taken back."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Level(StrEnum):
    """To whom a recommendation is made."""

    POLICY = "policy"
    PARTNERS = "partners"


class Stance(StrEnum):
    """What a participant says of a wording: can live with it, or objects."""

    AGREE = "agree"
    OBJECT = "object"


LEVELS = {Level.POLICY: "At the policy level", Level.PARTNERS: "To development partners"}


def may_word(state: str) -> bool:
    """Tell whether the words can still be changed: only those of a draft."""
    return state == State.DRAFT


def may_withdraw(author: int, who: int | None, *, staff: bool) -> bool:
    """Tell whether an enrolment may take a draft back: its author's, and those of the staff."""
    return who is not None and (staff or who == author)


def obstacle(state: str) -> str:
    """Say why a recommendation can't be changed any more; empty if it can."""
    return {
        State.ADOPTED: "It is in the final list. An administrator can take it out again.",
        State.MERGED: "It was merged into another, which is worked on now.",
        State.WITHDRAWN: "It was withdrawn.",
    }.get(State(state), "")
