"""The document: the same award gives the same bytes, with the exact name, structure, language and archive marks."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from certificates import Award, AwardError, DesignError, render
from certificates.design import design_for
from certificates.samples import sample_awards
from tests.certificates.factories import NUMBER, award
from tests.certificates.tools import poppler, python, text_of

SAMPLES = sample_awards()
LARGEST = 110_000


def reader(document: bytes) -> PdfReader:
    """Open a document."""
    return PdfReader(BytesIO(document))


def title_of(document: bytes) -> str:
    """Return the title in the document's properties."""
    properties = reader(document).metadata
    assert properties is not None
    return str(properties.title)


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> tuple[Award, bytes]:
    """Give each sample award with its document."""
    made = SAMPLES[request.param]
    return made, render(made, design_for(made.kind))


def test_every_sample_is_one_page_with_the_exact_name_in_its_title(sample: tuple[Award, bytes]) -> None:
    """The title ends with the name, code point for code point."""
    made, document = sample
    opened = reader(document)
    assert len(opened.pages) == 1
    assert title_of(document).endswith(f": {made.recipient}")
    assert len(document) <= LARGEST


def test_every_sample_is_archivable_accessible_and_names_its_language(sample: tuple[Award, bytes]) -> None:
    """Language, tags, and the marks of PDF/A-3a and PDF/UA-1 are there."""
    _, document = sample
    root: Any = reader(document).trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    described = root["/Metadata"].get_data().decode()
    for mark in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert mark in described


def test_every_font_is_embedded(sample: tuple[Award, bytes]) -> None:
    """Each font is embedded, a subset, and maps back to Unicode."""
    _, document = sample
    fonts = poppler("pdffonts", "-", document=document).decode().splitlines()[2:]
    assert fonts
    assert all(re.search(r" yes +yes +yes ", line) for line in fonts)


@pytest.mark.parametrize("script", ["latin", "vietnamese", "thai", "lao", "burmese", "chinese", "short", "workshop"])
def test_the_name_can_be_copied_from_the_page(script: str) -> None:
    """The extracted text holds the exact name, in the scripts where it can."""
    assert SAMPLES[script].recipient in text_of(render(SAMPLES[script]))


def test_the_page_says_everything_the_award_holds() -> None:
    """Every fact of the award is printed."""
    text = text_of(render(award()))
    for expected in (
        "Certificate of Completion",
        "Ana",
        "Digital Identity for Trade and Development",
        "South-East Asia, 2026 edition",
        "Regional Centre",
        "26 August \u2013 27 September 2026",
        "86.50 %",
        "40 hours",
        "Five modules",
        NUMBER,
        f"learn.example.org/verify/{NUMBER}",
        "5 October 2026",
        "Dr Maria Santos",
        "Director of Programmes",
    ):
        assert expected in text


def test_what_is_left_out_leaves_no_trace() -> None:
    """An optional field that is empty leaves no label behind."""
    text = text_of(render(award(final_average=None, hours=None, statement=(), signatory_name="", signatory_title="")))
    for absent in ("average", "Learning", "Santos", "%", "Development key"):
        assert absent not in text


@pytest.mark.parametrize(
    ("changes", "printed"),
    [
        ({"completed_on": date(2026, 8, 26)}, "26 August 2026"),
        ({"completed_on": date(2026, 8, 30)}, "26 \u2013 30 August 2026"),
        ({"completed_on": date(2027, 1, 3)}, "26 August 2026 \u2013 3 January 2027"),
        ({"final_average": Decimal(50)}, "50.00"),
        ({"final_average": Decimal("86.535")}, "86.54"),
        ({"final_average": Decimal(0)}, "0.00"),
        ({"final_average": Decimal(100)}, "100.00"),
        ({"hours": 1}, "1 hour"),
        ({"kind": "workshop"}, "Certificate of Participation"),
        ({"development": True}, "Development key: not valid"),
    ],
)
def test_facts_are_written_as_people_write_them(changes: dict[str, Any], printed: str) -> None:
    """Days, averages and hours are spelled out."""
    assert printed in text_of(render(award(**changes)))


def test_the_code_and_the_address_open_the_verification_page() -> None:
    """Both links lead to the address of the award."""
    links: Any = reader(render(award())).pages[0]["/Annots"]
    addresses = {link.get_object()["/A"]["/URI"] for link in links}
    assert addresses == {f"https://learn.example.org/verify/{NUMBER}"}


