"""Course folders: every fault with its file and line, and loading that is all or nothing and forgets nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.content import ContentPart, check, read_course
from lms.core.courses import Loaded, load_course
from lms.core.db import db
from lms.core.domain import Course
from lms.modules import checks, loading
from lms.modules.api import modules_of
from tests.conftest import COURSE
from tests.core import factories

MODULES = ContentPart(checks.check, loading.load)
FIRST, SECOND = "module1/01-first.md", "module1/02-second.md"
MODULE, GLOSSARY = "module1/module.toml", "module1/glossary.toml"
AIM = '[[objectives]]\nid = "explain-first"\ntext = "Explain the first thing"\n'
NO_ID = ["1: 'id' is missing or not a text", "1: 'id' must be of small letters, digits and hyphens", "1: unknown key 'di'"]
NO_DAY = "7: 'updated' must be a date, such as 2026-11-26 without quotation marks"
NO_FOLDER = "8: '../module1' can't be a module's folder: small letters, digits and hyphens"
PAIR = " in a key/value pair (at line 7, column 11)"
NO_PICTURE = "18: no SVG or PNG at figures/none.svg"
NO_MODULE = ["module2:1: the module has no lesson", "module2/module.toml:1: the file is missing"]
NO_TERM = "2: 'term' is missing or not a text of term \"identifier-1\""
NOT_UTF = "'utf-8' codec can't decode byte 0xff in position"
OLD_TERM = '[[terms]]\nid = "identifier-1"'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><title>A box</title>{}</svg>\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the small course to break."""
    return Path(shutil.copytree(COURSE, tmp_path / "course"))


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace a text that stands in a file; an empty one stands at its beginning."""
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")


def faults(folder: Path) -> list[str]:
    """List what is wrong, with paths from the course's folder."""
    return [str(problem).removeprefix(f"{folder}/") for problem in check(read_course(folder), [MODULES])]


