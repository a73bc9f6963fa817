"""What recommendations hold of a person, and how it is given out and erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select, update

from lms.core.db import db
from lms.core.domain import Enrolment
from lms.core.plugins import PersonalData
from lms.recommendations.models import Recommendation, RecommendationVoice, RecommendationWording

HOLDS = "The recommendations that you drafted or reworded at the workshop, and which you could live with or objected to, and why."


def export(person_id: int) -> Mapping[str, Any]:
    """Give what a person drafted, reworded and said."""
    mine, wording, voice = _enrolments(person_id), RecommendationWording, RecommendationVoice
    drafted = select(Recommendation.id, Recommendation.level, Recommendation.text, Recommendation.state, Recommendation.drafted_at)
    worded = select(wording.recommendation_id, wording.version, wording.text, wording.why, wording.at)
    said = select(voice.recommendation_id, voice.version, voice.stance, voice.reason, voice.at)
    return {
        "drafted": _rows(drafted.where(Recommendation.author_id.in_(mine)).order_by(Recommendation.id)),
        "worded": _rows(worded.where(wording.by_id.in_(mine)).order_by(wording.id)),
        "said": _rows(said.where(voice.enrolment_id.in_(mine)).order_by(voice.id)),
    }


def erase(person_id: int) -> None:
    """Remove the reasons that a person gave; the recommendations are the workshop's, and stay."""
    mine = _enrolments(person_id)
    db.session.execute(update(RecommendationVoice).where(RecommendationVoice.enrolment_id.in_(mine)).values(reason=""))
    db.session.execute(update(RecommendationWording).where(RecommendationWording.by_id.in_(mine)).values(why=""))


def _enrolments(person_id: int) -> Select[int]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _rows(query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(query).mappings()]


personal_data = PersonalData(HOLDS, export, erase)
