"""Each sample still looks like the picture that was looked at and kept.

After a wanted change: `python -m tests.certificates.pictures`, look at the new pictures, keep them.
"""

from __future__ import annotations

from functools import cache

import pytest

from certificates import render
from certificates.design import design_for
from certificates.samples import sample_awards
from tests.certificates.pictures import REFERENCES, Picture, draw, load, share_of_different_pixels

SAMPLES = sample_awards()
TOLERANCE = 0.01


@cache
def drawn(name: str) -> Picture:
    """Draw a sample as it is now."""
    return draw(render(SAMPLES[name], design_for(SAMPLES[name].kind)))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_looks_as_before(name: str) -> None:
    """The drawn page differs from the kept picture in next to no pixel."""
    share = share_of_different_pixels(load(REFERENCES / f"{name}.png"), drawn(name))
    assert share <= TOLERANCE


@pytest.mark.parametrize(
    ("name", "other"), [("latin", "vietnamese"), ("khmer", "lao"), ("chinese", "short"), ("latin", "development")]
)
def test_the_comparison_sees_another_name(name: str, other: str) -> None:
    """The comparison is not blind: another name is too different."""
    share = share_of_different_pixels(load(REFERENCES / f"{name}.png"), drawn(other))
    assert share > TOLERANCE


def test_every_reference_belongs_to_a_sample() -> None:
    """No picture is missing, and none is left over."""
    assert {path.stem for path in REFERENCES.glob("*.png")} == set(SAMPLES)