def test_the_small_course_is_in_order() -> None:
    assert faults(COURSE) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        # course.toml
        ("course.toml", "id =", "di =", NO_ID),
        ("course.toml", '"small"', '"Small Course"', ["1: 'id' must be of small letters, digits and hyphens"]),
        ("course.toml", '"A small course"', "7", ["2: 'title' is missing or not a text"]),
        ("course.toml", '"SMALL"', '""', ["3: 'short_title' is missing or not a text"]),
        ("course.toml", '"en"', "5", ["5: 'language' is missing or not a text"]),
        ("course.toml", "pass_mark = 50", "pass_mark = 101", ["7: 'pass_mark' must be a number from 0 to 100"]),
        ("course.toml", "pass_mark = 50", "pass_mark = nan", ["7: 'pass_mark' must be a number from 0 to 100"]),
        ("course.toml", "pass_mark = 50", "pass_mark = true", ["7: 'pass_mark' must be a number from 0 to 100"]),
        ("course.toml", "pass_mark", "updated = 2026-11-26\npass_mark", []),
        ("course.toml", "pass_mark", "updated = '2026-11-26'\npass_mark", [NO_DAY]),
        ("course.toml", "pass_mark", "updated = 2026-11-26T10:00:00Z\npass_mark", [NO_DAY]),
        ("course.toml", '["module1", "module2"]', '["module1", "module1"]', ["8: a module is listed twice"]),
        ("course.toml", '["module1", "module2"]', '["../module1"]', [NO_FOLDER]),
        ("course.toml", '["module1", "module2"]', '"module1"', ["8: 'modules' is missing or not a list"]),
        ("course.toml", "pass_mark = 50", "pass_mark 50", ["7: not TOML: Expected '=' after a key" + PAIR]),
        ("course.toml", "language", "# by title\nlangage", ["6: unknown key 'langage'"]),
        # module.toml
        (MODULE, "weight", "wieght", ["5: unknown key 'wieght'"]),
        (MODULE, '"Module number 1"', "[1]", ["1: 'title' is missing or not a text"]),
        (MODULE, "opens_day = 0\n", "", ["1: 'opens_day' must be a whole number from 0 to 999"]),
        (MODULE, "opens_day = 0", "opens_day = -1", ["3: 'opens_day' must be a whole number from 0 to 999"]),
        (MODULE, "opens_day = 0", "opens_day = 0.5", ["3: 'opens_day' must be a whole number from 0 to 999"]),
        (MODULE, "opens_day = 0", "opens_day = 1000000000", ["3: 'opens_day' must be a whole number from 0 to 999"]),
        (MODULE, "opens_day = 0", "opens_day = 14", ["4: 'closes_day' is before 'opens_day'"]),
        (MODULE, "closes_day = 13", "closes_day = 1.5", ["4: 'closes_day' must be a whole number from 0 to 999"]),
        (MODULE, "weight = 1", "weight = nan", ["5: 'weight' must be a number from 0 to 1000"]),
        (MODULE, "weight = 1", "weight = inf", ["5: 'weight' must be a number from 0 to 1000"]),
        (MODULE, "weight = 1", 'weight = "1"', ["5: 'weight' must be a number from 0 to 1000"]),
        (MODULE, 'prompt = "Tell *one* example."', "", ["1: 'prompt' is missing or not a text in [forum]"]),
        (MODULE, "prompt =", "promt =", ["1: 'prompt' is missing or not a text in [forum]", "9: unknown key 'promt' in [forum]"]),
        # front matter
        (FIRST, "+++\ntitle", "title", ["1: front matter between two lines of +++ is missing"]),
        (FIRST, 'title = "The', "title = The", ["2: not TOML: Invalid value (at line 2, column 9)"]),
        (FIRST, "minutes = 5", "minuets = 5", ["1: 'minutes' is missing or not a whole number", "3: unknown key 'minuets'"]),
        (FIRST, "minutes = 5", "minutes = 0", ["3: 'minutes' must be from 1 to 60"]),
        (FIRST, "minutes = 5", "minutes = 61", ["3: 'minutes' must be from 1 to 60"]),
        (FIRST, "minutes = 5", "minutes = 4.5", ["3: 'minutes' is missing or not a whole number"]),
        (FIRST, "minutes = 5", "minutes = true", ["3: 'minutes' is missing or not a whole number"]),
        (FIRST, AIM, 'objectives = ["Explain it"]\n', ["5: 'objectives' must be tables: [[objectives]]"]),
        (FIRST, AIM, "", ["1: 'objectives' is missing or not a list"]),
        (FIRST, "explain-first", "Explain First", ["6: objective id 'Explain First' must be of small letters, digits and hyphens"]),
        (FIRST, "explain-first", "explain-second", ["6: objective 'explain-second' is there twice in the module"]),
        (FIRST, "Explain the", "Understand the", ["6: objective 'explain-first' begins with 'understand', which can't be tested"]),
        # body
        (FIRST, "See [", "<b>See</b> [", ["18: raw HTML '</b>'", "18: raw HTML '<b>'"]),
        (FIRST, "See [", "<script>x</script> [", ["18: raw HTML '</script>'", "18: raw HTML '<script>'"]),
        (FIRST, "## The thing", "# The thing", ["11: headings inside a lesson start at ##"]),
        (FIRST, "## Key points", "## The end", ["9: the last section must be '## Key points'"]),
        (FIRST, "- Two.\n", "", ["20: three to five key points, as a list"]),
        (FIRST, "- Two.\n", "- Two.\n- A.\n- B.\n- C.\n", ["20: three to five key points, as a list"]),
        (FIRST, "## Key points\n\n", "## Key points\nThey are:\n- Zero.\n\n", ["22: a list needs an empty line before it"]),
        (FIRST, "- Two.", "- Two.\n  - Deeper.", ["24: warning: indent nested lists by four spaces"]),
        # links, pictures, footnotes
        (FIRST, "glossary:identifier-1", "glossary:nothing", ["9: no glossary has the term 'nothing'"]),
        (FIRST, "02-second.md", "03-third.md", ["18: dead link: 03-third.md"]),
        (FIRST, "02-second.md", "../module2/01-first.md#the-thing", []),
        (FIRST, "02-second.md", "../module2/01-frist.md", ["18: dead link: ../module2/01-frist.md"]),
        (FIRST, "02-second.md", "https://example.org/", []),
        (FIRST, "See [", "![A cycle.](figures/none.svg) [", [NO_PICTURE]),
        (FIRST, "See [", "![](figures/none.svg) [", [NO_PICTURE, "18: the picture figures/none.svg needs a text alternative"]),
        (FIRST, "[^source]:", "[^sauce]:", ["9: footnote 'source' is not there", "26: footnote 'sauce' is never used"]),
        (FIRST, "See [", "`<b>`, `[x](gone.md)`\n\n```\n<i>\n# no heading\n```\n\nSee [", []),
        # glossary.toml
        (GLOSSARY, "term =", "tern =", [NO_TERM, "3: unknown key 'tern' of term \"identifier-1\""]),
        (GLOSSARY, "identifier 1", "", [NO_TERM]),
        (GLOSSARY, "[[terms]]", "[terms]", ["1: 'terms' must be tables: [[terms]]"]),
        (GLOSSARY, OLD_TERM, 'terms = 5\n[x]\nid = "y"', ["1: 'terms' must be tables: [[terms]]", "2: unknown key 'x'"]),
    ],
)
def test_a_fault_is_named_with_its_file_and_line(folder: Path, name: str, old: str, new: str, expected: list[str]) -> None:
    """Each in the file where it is, and nothing else (but lessons that lose their term say so themselves)."""
    change(folder, name, old, new)
    found = [line for line in faults(folder) if line.startswith(name)]
    assert found == [f"{name}:{line}" for line in expected]
    assert bool(expected) == bool(faults(folder))


