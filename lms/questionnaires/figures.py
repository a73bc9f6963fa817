"""What reports tell of questionnaires: satisfaction as points given of points possible, how many answered, and what may be quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lms.core.figures import Annex, Figure, Kind, Part, Phase
from lms.modules.api import modules_of
from lms.questionnaires import queries, results, rules
from lms.questionnaires.rules import Answered
from lms.questionnaires.values import Info, Rate

POINTS = "Points given / points possible over all rows answered, of questionnaires that are over and had five answers or more."
KINDS = {
    "module-opinion": ("satisfaction_modules", Phase.ONLINE, "Satisfaction with the modules", ("module", "aspect", "gender")),
    "workshop-day": ("satisfaction_days", Phase.WORKSHOP, "Satisfaction with the days of the workshop", ("day", "aspect", "gender")),
    "workshop-overall": ("satisfaction_overall", Phase.WORKSHOP, "Overall satisfaction", ("aspect", "gender")),
    "case-study-feedback": ("satisfaction_case_studies", Phase.WORKSHOP, "Satisfaction with the case studies", ("aspect",)),
}


def figures(edition_id: int) -> Iterator[Figure]:
    """Give the satisfaction and the response of each kind of questionnaire that was used."""
    found = queries.of_edition(edition_id)
    counts, told = queries.responses(found), queries.told(found)
    for template, (name, phase, label, breakdowns) in KINDS.items():
        used = [one for one in found if one.template == template]
        if not used:
            continue
        over = [(one, answers) for one, answers in told if one.template == template]
        ended = [one for one in used if one.sealed]
        by = {kind: _parts(edition_id, _rates(over, ended, kind), kind) for kind in breakdowns}
        whole = rules.totals(over)
        given, possible = sum(rate.given or 0 for rate in whole), sum(rate.possible or 0 for rate in whole)
        hidden = bool(ended) and not possible
        yield Figure(
            name,
            phase,
            label,
            POINTS,
            None if hidden else given,
            None if hidden else possible,
            Kind.RATE,
            {key: parts for key, parts in by.items() if parts},
            words=(label.lower(),),
        )
        answered, asked = sum(counts[one.id].answered for one in used), sum(counts[one.id].asked for one in used)
        words = "Questionnaires answered / questionnaires that were put to somebody."
        yield Figure(f"{name}_response", phase, f"{label}: response", words, answered, asked, Kind.RATE)


def _rates(over: Sequence[Answered], ended: Sequence[Info], by: str) -> Sequence[Rate]:
    """Give the rows of a breakdown: of the modules or days whose questionnaires are over all, women and men both or neither."""
    rates = rules.totals(over, by)
    if by in {"module", "day"}:
        return rules.with_withheld(rates, ended, by)
    if by == "gender" and ended and not rates:
        return [Rate(group, rules.GROUPS[group], None, None, 0) for group in (rules.WOMAN, rules.MAN)]
    return rates


def _parts(edition_id: int, rates: Sequence[Rate], by: str) -> tuple[Part, ...]:
    titles = {module.slug: module.title for module in modules_of(edition_id)} if by == "module" else {}
    return tuple(Part(rate.key, titles.get(rate.key, rate.label), rate.given, rate.possible) for rate in rates)


def annexes(edition_id: int) -> Iterator[Annex]:
    """Give the comments whose authors agreed to be quoted, in the order of their letters: no other order tells anything."""
    told = queries.told(queries.of_edition(edition_id))
    quotable = ((one, sheet) for one, sheets in told for sheet in sheets if sheet.quotable)
    rows = {(comment.text, one.title) for one, sheet in quotable for comment in results.comments(one.items, [sheet])}
    if rows:
        note = "Anonymous comments. Their authors agreed to be quoted."
        yield Annex("comments", "Comments from the questionnaires", ("What was written", "Questionnaire"), tuple(sorted(rows)), note)
