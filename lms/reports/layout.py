"""What is computed in each chapter, from a snapshot alone: charts and tables, numbered in the order in which they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lms.core.figures import WHY_WITHHELD, WITHHELD, Annex, Figure, Kind, Part, Phase, pair, shown, value
from lms.core.reporting import STEPS
from lms.reports.blocks import Bar, Block, Chapter, Chart, Heading, Paragraph, Run, Table
from lms.reports.references import full_day
from lms.reports.rules import Contents, in_full

CHAPTERS = {
    "background": "Background",
    "programme": "Programme",
    "participants": "Participants",
    "delivery": "Delivery",
    "evaluation": "Evaluation",
    "recommendations": "Recommendations",
    "statistics": "Statistics by gender",
    "annexes": "Annexes",
}
PHASES = {Phase.ONLINE: "Online course", Phase.WORKSHOP: "Workshop"}
# What the results table calls 'registered', 'certified', 'success' and 'satisfaction' in each phase.
RESULTS = {
    Phase.ONLINE: ("registered", "certified", "completion_rate", "satisfaction_modules"),
    Phase.WORKSHOP: ("attended", "awarded", "award_rate", "satisfaction_overall"),
}
# Chapter, figure, breakdown, title of its chart.
CHARTS = (
    ("participants", "registered", "country", "Registered learners by country"),
    ("participants", "attended", "country", "Workshop participants by country"),
    ("delivery", "graded", "band", "Learners by final average"),
    ("delivery", "module_grade", "module", "Average grade by module"),
    ("evaluation", "satisfaction_modules", "module", "Satisfaction by module"),
    ("evaluation", "satisfaction_days", "day", "Satisfaction by day of the workshop"),
    ("evaluation", "satisfaction_overall", "aspect", "Satisfaction by aspect"),
)
WHOLE = Decimal(100)
IN_TEXT = ("recommendations", "programme")  # tables that stand in the chapter of their name, not among the annexes


@dataclass(slots=True)
class _Numbers:
    """Counts what it labels."""

    counts: dict[str, int] = field(default_factory=dict)

    def label(self, what: str) -> str:
        self.counts[what] = self.counts.get(what, 0) + 1
        return f"{what} {self.counts[what]}"


def chapters(contents: Contents) -> tuple[Chapter, ...]:
    """Lay the computed parts of all chapters out; one without any is empty."""
    numbers = _Numbers()
    makers: dict[str, Callable[[Contents, _Numbers], Iterable[Block]]] = {
        "background": _background,
        "programme": _programme,
        "participants": _participants,
        "recommendations": _recommendations,
        "statistics": _statistics,
        "annexes": _annexes,
    }
    found = []
    for key, title in CHAPTERS.items():
        blocks = [*makers.get(key, _nothing)(contents, numbers), *_charts(key, contents, numbers)]
        found.append(Chapter(key, title, tuple(blocks)))
    return tuple(found)


def _nothing(_contents: Contents, _numbers: _Numbers) -> Iterator[Block]:
    yield from ()


def _background(contents: Contents, numbers: _Numbers) -> Iterator[Block]:
    key = [figure for figure in contents.figures if figure.words]
    rows = tuple((figure.label, _shown(figure), _pair(figure)) for figure in key)
    if rows:
        label = numbers.label("Table")
        yield Table(label, "Key figures", ("Figure", "Value", "Drawn from"), rows, (1, 2), _withheld(rows), "key_figures")


def _programme(contents: Contents, numbers: _Numbers) -> Iterator[Block]:
    edition = contents.edition
    days = ("First day", full_day(edition["starts_on"])), ("Last day", full_day(edition["ends_on"]))
    rows = ("Course", edition["course"]), ("Edition", edition["title"]), *days, ("Time zone", edition["zone"])
    yield Table(numbers.label("Table"), "The edition", ("Fact", "As set"), rows, id="edition")
    if annex := contents.annex("programme"):
        yield from _annex(annex, numbers.label("Table"))


def _participants(contents: Contents, numbers: _Numbers) -> Iterator[Block]:
    steps = [figure for name in STEPS if (figure := contents.figure(name))]
    if steps:
        bars = tuple(Bar(step.label, value(step.kind, step.numerator), _of_first(step, steps[0])) for step in steps)
        most = Decimal(steps[0].numerator or 0)
        said = f"Bars: {'; '.join(f'{bar.label} {bar.text}' for bar in bars)}."
        definition = "Each step is defined in the register of figures."
        yield Chart(numbers.label("Figure"), "From registration onwards", ("Step", "People"), bars, most, said, definition, "funnel")
    for name in ("registered", "certified", "selected", "attended", "awarded"):
        if (figure := contents.figure(name)) and "country_women" in figure.by:
            yield _by_country(figure, numbers.label("Table"))


def _of_first(step: Figure, first: Figure) -> str:
    rate = shown(Kind.RATE, step.numerator, first.numerator)
    return _shown(step) if step is first or not first.numerator else f"{_shown(step)} of {_shown(first)}, {rate}"


def _by_country(figure: Figure, label: str) -> Table:
    names = ("country_women", "country_men", "country")
    rows = tuple(
        (women.label, *(shown(figure.kind, part.numerator) for part in (women, men, both)))
        for women, men, both in zip(*(figure.by[name] for name in names), strict=True)
    )
    totals = [str(sum(int(part.numerator or 0) for part in figure.by[name])) for name in names]
    notes = ("'All' has those of other or undisclosed gender too.",)
    heads, title = ("Country", "Women", "Men", "All"), f"{figure.label} by country and gender"
    return Table(label, title, heads, (*rows, ("All", *totals)), (1, 2, 3), notes, f"{figure.name}_countries")


def _recommendations(contents: Contents, numbers: _Numbers) -> Iterator[Block]:
    if annex := contents.annex("recommendations"):
        yield from _annex(annex, numbers.label("Table"))


def _charts(chapter: str, contents: Contents, numbers: _Numbers) -> Iterator[Block]:
    for place, name, by, title in CHARTS:
        figure = contents.figure(name)
        if place == chapter and figure and figure.by.get(by):
            yield _chart(figure, by, title, numbers.label("Figure"))


def _chart(figure: Figure, by: str, title: str, label: str) -> Chart:
    parts = figure.by[by]
    values = [value(figure.kind, part.numerator, part.denominator) for part in parts]
    texts = [in_full(figure.kind, part.numerator, part.denominator) for part in parts]
    bars = tuple(Bar(part.label, found, text) for part, found, text in zip(parts, values, texts, strict=True))
    most = max([found for found in values if found is not None], default=Decimal()) if figure.kind == Kind.COUNT else WHOLE
    overall = in_full(figure.kind, figure.numerator, figure.denominator)
    said = f"Bars: {'; '.join(f'{bar.label} {bar.text}' for bar in bars)}. Overall {overall}."
    heads = (by.capitalize(), figure.label)
    notes = " ".join((f"{figure.definition} Overall: {overall}.", *_withheld([texts])))
    return Chart(label, title, heads, bars, most, said, notes, f"{figure.name}_{by}")


def _withheld(rows: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Say in a footnote why a cell is empty, where one is."""
    return (WHY_WITHHELD,) if any(WITHHELD in row for row in rows) else ()


