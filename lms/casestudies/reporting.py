"""What reports tell of case studies: how many, from where and on what, and their summaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lms.casestudies.queries import case_studies, waiting
from lms.casestudies.values import Wait
from lms.core import countries
from lms.core.domain import GENDERS, Gender
from lms.core.figures import Annex, Figure, Part, Phase
from lms.core.reporting import Queue, Waiting
from lms.core.urls import path_for
from lms.core.viewer import EditionInfo, Viewer
from lms.editions.api import countries_of
from lms.modules.api import modules_of

FIRST = 3


def queues(viewer: Viewer, edition: EditionInfo) -> Iterator[Queue]:
    """Count the case studies that wait for the viewer's own grading, and the gradings that are drafts, where there are any."""
    found = waiting(edition.id, viewer) if viewer.is_staff else []
    yield from _queue("Case studies to grade", [wait for wait in found if not wait.begun], edition.slug)
    yield from _queue("Gradings kept as drafts", [wait for wait in found if wait.begun], edition.slug)


def _queue(label: str, waits: Sequence[Wait], slug: str) -> Iterator[Queue]:
    url = path_for("casestudies.to_grade", edition=slug)
    first = [(f"{one.id}: {one.title}", path_for("casestudies.assess", edition=slug, study=one.id), one.since) for one in waits[:FIRST]]
    if waits:
        yield Queue(label, len(waits), waits[0].since, "", url, tuple(Waiting(*about) for about in first))


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
