"""What reports tell of case studies: how many, from where and on what, and their summaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from lms.casestudies.queries import case_studies
from lms.core import countries
from lms.core.domain import GENDERS, Gender
from lms.core.figures import Annex, Figure, Part, Phase
from lms.editions.api import countries_of
from lms.modules.api import modules_of


def figures(edition_id: int) -> Iterator[Figure]:
    """Count the case studies that were handed in, once there is one."""
    found = case_studies(edition_id)
    if not found:
        return
    modules = {module.slug: module.title for module in modules_of(edition_id)}
    by = {
        "gender": _parts((study.gender for study in found), {gender.value: GENDERS[gender] for gender in Gender}),
        "country": _parts((study.country for study in found), {code: countries.name(code) for code in countries_of(edition_id)}),
        "module": _parts((study.module for study in found), modules),
    }
    words, spoken = "Case studies handed in, one a participant.", ("case studies", "case study")
    yield Figure("case_studies", Phase.WORKSHOP, "Case studies", words, len(found), by=by, words=spoken)


def _parts(values: Iterable[str], known: dict[str, str]) -> tuple[Part, ...]:
    counts = Counter(values)
    labels = {value: value for value in sorted(counts)} | known
    return tuple(Part(value, label, counts[value]) for value, label in sorted(labels.items(), key=lambda pair: _place(pair[0], known)))


def _place(value: str, known: dict[str, str]) -> int:
    return list(known).index(value) if value in known else len(known)


def annexes(edition_id: int) -> Iterator[Annex]:
    """Give the summaries, in the order of modules, without the names of those who wrote them."""
    found = case_studies(edition_id)
    if found:
        modules = {module.slug: module.title for module in modules_of(edition_id)}
        rows = tuple(
            (study.title, f"{countries.name(study.country)}. {modules.get(study.module, study.module)}.", study.summary) for study in found
        )
        yield Annex("case_studies", "Summaries of the case studies", ("Case study", "Country and module", "Summary"), rows, prose=True)
