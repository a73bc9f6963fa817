"""What becomes of a lesson's Markdown: links, terms, figures, tables, footnotes, key points."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.content import read_course
from lms.core.courses import load_course
from lms.core.db import db
from lms.modules.models import Lesson
from lms.modules.plugin import plugin
from lms.modules.rendering import Links, render, size
from tests.conftest import COURSE

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 260"><title>A box</title><rect width="400" height="260"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 300, 200)


@pytest.fixture
def links(tmp_path: Path) -> Links:
    """Give a module's folder beside another's, with a figure, terms and lessons."""
    folder = tmp_path / "module1"
    (folder / "figures").mkdir(parents=True)
    (folder / "figures/cycle.svg").write_text(SVG, "utf-8")
    return Links(
        module="module1",
        folder=folder,
        terms={"identifier": ("module1", 'What "picks out" <one>'), "token": ("module2", "A proof.")},
        lessons={folder / "02-second.md": ("module1", "second"), tmp_path / "module2" / "01-other.md": ("module2", "other")},
        figure_url=lambda path: f"/figures/abc/{path.name}",
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[next](02-second.md)", '<p><a href="second">next</a></p>'),
        ("[there](../module2/01-other.md#part)", '<p><a href="../module2/other#part">there</a></p>'),
        ("[web](https://example.org/a.md)", '<p><a href="https://example.org/a.md">web</a></p>'),
        ("[below](#key-points)", '<p><a href="#key-points">below</a></p>'),
        (
            "an [identifier](glossary:identifier)",
            '<p>an <a class="term" data-def="What &quot;picks out&quot; &lt;one&gt;" href="glossary#identifier">identifier</a></p>',
        ),
        ("a [token](glossary:token)", '<p>a <a class="term" data-def="A proof." href="../module2/glossary#token">token</a></p>'),
    ],
)
def test_links_fit_every_edition(links: Links, text: str, html: str) -> None:
    """They are relative to the lesson's address; a term carries its definition."""
    assert render(text, links) == html


def test_a_picture_alone_is_a_figure(links: Links) -> None:
    """It has its size, so that the page doesn't jump, loads when it comes into sight, and has its title below."""
    html = render('![Five stages.](figures/cycle.svg "The *cycle*")', links)
    assert html.replace("\n", "").startswith("<figure><img ")
    assert html.endswith("<figcaption>The *cycle*</figcaption></figure>")
    for attribute in ('src="/figures/abc/cycle.svg"', 'alt="Five stages."', 'width="400"', 'height="260"', 'loading="lazy"'):
        assert attribute in html
    assert "figcaption" not in render("![Five stages.](figures/cycle.svg)", links)


def test_a_table_scrolls_inside_itself(links: Links) -> None:
    """It can be reached by keyboard, says what it is, its heads speak for columns, an empty corner is no head."""
    html = render("|  | Low |\n| --- | ---: |\n| Cost | 2 |\n", links)
    assert 'class="scroll"' in html
    assert 'tabindex="0"' in html
    assert 'role="region"' in html
    assert 'aria-label="Table 1: Low"' in html
    assert html.count('scope="col"') == 1
    assert html.count("<th") - html.count("<thead") == 1
    assert 'align="right"' in html
    assert html.index("<div") < html.index("<table") < html.index("</table>") < html.index("</div>")


def test_footnotes_lead_there_and_back(links: Links) -> None:
    """Used twice, a note is written once; its marks are links in both directions."""
    html = render("One.[^a] Two.[^a]\n\n[^a]: Body, *Title*, 2019.", links)
    assert html.count("Body, <em>Title</em>, 2019.") == 1
    targets = {part.partition('"')[0] for part in html.split('href="#')[1:]}
    assert len(targets) == 3
    for target in targets:
        assert f'id="{target}"' in html


def test_key_points_stand_apart(links: Links) -> None:
    """From their heading to the end of the text; footnotes stay outside."""
    html = render("Text.[^a]\n\n## Key points\n\n- One.\n- Two.\n\n[^a]: Note.", links)
    section = html[html.index('<section class="key">') : html.index("</section>")]
    assert '<h2 id="key-points">Key points</h2>' in section
    assert "<li>Two.</li>" in section
    assert "Note." not in section
    assert html.index("</section>") < html.index("Note.")


@pytest.mark.parametrize("text", ["<div onclick=x>a</div>", "<script>x</script>", "[x](javascript:x)", '<p style="top:0">x</p>'])
def test_raw_html_does_nothing(links: Links, text: str) -> None:
    """Even what the check of the course would have refused."""
    html = render(text, links)
    assert not any(odd in html for odd in ("onclick", "<script", "javascript", "style="))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (SVG.encode(), (400, 260)),
        (b'<svg width="12.6" height="7" viewBox="0,0,640,400.4">', (640, 400)),
        (b"<svg height='90' width='120'><rect width='1' height='2'/></svg>", (90, 120)),
        (b"<svg><rect width='1' height='2'/></svg>", (640, 400)),
        (PNG, (300, 200)),
        (b"", (640, 400)),
        (None, (640, 400)),
    ],
)
def test_the_size_of_a_picture(tmp_path: Path, body: bytes | None, expected: tuple[int, int]) -> None:
    """From the drawing's own coordinates, or the bitmap's header; a guess where there is nothing to go by."""
    if body is not None:
        (tmp_path / "f").write_bytes(body)
    assert size(tmp_path / "f") == expected


def test_a_figure_is_served_under_its_hash(client: FlaskClient, tmp_path: Path) -> None:
    """For good, as what it is, and unable to run anything or load anything; another name is another address."""
    course = tmp_path / "course"
    (course / "module1/figures").mkdir(parents=True)
    for file in COURSE.rglob("*.*"):
        (course / file.relative_to(COURSE)).parent.mkdir(exist_ok=True)
        (course / file.relative_to(COURSE)).write_bytes(file.read_bytes())
    (course / "module1/figures/cycle.svg").write_text(SVG, "utf-8")
    first = course / "module1/01-first.md"
    first.write_text(first.read_text("utf-8").replace("## The thing", "![A box.](figures/cycle.svg)\n\n## The thing"), "utf-8")
    assert plugin.content is not None
    assert load_course(read_course(course), [plugin.content]).problems == ()
    url = _figure(client)
    answer = client.get(url)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, SVG.encode(), "image/svg+xml")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(url.replace("cycle.svg", "cycle.html")).status_code == 404
    assert client.get(f"/figures/{'0' * 20}/cycle.svg").status_code == 404


def _figure(client: FlaskClient) -> str:
    with client.application.app_context():
        html = db.session.scalars(select(Lesson.html).where(Lesson.html.contains("<figure>"))).one()
    return html.partition('src="')[2].partition('"')[0]