def _write(name: str, text: str | bytes) -> Callable[[Path], object]:
    def write(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)

    return write


def _figure(body: str) -> Callable[[Path], None]:
    def draw(folder: Path) -> None:
        _write("module1/figures/f.svg", body)(folder)
        change(folder, FIRST, "See [", "![A square.](figures/f.svg)\n\nSee [")

    return draw


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda folder: (folder / "course.toml").unlink(), ["course.toml:1: the file is missing"]),
        (lambda folder: (folder / "module2/module.toml").unlink(), ["module2/module.toml:1: the file is missing"]),
        (lambda folder: shutil.rmtree(folder / "module2"), NO_MODULE),
        (_write("module1/03_Third.md", ""), ["module1/03_Third.md:1: a lesson's file is named NN-small-letters.md"]),
        (_write("module1/03-third.md", b'+++\ntitle = "\xff'), [f"module1/03-third.md:1: not UTF-8: {NOT_UTF} 13: invalid start byte"]),
        (
            _write(GLOSSARY, b"\xff"),
            [
                f"{FIRST}:9: no glossary has the term 'identifier-1'",
                f"{SECOND}:9: no glossary has the term 'identifier-1'",
                f"{GLOSSARY}:1: the file can't be read: {NOT_UTF} 0: invalid start byte",
            ],
        ),
        (lambda folder: (folder / SECOND).rename(folder / "module1/03-second.md"), ["module1/01-first.md:18: dead link: 02-second.md"]),
        (_figure(SVG.format('<rect width="4" height="4"/>')), []),
        (
            _figure("<svg><rect/></svg>"),
            [
                'module1/figures/f.svg:1: a drawing begins with <svg xmlns="http://www.w3.org/2000/svg">',
                "module1/figures/f.svg:1: an SVG needs a viewBox",
            ],
        ),
        (_figure(SVG.format("\n<script>x</script>")), ["module1/figures/f.svg:2: not allowed in a figure: '<script'"]),
        (_figure(SVG.format('\n\n<rect onload="x"/>')), ["module1/figures/f.svg:3: not allowed in a figure: ' onload='"]),
        (_figure(SVG.format('<image href="https://example.org/x.png"/>')), ["module1/figures/f.svg:1: not allowed in a figure: 'href=\"'"]),
        (_write("module1/figures/f.svg", SVG), ["module1/figures/f.svg:1: warning: no lesson shows this figure"]),
    ],
)
def test_damage_to_files(folder: Path, damage: Callable[[Path], object], expected: list[str]) -> None:
    """Missing, misnamed, unreadable and unsafe files."""
    damage(folder)
    assert faults(folder) == expected


@pytest.mark.parametrize("name", ["03-first", "03-glossary"])
def test_no_two_pages_share_an_address(folder: Path, name: str) -> None:
    """Neither two lessons nor a lesson and the module's glossary."""
    text = (folder / FIRST).read_text("utf-8").replace("explain-first", "explain-third")
    (folder / f"module1/{name}.md").write_text(text, "utf-8")
    slug = name.partition("-")[2]
    names = ["module1/01-first.md"] * (slug == "first") + [f"module1/{name}.md"]
    assert faults(folder) == [f"{name}:1: another page of the module has the address {slug!r}" for name in names]


def test_a_term_is_defined_once_in_a_course(folder: Path) -> None:
    """Also across modules."""
    change(folder, "module2/glossary.toml", '"identifier-2"', '"identifier-1"')
    assert "module2/glossary.toml:2: term 'identifier-1' is defined in module1 already" in faults(folder)