def _statistics(contents: Contents, numbers: _Numbers) -> Iterator[Block]:
    yield _results(contents, numbers.label("Table"))
    for phase, title in PHASES.items():
        counted = [figure for figure in contents.figures if figure.phase == phase and "gender" in figure.by]
        if counted:
            yield _by_gender(counted, f"{title}: all figures by gender", numbers.label("Table"), f"gender_{phase.value}")


def _results(contents: Contents, label: str) -> Table:
    """Set out registered, certified, success and satisfaction by gender for both phases, with what each of them means."""
    genders = _genders(contents.figures)
    rows = [row for phase, names in RESULTS.items() for row in _phase(PHASES[phase], [contents.figure(name) for name in names], genders)]
    heads = ("Phase and gender", "Registered (1)", "Certified (2)", "Success rate (3)", "Satisfaction (4)")
    notes = [_meaning(contents, place) for place in range(4)]
    return Table(label, "Results by phase and gender", heads, tuple(rows), (1, 2, 3, 4), (*notes, *_withheld(rows)), "results")


def _meaning(contents: Contents, place: int) -> str:
    found = {PHASES[phase]: contents.figure(names[place]) for phase, names in RESULTS.items()}
    said = [f"{phase}: {figure.label}. {figure.definition}" if figure else f"{phase}: no figures yet." for phase, figure in found.items()]
    return f"({place + 1}) {' '.join(said)}"


