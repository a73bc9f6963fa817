"""Nothing overflows: whatever a field holds, only the pixels of its own place change."""

from __future__ import annotations

import re
from functools import cache

import pytest

from certificates import render
from tests.certificates.factories import award
from tests.certificates.pictures import Picture, draw
from tests.certificates.tools import poppler, text_of

RESOLUTION = 72
MILLIMETRE = RESOLUTION / 25.4
EDGE = 1

# The place of each field on the sheet in millimetres: left, top, right, bottom.
PLACES = {
    "recipient": (34, 70.5, 263, 97.5),
    "course_title": (34, 109, 263, 124.5),
    "edition_title": (34, 122, 263, 131),
    "issuer_name": (34, 34.5, 263, 42.5),
    "statement": (34, 147, 263, 156),
    "signatory_name": (195, 177, 273, 184),
    "signatory_title": (195, 182.5, 273, 190),
    "number": (51.5, 173, 108.5, 180),
}
WORKSHOP = "workshop-v1"
WORKSHOP_PLACES = {
    "recipient": (96, 69.5, 278, 95),
    "course_title": (96, 105, 278, 118.5),
    "edition_title": (96, 118.5, 278, 125.5),
    "issuer_name": (96, 24, 278, 30.5),
    "signatory_name": (96, 175, 174, 181.5),
    "signatory_title": (96, 180.8, 174, 187),
    "number": (18, 176, 58, 181.5),
}
LONG = (
    "Maria Concepción de los Ángeles Fernández-Villanueva y Ruiz de la Peña ",
    "Mohd Hafizuddin@Hafiz bin Wan Muhammad Syahrul-Nizam ",
    "W",
    "ﬃ-",
    "Ǻ̱",
    "1a/",
    "សុខ ស្រីពៅ ",
    "ស្ត្រីសុភាព",
    "ສົມໄຊພົມມະຈັນ",
    "กฤษณ์ทรัพย์ไพบูลย์",
    "ก",
    "ဒေါ်ခင်မြတ်နိုးဦး",
    "陈美玲",
    "نورالهدى",
    "نور الهدى بنت أحمد ",
    "கவிதா முருகன் ",
    "林美玲 Lim ລິມ ",
)
TITLES = ("W", "Ministry of Trade and Industry ", "ဒေါ်ခင်မြတ်နိုးဦး")


@cache
def plain(design: str = "course-v1") -> Picture:
    """Draw the certificate all others are compared with."""
    return draw(render(award(), design), RESOLUTION)


def changed_box(picture: Picture, design: str = "course-v1") -> tuple[float, float, float, float]:
    """Return the smallest box, in millimetres, around every pixel that differs from the plain certificate."""
    before, after = plain(design).rows(), picture.rows()
    rows = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    columns = [j for i in rows for j in differing(before[i], after[i])]
    left, top, right, bottom = min(columns), min(rows), max(columns) + 1, max(rows) + 1
    return left / MILLIMETRE, top / MILLIMETRE, right / MILLIMETRE, bottom / MILLIMETRE


