"""Decisions about workshops on plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from lms.casestudies import paper, slides
from lms.casestudies import rules as cases
from lms.casestudies.slides import KINDS, TYPES
from lms.core.calendars import calendar
from lms.core.errors import Invalid
from lms.workshops import rules
from lms.workshops.calendar import entry
from lms.workshops.rules import HOURS, Facts, How, Need, Part, Standing, State
from lms.workshops.talks import Kind, Speaker, Talk
from tests.workshops.papers import LINK, odp, packed, pdf, pptx

ENCRYPTED = f"/Encrypt<</Filter/Standard/V 1/R 2/O({'a' * 32})/U({'b' * 32})/P -1>>/ID[(a)(b)]"
OPENS, CLOSES = datetime(2019, 10, 29, 1, tzinfo=UTC), datetime(2019, 10, 29, 4, 30, tzinfo=UTC)


def test_half_days_are_at_the_hours_of_the_place() -> None:
    """New York puts its clocks back in the night of the third: the same hours there are others in UTC."""
    found = rules.halves([date(2019, 11, 2), date(2019, 11, 4)], HOURS, "America/New_York")
    assert [(half.day, half.part, half.opens_at.astimezone(UTC).hour) for half in found] == [
        (1, "morning", 13),
        (1, "afternoon", 18),
        (2, "morning", 14),
        (2, "afternoon", 19),
    ]


@pytest.mark.parametrize(
    ("days", "hours"),
    [
        ([], HOURS),
        ([date(2019, 11, 2), date(2019, 11, 1)], HOURS),
        ([date(2019, 11, 2)] * 2, HOURS),
        ([date(2019, 1, 1) + timedelta(days=n) for n in range(21)], HOURS),
        ([date(2019, 11, 2)], {}),
        ([date(2019, 11, 2)], {Part.MORNING: (time(9), time(9))}),
        ([date(2019, 11, 2)], {Part.MORNING: (time(9), time(15)), Part.AFTERNOON: (time(14), time(17))}),
    ],
)
def test_days_that_can_not_be(days: list[date], hours: rules.Hours) -> None:
    with pytest.raises(ValueError, match=r"A workshop has|Each half-day"):
        rules.halves(days, hours, "Asia/Singapore")


@pytest.mark.parametrize(
    ("minutes", "counts"), [(-11, None), (-10, OPENS), (0, OPENS), (3, OPENS + timedelta(minutes=3)), (210, CLOSES), (211, None)]
)
def test_when_a_code_counts(minutes: int, counts: datetime | None) -> None:
    assert rules.counts_at(OPENS, CLOSES, OPENS + timedelta(minutes=minutes)) == counts


@pytest.mark.parametrize(
    ("before", "after", "how", "reason", "standing"),
    [
        (None, State.ABSENT, How.LIST, "", Standing.TAKEN),
        (State.PRESENT, State.PRESENT, How.DEVICE, "", Standing.SAME),
        (State.PRESENT, State.ABSENT, How.LIST, "", None),
        (State.PRESENT, State.ABSENT, How.PAPER, "", None),
        (State.PRESENT, State.ABSENT, How.LIST, "Left at once.", Standing.TAKEN),
        (State.ABSENT, State.PRESENT, How.CODE, "", Standing.CONFLICT),
        (State.PRESENT, State.ABSENT, How.DEVICE, "Seen.", Standing.CONFLICT),
    ],
)
def test_how_marks_meet(before: State | None, after: State, how: How, reason: str, standing: Standing | None) -> None:
    assert rules.meet(before, after, how, reason) == standing


def test_codes_are_read_however_they_are_typed() -> None:
    code = rules.code(123_456_789)
    assert len(code) == rules.CODE
    assert not set(code) & set("IOLU01")
    assert rules.typed(f" {code[:3].lower()}-{code[3:]} ") == code
    assert rules.typed(f"{code}X") != code


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (Facts(8, 8, graded=True, answered=True), ""),
        (Facts(8, 6, graded=True, answered=True), "6 of 8 half-days attended (75 %); it takes all, or a waiver"),
        (Facts(8, 6, graded=True, answered=True, waived=frozenset({Need.ATTENDANCE})), ""),
        (Facts(8, 8, graded=False, answered=True), "No case study with a released grade"),
        (Facts(8, 8, graded=True, answered=False), "The overall questionnaire is not answered"),
        (Facts(0, 0, graded=True, answered=True), "0 of 0 half-days attended (0 %); it takes all, or a waiver"),
    ],
)
def test_what_the_certificate_takes(facts: Facts, missing: str) -> None:
    assert rules.why_not(facts) == missing
    assert rules.earns(facts) is (not missing)


def test_a_waiver_of_what_is_met_is_none() -> None:
    found = rules.needs(Facts(8, 8, graded=True, answered=True, waived=frozenset({Need.ATTENDANCE})))
    assert [(met.done, met.waived) for met in found] == [(True, False)] * 3


@pytest.mark.parametrize(("levels", "score"), [((1, 1, 1, 1), 0), ((5, 5, 5, 5), 100), ((3, 4, 4, 5), 75), ((2, 3), Decimal("37.5"))])
def test_scores(levels: tuple[int, ...], score: Decimal) -> None:
    assert cases.score(levels) == score


@pytest.mark.parametrize(
    ("scores", "agreed", "apart", "result"),
    [
        ((), None, False, None),
        ((50,), None, False, 50),
        ((50, 74), None, False, 62),
        ((50, 75), None, True, None),
        ((50, 75), 60, True, 60),
        ((50, 60), 90, False, 55),
        ((20, 50, 44), 30, True, 30),
    ],
)
def test_assessors_far_apart(scores: tuple[int, ...], agreed: int | None, apart: bool, result: int | None) -> None:
    exact = tuple(map(Decimal, scores))
    assert cases.far_apart(exact) is apart
    assert cases.result(exact, None if agreed is None else Decimal(agreed)) == result


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("Ministry of Trade", "MINISTRY  of Tráde.", True), ("Ministry of Trade", "Ministry of Health", False), ("-", "–", False)],
)
def test_the_same_institution(first: str, second: str, same: bool) -> None:
    assert cases.same_institution(first, second) is same


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("a.PDF", pdf(), "pdf"),
        ("a.pdf", pdf(page="/Annots[<</Subtype/Link/A<</S/URI/URI(https://example.org)>>>>]"), "pdf"),
        ("a.odp", odp(**{"content.xml": '<o><a x:href="https://example.org"/><image x:href="Pictures/a.png"/></o>'}), "odp"),
        ("a.b.pptx", pptx(), "pptx"),
        ("a.pptx", pptx(**{"ppt/slides/_rels/slide1.xml.rels": LINK.format(kind="hyperlink")}), "pptx"),
    ],
)
def test_kinds_of_slides(name: str, body: bytes, kind: str) -> None:
    assert slides.kind_of(name, body) == kind


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.pdf", b"\x89PNG", "though its name ends in .pdf"),
        ("a.txt", b"", "This is not a presentation. Please"),
        ("slides", pdf(), "does not end in .pdf"),
        ("a.odp", pptx(), "By its bytes this file is PPTX"),
        ("a.pptx", b"\xd0\xcf\x11\xe0 a locked one", "an old kind of PowerPoint, or is locked"),
        ("a.pptx", packed({"ppt/presentation.xml": "<p/>"}), "This is not a presentation"),
        ("a.pptx", packed({TYPES: "<Types/>", "ppt/presentation.xml": "<p/>"}), "This is not a presentation"),
        ("a.odp", odp(KINDS["odp"].replace("presentation", "spreadsheet")), "This is not a presentation"),
        ("a.odp", odp(KINDS["odp"], "<m><encryption-data/></m>"), "locked with a password"),
        ("a.odp", odp(**{"Basic/Standard/Module1.xml": "<b/>"}), "has macros"),
        ("a.pptx", pptx(**{"ppt/vbaProject.bin": "x"}), "has macros"),
        ("a.pptx", pptx("application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"), "has macros"),
        ("a.pptx", pptx(**{"ppt/slides/_rels/slide1.xml.rels": LINK.format(kind="image")}), "fetches a picture"),
        ("a.pptx", pptx(**{"a.rels": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "damaged or cut off"),
        ("a.odp", odp(**{"content.xml": '<o><image x:href="//example.org/a.png"/></o>'}), "fetches a picture"),
        ("a.pptx", pptx(**{"a.rels": "<a>" + " " * 4_000_000 + "</a>"}), "far too large"),
        ("a.pptx", pptx(**{"a.xml": bytes(21_000_000)}), "far too large"),
        ("a.pptx", pptx(**{"../a.xml": "<a/>"}), "damaged or cut off"),
        ("a.pptx", pptx()[:-9], "damaged or cut off"),
        ("a.pptx", pptx().replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"), "locked with"),
        ("a.pdf", pdf()[:300], "damaged or cut off"),
        ("a.pdf", b"%PDF-1.4", "damaged or cut off"),
        ("a.pdf", pdf(trailer=ENCRYPTED), "locked with a password"),
        ("a.pdf", pdf(root="/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "has macros"),
        ("a.pdf", pdf(root="/Names<</JavaScript<</Names[(a)<</JS(x)>>]>>>>"), "has macros"),
        ("a.pdf", pdf(page="/Annots[<</Subtype/Link/A<</S/URI/Next[<</S/Launch/F(cmd.exe)>>]>>>>]"), "has macros"),
        ("a.pdf", pdf(root="/Names<</EmbeddedFiles<</Names[]>>>>"), "other files inside"),
        ("a.pdf", pdf(root=f"/X{'[' * 9_000}{']' * 9_000}"), "damaged or cut off"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_are_no_slides(name: str, body: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        slides.kind_of(name, body)
    assert refused.value.field == "slides"


def test_what_takes_too_long_to_look_at_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "MOST_PARTS", 1)
    with pytest.raises(Invalid, match="too complicated"):
        slides.kind_of("a.pdf", pdf())
    monkeypatch.setattr(paper.Bytes, "left", 20)
    with pytest.raises(Invalid, match="too complicated"):
        slides.kind_of("a.pdf", pdf())


def test_a_calendar_is_folded_escaped_and_in_utc() -> None:
    """Of each line that is unfolded, the text is what went in; no line has more than 75 bytes."""
    title = "ចំណងជើង; with, commas\\ and " + "é" * 60
    when, speakers = (OPENS, CLOSES, None, None), (Speaker("Ana", "UN"),)
    talk = Talk(7, title, Kind.TALK, "Room 2,9", "First line\nsecond", *when, 3, speakers, (), recorded=False)
    raw = calendar([entry(talk, "lms.test")], "Workshop", OPENS)
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert raw.endswith(b"END:VCALENDAR\r\n")
    text = raw.replace(b"\r\n ", b"").decode()
    assert "DTSTART:20191029T010000Z\r\n" in text
    assert "UID:session-7@lms.test\r\n" in text
    assert f"SUMMARY:{title.replace(chr(92), chr(92) * 2).replace(';', chr(92) + ';').replace(',', chr(92) + ',')}\r\n" in text
    assert "LOCATION:Room 2\\,9\r\n" in text
    assert "DESCRIPTION:First line\\nsecond\\nAna\\, UN\r\n" in text
