"""What pages and other features read of recommendations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from lms.casestudies.api import case_studies
from lms.core.db import db
from lms.core.domain import Enrolment, Person
from lms.core.errors import NotFound
from lms.recommendations.models import Recommendation, RecommendationSource, RecommendationVoice, RecommendationWording
from lms.recommendations.rules import LEVELS, Level, Stance, State
from lms.recommendations.values import RecommendationLine, Source, Voice, Whole, Wording

_ORDER = {level: number for number, level in enumerate(LEVELS)}


def recommendations(edition_id: int) -> tuple[RecommendationLine, ...]:
    """Give the final list: those adopted, in the order of their levels and numbers."""
    return tuple(line for line in everything(edition_id) if line.state == State.ADOPTED)


def everything(edition_id: int) -> tuple[RecommendationLine, ...]:
    """List all recommendations by level: the final list first, then the others, oldest first."""
    rows = db.session.scalars(select(Recommendation).where(Recommendation.edition_id == edition_id).order_by(Recommendation.id)).all()
    lines = _lines(edition_id, rows)
    return tuple(sorted(lines, key=lambda line: (_ORDER[line.level], line.number is None, line.number or 0, line.id)))


def _lines(edition_id: int, rows: Collection[Recommendation]) -> tuple[RecommendationLine, ...]:
    ids = [row.id for row in rows]
    said, sources = _counts(ids), _sources(edition_id, ids)
    return tuple(_line(row, said, sources.get(row.id, ())) for row in rows)


def _line(row: Recommendation, said: Mapping[tuple[int, str], int], sources: tuple[Source, ...]) -> RecommendationLine:
    return RecommendationLine(
        id=row.id,
        level=Level(row.level),
        number=row.number,
        text=row.text,
        group=row.drafted_by,
        state=State(row.state),
        version=row.version,
        agreed=said[row.id, Stance.AGREE],
        objected=said[row.id, Stance.OBJECT],
        sources=sources,
        author_id=row.author_id,
        merged_into=row.merged_into_id,
        adopted_despite=row.adopted_despite,
    )


def _counts(ids: Collection[int]) -> Mapping[tuple[int, str], int]:
    """Count what is said of the words as they are now."""
    voice = RecommendationVoice
    query = select(voice.recommendation_id, voice.stance).join(Recommendation, Recommendation.id == voice.recommendation_id)
    rows = db.session.execute(query.where(voice.recommendation_id.in_(ids), voice.version == Recommendation.version))
    return Counter((recommendation, stance) for recommendation, stance in rows)


def _sources(edition_id: int, ids: Collection[int]) -> dict[int, tuple[Source, ...]]:
    link = RecommendationSource
    query = select(link.recommendation_id, link.case_study_id).where(link.recommendation_id.in_(ids)).order_by(link.case_study_id)
    links = db.session.execute(query).all()
    titles = {study.id: study.title for study in case_studies(edition_id)} if links else {}
    found: dict[int, tuple[Source, ...]] = {}
    for recommendation, study in links:
        found[recommendation] = (*found.get(recommendation, ()), Source(study, titles[study]))
    return found


def one(edition_id: int, recommendation_id: int) -> Whole:
    """Read a recommendation with all that belongs to it; raise `NotFound`."""
    of_edition = Recommendation.edition_id == edition_id
    wanted = (Recommendation.id == recommendation_id) | (Recommendation.merged_into_id == recommendation_id)
    rows = db.session.scalars(select(Recommendation).where(of_edition, wanted).order_by(Recommendation.id)).all()
    lines = {line.id: line for line in _lines(edition_id, rows)}
    if recommendation_id not in lines:
        message = "There is no such recommendation."
        raise NotFound(message)
    line = lines.pop(recommendation_id)
    return Whole(line, _wordings(recommendation_id), _voices(line), tuple(lines.values()))


def _wordings(recommendation_id: int) -> tuple[Wording, ...]:
    wording = RecommendationWording
    query = select(wording.version, wording.level, wording.text, wording.why, Person.name, wording.at)
    query = query.join(Enrolment, Enrolment.id == wording.by_id).join(Person, Person.id == Enrolment.person_id)
    rows = db.session.execute(query.where(wording.recommendation_id == recommendation_id).order_by(wording.version.desc()))
    return tuple(Wording(version, Level(level), text, why, name, at) for version, level, text, why, name, at in rows)


def _voices(line: RecommendationLine) -> tuple[Voice, ...]:
    voice = RecommendationVoice
    columns: tuple[Any, ...] = (voice.enrolment_id, Person.name, voice.stance, voice.reason, voice.version)
    query = select(*columns).join(Enrolment, Enrolment.id == voice.enrolment_id).join(Person, Person.id == Enrolment.person_id)
    rows = db.session.execute(query.where(voice.recommendation_id == line.id).order_by(voice.at, voice.id))
    return tuple(Voice(enrolment, name, stance, reason, version == line.version) for enrolment, name, stance, reason, version in rows)
