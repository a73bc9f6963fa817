"""Designs are complete, and the fonts they name are the ones that come with the package."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import typst

from certificates import DesignError, design_names, render
from certificates.coverage import FONTS, drawable
from certificates.design import DESIGNS, read_design
from certificates.samples import sample_awards

BUNDLED = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
MOST_FONT_BYTES = 8_000_000


@pytest.mark.parametrize("design", design_names())
def test_every_design_prints_every_sample(design: str) -> None:
    """A design bears every script, short and long names, both kinds and the specimen."""
    for award in sample_awards().values():
        assert render(award, design).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("design", design_names())
def test_every_design_names_every_bundled_family(design: str) -> None:
    """No font is bundled for nothing, and none is named in vain."""
    template = (DESIGNS / design / "template.typ").read_text(encoding="utf-8")
    listed = re.search(r"font: \(([^)]+)\)", template)
    assert listed
    assert set(re.findall(r'"([^"]+)"', listed[1])) == set(BUNDLED.families())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('heading = "Certificate of Completion"\n', "", "course-v1, en, course: missing or unknown: heading"),
        ("[wording.en.workshop]", "[wording.en.seminar]", "course-v1, en: missing or unknown: seminar, workshop"),
        ('lead = "', 'leed = "', "missing or unknown: lead, leed"),
        ('"January", ', "", "months must be a list of 12"),
    ],
)
def test_an_incomplete_design_says_what_is_missing(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A missing or misspelt key is named with its place."""
    folder = shutil.copytree(DESIGNS / "course-v1", tmp_path / "course-v1")
    words = folder / "design.toml"
    words.write_text(words.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DesignError, match=said):
        read_design(folder)


def test_a_design_without_template_is_refused(tmp_path: Path) -> None:
    """Words alone are no design."""
    folder = shutil.copytree(DESIGNS / "course-v1", tmp_path / "course-v1")
    (folder / "template.typ").unlink()
    with pytest.raises(DesignError, match=r"template\.typ is missing"):
        read_design(folder)


def test_the_fonts_are_few_licensed_and_described() -> None:
    """The fonts stay small, and each stands in the licence and the description."""
    files = sorted(FONTS.glob("*.ttf"))
    assert sum(path.stat().st_size for path in files) <= MOST_FONT_BYTES
    licence, described = ((FONTS / name).read_text(encoding="utf-8") for name in ("OFL.txt", "README.md"))
    for path in files:
        family = path.name.partition("-")[0]
        assert family in licence
        assert family in described


def test_coverage_agrees_with_the_typesetter() -> None:
    """Letters of every script are found, and those of no bundled font are not."""
    letters = "AĐốỹκЖសຂก်မஅن陳阝镕\U0002cb4e\u0301\u17d2"
    assert all(ord(letter) in drawable() for letter in letters)
    assert not {ord(letter) for letter in "😀한ह\ue000\uffff"} & drawable()