def _phase(title: str, figures: Sequence[Figure | None], genders: Sequence[Part]) -> Iterator[tuple[str, ...]]:
    for gender in genders:
        parts = [(figure, figure.part("gender", gender.value) if figure else None) for figure in figures]
        cells = [in_full(figure.kind, part.numerator, part.denominator) if figure and part else "–" for figure, part in parts]
        yield f"{title}: {gender.label.lower()}", *cells
    yield f"{title}: all", *(in_full(figure.kind, figure.numerator, figure.denominator) if figure else "–" for figure in figures)


def _genders(figures: Iterable[Figure]) -> list[Part]:
    """List women and men, and others where somebody is."""
    found: dict[str, Part] = {}
    for figure in figures:
        for place, part in enumerate(figure.by.get("gender", ())):
            if place < 2 or part.numerator:  # noqa: PLR2004 - the first two are women and men
                found.setdefault(part.value, part)
    return list(found.values())


def _by_gender(figures: Sequence[Figure], title: str, label: str, name: str) -> Table:
    genders = _genders(figures)
    rows = []
    for figure in figures:
        parts = [figure.part("gender", gender.value) for gender in genders]
        cells = [in_full(figure.kind, part.numerator, part.denominator) if part else "–" for part in parts]
        rows.append((figure.label, *cells, in_full(figure.kind, figure.numerator, figure.denominator)))
    heads = ("Figure", *(gender.label for gender in genders), "All")
    return Table(label, title, heads, tuple(rows), tuple(range(1, len(heads))), _withheld(rows), name)


def _annexes(contents: Contents, numbers: _Numbers) -> Iterator[Block]:
    for annex in contents.annexes:
        if annex.name not in IN_TEXT:
            yield from _annex(annex, numbers.label("Annex"))
    found = contents.figures
    rows = tuple((one.label, one.name, in_full(one.kind, one.numerator, one.denominator), one.definition) for one in found)
    heads = ("Figure", "Name", "Value", "Definition")
    yield Table(numbers.label("Annex"), "Register of figures", heads, rows, notes=_withheld([row[2:3] for row in rows]), id="register")


def _annex(annex: Annex, label: str) -> Iterator[Block]:
    notes = (annex.note,) if annex.note else ()
    if not annex.prose:
        yield Table(label, annex.title, annex.heads, annex.rows, notes=notes, id=annex.name)
        return
    yield Heading(3, f"{label}: {annex.title}")
    yield from (Paragraph((Run(note, "em"),)) for note in notes)
    for title, facts, *paragraphs in annex.rows:
        yield Heading(4, title)
        yield from (Paragraph((Run(facts, "em"),)) for _ in range(bool(facts)))
        yield from (Paragraph((Run(text),)) for text in paragraphs if text)


def _shown(figure: Figure) -> str:
    return shown(figure.kind, figure.numerator, figure.denominator)


def _pair(figure: Figure) -> str:
    return pair(figure.kind, figure.numerator, figure.denominator)
