"""What happens in a selection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SelectionApproved:
    """A second administrator has approved a run: who is selected stands."""

    edition_id: int
    run_id: int