def differing(one: bytes, other: bytes) -> list[int]:
    """Return the columns in which two rows differ."""
    return [j for j, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


def assert_within(field: str, picture: Picture, design: str = "course-v1") -> None:
    """Fail if a pixel changed outside the place of a field."""
    left, top, right, bottom = changed_box(picture, design)
    place = (WORKSHOP_PLACES if design == WORKSHOP else PLACES)[field]
    assert (left >= place[0] - EDGE, top >= place[1] - EDGE) == (True, True), (left, top, place)
    assert (right <= place[2] + EDGE, bottom <= place[3] + EDGE) == (True, True), (right, bottom, place)


def filled(pattern: str, length: int) -> str:
    """Repeat a pattern up to a length, without leaving a letter's mark behind or a space at the end."""
    return (pattern * length)[:length].strip()


@pytest.mark.parametrize(
    ("pattern", "length"), [(pattern, 200) for pattern in LONG] + [(pattern, 60) for pattern in (LONG[0], "W", "ក", "ก", "က")]
)
def test_a_long_name_stays_in_its_place(pattern: str, length: int) -> None:
    """However long and whatever the script, no pixel outside changes."""
    assert_within("recipient", draw(render(award(recipient=filled(pattern, length))), RESOLUTION))


@pytest.mark.parametrize("name", ["Ọ", "Ng", "Ế̱̣g̃̂̀ Ǻ̱ Ṩ̃ ÅÇ", "ကျွန်ုပ် ဂြိုဟ်", "ស្ត្រី ក្រ្តិ៍ ទ្រឹស្តី", "ปฏิฏฐี่ ฤๅษี", "محمد ڤوترا", "ǅ" * 30])
def test_a_tall_or_short_name_stays_in_its_place(name: str) -> None:
    """Stacked signs and single letters stay inside, too."""
    assert_within("recipient", draw(render(award(recipient=name)), RESOLUTION))


@pytest.mark.parametrize("pattern", [*LONG, "Ế̱̣g̃̂̀ Ǻ̱ Ṩ̃"])
def test_a_long_name_stays_in_its_place_on_a_workshops(pattern: str) -> None:
    """So it does in the other design."""
    assert_within("recipient", draw(render(award(recipient=filled(pattern, 200)), WORKSHOP), RESOLUTION), WORKSHOP)


@pytest.mark.parametrize("pattern", TITLES)
@pytest.mark.parametrize("field", [field for field in WORKSHOP_PLACES if field not in {"recipient", "number"}])
def test_a_long_title_stays_in_its_place_on_a_workshops(field: str, pattern: str) -> None:
    """Course, edition, issuer and signatory, too."""
    length = 200 if field == "course_title" else 120
    assert_within(field, draw(render(award(**{field: filled(pattern, length)}), WORKSHOP), RESOLUTION), WORKSHOP)


def test_a_long_number_stays_in_its_place_on_a_workshops() -> None:
    """Beneath the code, in the band."""
    assert_within("number", draw(render(award(number="W" * 40), WORKSHOP), RESOLUTION), WORKSHOP)


@pytest.mark.parametrize("pattern", TITLES)
@pytest.mark.parametrize(("field", "length"), [("course_title", 200), ("edition_title", 120), ("issuer_name", 120)])
def test_a_long_title_stays_in_its_place(field: str, length: int, pattern: str) -> None:
    """Course, edition and issuer shrink and wrap like names."""
    assert_within(field, draw(render(award(**{field: filled(pattern, length)})), RESOLUTION))


@pytest.mark.parametrize("pattern", TITLES)
@pytest.mark.parametrize("field", ["signatory_name", "signatory_title"])
def test_a_long_signatory_stays_in_place(field: str, pattern: str) -> None:
    """So do the signatory and the title."""
    assert_within(field, draw(render(award(**{field: filled(pattern, 120)})), RESOLUTION))


def test_a_long_statement_and_a_long_number_stay_in_place() -> None:
    """So do statements and numbers."""
    assert_within("statement", draw(render(award(statement=(filled("W", 200),))), RESOLUTION))
    assert_within("number", draw(render(award(number="W" * 40)), RESOLUTION))


def test_a_long_address_stays_beside_the_code() -> None:
    """The longest address changes the code and what stands beside it."""
    address = "https://learn.example.org/" + "W" * 174
    left, top, right, bottom = changed_box(draw(render(award(verify_url=address)), RESOLUTION))
    assert left >= 24 - EDGE
    assert top >= 164.5 - EDGE
    assert right <= 108 + EDGE
    assert bottom <= 188.5 + EDGE


@pytest.mark.parametrize("pattern", [pattern for pattern in LONG if pattern.isascii()] + [LONG[0], "陈美玲"])
def test_no_letter_of_a_long_name_is_lost(pattern: str) -> None:
    """Shrinking and wrapping drop nothing."""
    name = filled(pattern, 200)
    document = render(award(recipient=name))
    assert without_spaces(name) in without_spaces(text_of(document))


def without_spaces(text: str) -> str:
    """Return the text without line ends, spaces and break points."""
    return re.sub(r"[\s\u200b]", "", text)


@pytest.mark.parametrize("design", ["course-v1", WORKSHOP])
def test_a_full_page_is_still_one_page(design: str) -> None:
    """With every field at its longest there is still one page."""
    full = award(
        recipient=filled(LONG[0], 200),
        course_title=filled(LONG[0], 200),
        edition_title=filled("W", 120),
        issuer_name=filled("W", 120),
        signatory_name=filled("W", 120),
        signatory_title=filled("W", 120),
        statement=(filled("W", 200),) * 3,
        hours=9999,
        development=True,
    )
    information = poppler("pdfinfo", "-", document=render(full, design))
    assert re.search(rb"Pages: +1\n", information)
