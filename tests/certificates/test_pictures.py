"""Each sample still looks like the picture that was looked at and kept.

After a wanted change: `python -m tests.certificates.pictures`, look at the new pictures, keep them.
"""

from __future__ import annotations

from functools import cache

import pytest

from certificates import render
from certificates.samples import sample_awards
from tests.certificates.pictures import REFERENCES, Picture, draw, load, share_of_different_pixels

SAMPLES = sample_awards()
TOLERANCE = 0.02


@cache
def drawn(name: str) -> Picture:
    """Draw a sample as it is now."""
    return draw(render(SAMPLES[name]))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_looks_as_before(name: str) -> None:
    assert share_of_different_pixels(load(REFERENCES / f"{name}.png"), drawn(name)) <= TOLERANCE


@pytest.mark.parametrize(("name", "other"), [("latin", "vietnamese"), ("khmer", "lao"), ("chinese", "short"), ("latin", "development")])
def test_the_comparison_sees_another_name(name: str, other: str) -> None:
    assert share_of_different_pixels(load(REFERENCES / f"{name}.png"), drawn(other)) > TOLERANCE


def test_every_reference_belongs_to_a_sample() -> None:
    assert {path.stem for path in REFERENCES.glob("*.png")} == set(SAMPLES)