# Loading


def load(app: Flask, folder: Path) -> Loaded:
    """Load a course folder with all features' parts."""
    return load_course(read_course(folder), app.extensions["lms"].content_parts)


def test_loading_twice_changes_nothing(ctx: Flask, folder: Path) -> None:
    """The second time the course is up to date; the same text elsewhere is the same version."""
    assert (load(ctx, folder).loaded, load(ctx, folder).loaded, load(ctx, COURSE).loaded) == (True, False, False)
    assert len(db.session.scalars(select(Course)).all()) == 1


def test_a_faulty_course_leaves_everything_as_it_was(ctx: Flask, folder: Path) -> None:
    """Faults are reported, and the version before stays; a warning alone keeps nothing back."""
    load(ctx, folder)
    before = db.session.scalars(select(Course.version)).one()
    change(folder, "course.toml", "A small course", "A changed course")
    change(folder, FIRST, "- Two.\n", "")
    result = load(ctx, folder)
    assert (result.loaded, [problem.message for problem in result.problems]) == (False, ["three to five key points, as a list"])
    assert db.session.scalars(select(Course.version)).one() == before
    change(folder, FIRST, "- One.\n", "- One.\n- Two.\n  - Deeper.\n")
    assert load(ctx, folder).loaded
    assert db.session.scalars(select(Course.title)).one() == "A changed course"


def test_a_part_that_fails_undoes_the_others(ctx: Flask, folder: Path) -> None:
    """The course is loaded with all of its parts or not at all."""
    broken = ContentPart(lambda _: (), lambda *_: 1 / 0)  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        load_course(read_course(folder), [*ctx.extensions["lms"].content_parts, broken])
    assert db.session.scalars(select(Course)).all() == []


def test_a_changed_course_keeps_what_learners_did(ctx: Flask, folder: Path, signed_in: Callable[[int], FlaskClient]) -> None:
    """A lesson that is read stays read when it changes, moves or is away for a while; what is gone is not shown."""
    load(ctx, folder)
    edition_id = factories.edition(db.session.scalars(select(Course.id)).one())
    browser = signed_in(factories.person_of(factories.enrolment(edition_id)))
    base = f"/e/{factories.slug_of(edition_id)}/modules/module1"
    for name in ("first", "second"):
        browser.post(f"{base}/{name}/read")
    change(folder, FIRST, "picks out one person", "picks out exactly one person")
    change(folder, SECOND, "01-first.md", "https://example.org/")
    text = (folder / SECOND).read_text("utf-8")
    (folder / SECOND).unlink()
    change(folder, FIRST, "See [the other lesson](02-second.md).", "That is all.")
    change(folder, "module1/quiz.toml", 'lesson = "02-second"', 'lesson = "01-first"')
    _everywhere(folder / "module1/quiz.toml", ('"02-second"', '"01-first"'), ('"explain-second"', '"explain-first"'))
    assert load(ctx, folder).problems == ()
    page = browser.get(f"{base}/first").text
    assert ("picks out exactly one person" in page, "· read" in page) == (True, True)
    assert browser.get(f"{base}/second").status_code == 404
    (folder / "module1/05-second.md").write_text(text, "utf-8")
    assert load(ctx, folder).loaded
    assert "· read" in browser.get(f"{base}/second").text
    assert [lesson.number for lesson in modules_of(edition_id)[0].lessons] == [1, 5]


def _everywhere(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in changes:
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def test_a_second_course_in_another_folder(ctx: Flask, folder: Path, signed_in: Callable[[int], FlaskClient]) -> None:
    """Two courses whose modules have the same names stay apart, each in its own edition."""
    change(folder, "course.toml", '"small"', '"other"')
    change(folder, "course.toml", "A small course", "Another course")
    change(folder, FIRST, "The first lesson", "Another first lesson")
    assert (load(ctx, COURSE).loaded, load(ctx, folder).loaded) == (True, True)
    for slug, title in [("small", "The first lesson of module 1"), ("other", "Another first lesson of module 1")]:
        edition_id = factories.edition(db.session.scalars(select(Course.id).where(Course.slug == slug)).one())
        browser = signed_in(factories.person_of(factories.enrolment(edition_id)))
        page = browser.get(f"/e/{factories.slug_of(edition_id)}/modules/module1/first")
        assert (page.status_code, f"<h1>{title}</h1>" in page.text) == (200, True)
