"""The page before it is set: an award and a design's words, joined into what the template prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from certificates.award import Award
from certificates.breaking import breakable, solid_runs
from certificates.design import Design, Wording
from certificates.lettering import printed
from certificates.scripts import Part, parts_of, reads_right_to_left

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """A text of the award as the template takes it: how it reads, and how it may be broken if it is long."""

    parts: Sequence[Part]
    broken: Sequence[Part]
    solid: Sequence[str]
    rtl: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A small heading and what stands beneath it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A small heading and, beneath it, a text that may be long."""

    label: str
    line: Line


@dataclass(frozen=True, slots=True)
class Specimen:
    """What marks a certificate that was not issued in earnest."""

    notice: str
    watermark: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a template prints."""

    lang: str
    title: str
    author: str
    day: Sequence[int]
    heading: str
    lead: str
    body: str
    issuer: Line
    recipient: Line
    course: Line
    edition: Line
    facts: Sequence[Fact]
    statement: Sequence[Line]
    signatory: Sequence[Line]
    issued: Fact
    number: Entry
    verify: Entry
    verify_url: str
    code: str
    attachment: str
    specimen: Specimen | None


def compose(award: Award, design: Design) -> Page:
    """Return the page for an award, in the award's language."""
    words = design.wording(award.language)
    kind = words.kinds[award.kind]
    address = award.verify_url.partition("://")[2].rstrip("/")
    return Page(
        lang=award.language,
        title=f"{kind.heading}: {award.recipient}",
        author=printed(award.issuer_name),
        day=(award.issued_on.year, award.issued_on.month, award.issued_on.day),
        heading=kind.heading,
        lead=kind.lead,
        body=kind.body,
        issuer=_line(award.issuer_name, award),
        recipient=_line(award.recipient, award),
        course=_line(award.course_title, award),
        edition=_line(award.edition_title, award),
        facts=_facts(award, words),
        statement=[_line(text, award) for text in award.statement],
        signatory=[_line(text, award) for text in (award.signatory_name, award.signatory_title) if text],
        issued=Fact(words.issued_on, _day(award.issued_on, words)),
        number=Entry(words.number, _line(award.number, award)),
        verify=Entry(words.verify_at, _line(address, award)),
        verify_url=award.verify_url,
        code=words.code.format(address=award.verify_url),
        attachment=words.attachment,
        specimen=Specimen(words.specimen, words.watermark) if award.development else None,
    )


def _line(text: str, award: Award) -> Line:
    shown = printed(text)
    broken = breakable(shown)
    return Line(
        parts=parts_of(shown, award.language),
        broken=parts_of(broken, award.language),
        solid=solid_runs(broken),
        rtl=reads_right_to_left(shown),
    )


def _facts(award: Award, words: Wording) -> list[Fact]:
    facts = [Fact(words.kinds[award.kind].period, _period(award.started_on, award.completed_on, words))]
    if award.final_average is not None:
        number = award.final_average.quantize(_HUNDREDTH, ROUND_HALF_UP)
        facts.append(Fact(words.final_average, words.percentage.format(number=number)))
    if award.hours is not None:
        spelled = words.hour if award.hours == 1 else words.hour_count.format(number=award.hours)
        facts.append(Fact(words.hours, spelled))
    return facts


def _day(day: date, words: Wording) -> str:
    return words.day.format(day=day.day, month=words.months[day.month - 1], year=day.year)


def _period(first: date, last: date, words: Wording) -> str:
    if first == last:
        return _day(first, words)
    return _pattern(first, last, words).format(
        first_day=first.day,
        first_month=words.months[first.month - 1],
        first_year=first.year,
        day=last.day,
        month=words.months[last.month - 1],
        year=last.year,
    )


def _pattern(first: date, last: date, words: Wording) -> str:
    if first.year != last.year:
        return words.across_years
    return words.within_year if first.month != last.month else words.within_month