def test_the_structure_has_a_heading_paragraphs_and_a_described_code() -> None:
    """Readers for the blind meet a heading, paragraphs and a description."""
    document = render(award(development=True))
    shown = poppler("pdfinfo", "-struct-text", "-", document=document).decode()
    assert re.search(r'H1 "Certificate of Completion"', shown)
    assert re.search(r'P \(block\)\s+"Ana"', shown)
    alternatives = [element["/Alt"] for element in structure(reader(document)) if "/Alt" in element]
    assert any(f"https://learn.example.org/verify/{NUMBER}" in text for text in alternatives)


def test_a_name_is_tagged_with_the_language_of_its_script() -> None:
    """Each part of a mixed name has its own language."""
    opened = reader(render(award(recipient="林美玲 · Lim · ລິມ")))
    paragraph = {str(element["/Lang"]) for element in structure(opened) if "/Lang" in element}
    contents = opened.pages[0].get_contents()
    assert contents is not None
    spans = re.findall(rb"/Lang\((\w+)\)", contents.get_data())
    assert (paragraph, spans) == ({"zh"}, [b"en", b"lo"])


def structure(document: PdfReader) -> list[Any]:
    """Return every element of the structure tree."""
    root: Any = document.trailer["/Root"]
    found, waiting = [], [root["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting.extend(element)
        elif isinstance(element, dict):
            found.append(element)
            waiting.extend([element["/K"]] if "/K" in element else [])
    return found


def test_the_same_award_gives_the_same_bytes_in_another_process() -> None:
    """Neither order, process nor time of day change a byte."""
    script = (
        "import sys, hashlib; from certificates import render; from certificates.samples import sample_awards; "
        "[sys.stdout.write(hashlib.sha256(render(a)).hexdigest() + '\\n') for a in reversed(list(sample_awards().values()))]"
    )
    printed = python("-c", script).stdout
    assert printed.split() == [sha256(render(made)).hexdigest() for made in reversed(list(SAMPLES.values()))]


def test_another_award_gives_other_bytes() -> None:
    """The bytes follow the award."""
    assert render(award()) != render(award(issued_on=date(2026, 10, 6)))


def test_threads_share_the_press() -> None:
    """Documents made at once equal those made one after the other."""
    awards = [award(recipient=f"Ana {letter}") for letter in "ABCDEFGH"]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render, awards)) == [render(made) for made in awards]


def test_a_forked_child_says_what_is_wrong_instead_of_hanging() -> None:
    """The typesetter does not survive a fork; the library says so at once."""
    script = (
        "import os, sys\nfrom certificates import render\nfrom certificates.samples import sample_awards\n"
        "award = sample_awards()['short']\nrender(award)\n"
        "if os.fork() == 0:\n"
        "    try:\n        render(award)\n"
        "    except RuntimeError as error:\n        sys.stdout.write(str(error))\n"
        "    sys.exit()\n"
        "os.wait()\n"
    )
    said = python("-c", script).stdout
    assert "forked after a certificate was rendered" in said


def test_an_unknown_design_or_language_is_named() -> None:
    """What a design can not do is refused in words."""
    with pytest.raises(DesignError, match="there is no design 'gold'; there are: course-v1"):
        render(award(), "gold")
    with pytest.raises(DesignError, match="there is no design"):
        render(award(), "../course-v1")
    with pytest.raises(AwardError, match="language: 'km' is not among"):
        render(award(language="km"))


@pytest.mark.parametrize(
    "name", ["\u202aAna\u202c", "\u200fنور", "\ufeffAna", "Nguye\u0302\u0303n", "  Ana ", "葛\U000e0100城"]
)
def test_the_title_keeps_even_what_the_page_leaves_out(name: str) -> None:
    """Invisible signs and decomposed letters stay in the title."""
    assert title_of(render(award(recipient=name))).endswith(f": {name}")


LETTERS = "".join(made.recipient for made in SAMPLES.values())
ODD = "\u0301\u0330\u200b\u200c\u200d\u200e\u2067\u2069\u0e48\u17d2\u1039\u064b\u0b82'\"\\#$*_`<>@[]{}/&%-~1\u0663\uff12·"
TEXTS = st.one_of(
    st.text(max_size=30), st.text(alphabet=LETTERS + ODD, min_size=1, max_size=60), st.text(alphabet=ODD, max_size=6)
)


@settings(max_examples=90)
@given(TEXTS, st.sampled_from(["recipient", "edition_title", "signatory_name"]))
def test_whatever_is_not_refused_is_printed(text: str, field: str) -> None:
    """Any text is either refused, or printed on one page; a name is kept in the title."""
    try:
        made = award(**{"signatory_title": "", field: text})
    except AwardError:
        return
    document = render(made)
    assert title_of(document).endswith(f": {made.recipient}")
    assert len(reader(document).pages) == 1
