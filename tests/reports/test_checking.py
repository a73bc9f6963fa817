"""The check of typed numbers and references against the records: rules, on figures like those of 2019."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lms.core.figures import Annex, Figure, Kind, Part, Phase
from lms.reports import checking, layout, references
from lms.reports.rules import Contents


def count(name: str, numerator: int, women: int, *words: str) -> Figure:
    """Make a step of the funnel."""
    by = {"gender": (Part("woman", "Women", women), Part("man", "Men", numerator - women))}
    return Figure(name, Phase.ONLINE, name.capitalize(), "As counted.", numerator, by=by, words=words)


SUCCESS = ("success rate", "completion rate")
FIGURES = (
    count("registered", 188, 70, "registered"),
    count("certified", 98, 40, "certified", "completed the course"),
    count("selected", 33, 13, "selected"),
    count("attended", 26, 10, "attended"),
    count("awarded", 24, 10, "workshop certificates"),
    count("recommendations", 21, 0, "recommendations", "recommendation"),
    Figure("completion_rate", Phase.ONLINE, "Completion rate", "Of those registered.", 98, 188, Kind.RATE, words=SUCCESS),
    Figure("average_grade", Phase.ONLINE, "Average grade", "A mean.", Decimal(8477), 98, Kind.MEAN, words=("average grade",)),
    Figure("pass_mark", Phase.ONLINE, "Pass mark", "As set.", Decimal(50), kind=Kind.SETTING),
    Figure(
        "satisfaction_days",
        Phase.WORKSHOP,
        "Satisfaction by day",
        "Points given of points possible.",
        380,
        400,
        Kind.RATE,
        {"day": (Part("1", "Day 1", 94, 100), Part("2", "Day 2", 96, 100), Part("3", "Day 3", None, None))},
        ("satisfaction",),
    ),
)
ANNEX = Annex("recommendations", "Recommendations", ("No.", "Recommendation"), (("1", "Agree on terms."),))
EDITION = {"title": "2019", "course": "A course", "starts_on": "2019-08-26", "ends_on": "2019-09-27", "zone": "Asia/Singapore"}
CONTENTS = Contents(EDITION, FIGURES, (ANNEX,))
NUMBERED = references.targets(layout.chapters(CONTENTS))

TRUE = [
    "",
    "188 representatives (70 women) from ten countries registered.",
    "Of the 33 selected, 26 attended, and 24 workshop certificates were given.",
    "98 participants completed the course.",
    "Twenty-one recommendations were agreed.",
    "The completion rate was 52.13 %, or 52.1 per cent, or 52%.",
    "Out of 98 of the certified, 33 were selected.",
    "Grades of 50 per cent or more are enough; the average grade was 86.5 per cent.",
    "Day 2 was liked most (96%); the satisfaction is 95 % over the days.",
    "33.67 % were invited.",
    "In 2019 registered officials came from 26 August to 1 November.",
    "On 1 November certified copies were given.",
    "See Figure 1, Table 1 and Annex 1.",
    "The list holds {{recommendations}} recommendations; see {{see.funnel}} and {{completion_rate.pair}}.",
    "{{registered.gender.woman}} women and {{ registered }} people.",
    "The version is 1.22, recommendations follow.",
]

FALSE = [
    ("22 recommendations were agreed.", "22 recommendations", "Recommendations: the records have 21, not 22."),
    ("twenty-two final recommendations", "twenty-two final recommendations", "have 21, not 22"),
    ("We had 1,880 registered learners.", "1,880 registered", "Registered: the records have 188, not 1880."),
    ("27 attended.", "27 attended", "Attended: the records have 26, not 27."),
    ("(71 women)", "71 women", "No step has 71 women: registered 70, certified 40, selected 13, attended 10,"),
    (
        "A success rate of 71.28 % was reached.",
        "71.28 %",
        "(98 / 188), not 71.28 %. No two counts give it; the nearest are awarded of selected, 24 / 33 = 72.73 %; attended of",
    ),
    ("The completion rate was 33.67 %.", "33.67 %", "not 33.67 %. 33.67 % is selected of certified, 33 / 98 = 33.67 %."),
    ("A 60 % completion rate.", "60 %", "Completion rate: the records have 52.13 % (98 / 188), not 60 %."),
    ("Satisfaction reached 97.1%.", "97.1%", "Satisfaction by day: the records have 95.00 % (380 / 400), not 97.1 %."),
    ("12.5 per cent came late.", "12.5 per cent", "No figure of the register is 12.5 %."),
    ("See Graphic 9.", "Graphic 9", "There is no Figure 9: the last is Figure"),
    ("See Table 99.", "Table 99", "There is no Table 99: the last is Table"),
    ("See Annex 7.", "Annex 7", "There is no Annex 7: the last is Annex 1."),
    ("{{registred}}", "{{registred}}", "There is no figure 'registred'. Did you mean registered"),
    ("{{}}", "{{}}", "There is no figure ''."),
    ("{{see.nothing}}", "{{see.nothing}}", "There is no figure 'see.nothing'."),
]


@pytest.mark.parametrize("text", TRUE)
def test_what_is_true_is_let_be(text: str) -> None:
    assert checking.findings(text, CONTENTS, NUMBERED) == []


@pytest.mark.parametrize(("text", "quoted", "message"), FALSE)
def test_what_is_not_is_said(text: str, quoted: str, message: str) -> None:
    """One finding each, at its line, with the words and what the records have."""
    (found,) = checking.findings(f"First line.\n\n{text}", CONTENTS, NUMBERED)
    assert (found.line, found.text) == (3, quoted)
    assert message in found.message


def test_findings_stand_in_the_order_of_the_text() -> None:
    text = "22 recommendations\n\n{{nothing}}\n\n27 attended\n\nFigure 99"
    assert [one.line for one in checking.findings(text, CONTENTS, NUMBERED)] == [1, 3, 5, 7]


@pytest.mark.parametrize("text", ["1" * 5000, "{{" * 5000, "9 % " * 2000, "a " * 20000, "1,1" * 3000, "twenty " * 3000, "{{x}}" * 3000])
def test_odd_texts_end(text: str) -> None:
    assert len(checking.findings(text, CONTENTS, NUMBERED)) >= 0


def test_references_are_resolved() -> None:
    known = references.known(CONTENTS, NUMBERED)
    text = "{{registered}} {{completion_rate}} {{completion_rate.pair}} {{registered.gender.woman}} {{see.funnel}} {{nothing}}"
    assert references.resolve(text, known) == "188 52.13 % 98 / 188 70 Figure 1 {{nothing}}"
