"""Writing about recommendations: drafting, rewording, merging, voices, and the final list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count

from sqlalchemy import Select, delete, insert, select

from lms.casestudies.api import case_studies
from lms.core import clock
from lms.core.audit import record
from lms.core.db import db, upsert
from lms.core.domain import Enrolment, Role
from lms.core.errors import Conflict, Forbidden, Invalid, NotFound
from lms.core.viewer import Viewer
from lms.invitations.api import participant
from lms.recommendations import rules
from lms.recommendations.models import Recommendation, RecommendationSource, RecommendationVoice, RecommendationWording
from lms.recommendations.rules import Stance, State
from lms.recommendations.values import Draft

OUT_OF_DATE = "Somebody changed this meanwhile. Your text is still here; look at theirs, and send yours again if it is better."


def recommend(edition_id: int, enrolment_id: int, draft: Draft) -> int:
    """Draft a recommendation, and give its id."""
    _require_author(edition_id, enrolment_id)
    _require_sources(edition_id, draft.sources)
    row = Recommendation(edition_id=edition_id, author_id=enrolment_id, level=draft.level, text=draft.text, drafted_by=draft.group)
    db.session.add(row)
    db.session.flush()
    _note(row, enrolment_id, "")
    _link(row.id, draft.sources)
    return row.id


def _require_author(edition_id: int, enrolment_id: int) -> None:
    """Raise `Forbidden` for who neither comes to the workshop nor belongs to the staff, who write down what groups say."""
    there = Enrolment.id == enrolment_id, Enrolment.edition_id == edition_id, Enrolment.role != Role.LEARNER
    if participant(enrolment_id) is None and db.session.scalar(select(Enrolment.id).where(*there)) is None:
        message = "Recommendations are drafted by those who come to the workshop."
        raise Forbidden(message)


def _require_sources(edition_id: int, sources: Collection[int]) -> None:
    if sources and not set(sources) <= {study.id for study in case_studies(edition_id)}:
        message = "Please choose from the case studies of this workshop."
        raise Invalid(message, field="sources")


def _note(row: Recommendation, by_id: int, why: str) -> None:
    words = {"version": row.version, "level": row.level, "text": row.text}
    db.session.add(RecommendationWording(recommendation_id=row.id, **words, why=why, by_id=by_id))


def _link(recommendation_id: int, sources: Collection[int]) -> None:
    if sources:
        rows = [{"recommendation_id": recommendation_id, "case_study_id": source} for source in sorted(set(sources))]
        db.session.execute(insert(RecommendationSource), rows)


def held(edition_id: int, recommendation_id: int) -> Recommendation:
    """Take a recommendation of an edition for a change; raise `NotFound`."""
    found = Recommendation.id == recommendation_id, Recommendation.edition_id == edition_id
    row = db.session.scalars(select(Recommendation).where(*found).with_for_update()).one_or_none()
    if row is None:
        message = "There is no such recommendation."
        raise NotFound(message)
    return row


def _draft(edition_id: int, recommendation_id: int) -> Recommendation:
    row = held(edition_id, recommendation_id)
    if not rules.may_word(row.state):
        raise Conflict(rules.obstacle(row.state))
    return row


def reword(  # noqa: PLR0913 - each is a part of one act
    edition_id: int, recommendation_id: int, enrolment_id: int, draft: Draft, *, version: int, why: str = ""
) -> int:
    """Change the words of a draft; whatever was said of the earlier words stays readable. Gives the new version."""
    _require_author(edition_id, enrolment_id)
    _require_sources(edition_id, draft.sources)
    row = _draft(edition_id, recommendation_id)
    if row.version != version:
        raise Conflict(OUT_OF_DATE, field="version")
    row.drafted_by = draft.group
    db.session.execute(delete(RecommendationSource).where(RecommendationSource.recommendation_id == row.id))
    _link(row.id, draft.sources)
    if (row.level, row.text) != (draft.level, draft.text):
        row.level, row.text, row.version, row.changed_at = draft.level, draft.text, version + 1, clock.now()
        _note(row, enrolment_id, why)
    return row.version


def say(  # noqa: PLR0913 - each is a part of one act
    edition_id: int, recommendation_id: int, enrolment_id: int, stance: Stance, reason: str = "", *, version: int | None = None
) -> None:
    """Say that one can live with the words as they are, or objects, with the reason; `version` is the wording that was read."""
    row = _draft(edition_id, recommendation_id)
    if participant(enrolment_id) is None:
        message = "Those who come to the workshop say what they can live with."
        raise Forbidden(message)
    if version is not None and version != row.version:
        message = "The words were changed meanwhile. Please read them again."
        raise Conflict(message)
    if stance == Stance.OBJECT and not reason:
        message = "Please say what you object to, so that it can be mended."
        raise Invalid(message, field="reason")
    values = {"stance": stance, "reason": reason, "version": row.version, "at": clock.now()}
    db.session.execute(upsert(RecommendationVoice, {"recommendation_id": row.id, "enrolment_id": enrolment_id}, values))


def withdraw(edition_id: int, recommendation_id: int, viewer: Viewer) -> None:
    """Take a draft back: its author can, and the staff."""
    row = _draft(edition_id, recommendation_id)
    if not rules.may_withdraw(row.author_id, viewer.enrolment_id, staff=viewer.is_staff):
        message = "Only its author and the staff can withdraw it."
        raise Forbidden(message)
    row.state, row.changed_at = State.WITHDRAWN, clock.now()
    if viewer.is_staff:
        record(viewer, "recommendation.withdraw", "recommendation", row.id, edition_id=edition_id)


def merge(edition_id: int, recommendation_id: int, into_id: int, viewer: Viewer) -> None:
    """Let one draft take up another: its case studies come along, and its words stay readable."""
    if recommendation_id == into_id:
        message = "A recommendation can't be merged into itself."
        raise Invalid(message, field="into")
    first, second = sorted((recommendation_id, into_id))  # always in this order, so that two merges don't wait for each other
    rows = {row.id: row for row in (_draft(edition_id, first), _draft(edition_id, second))}
    row, target = rows[recommendation_id], rows[into_id]
    row.state, row.merged_into_id, row.changed_at = State.MERGED, target.id, clock.now()
    there = select(RecommendationSource.case_study_id).where(RecommendationSource.recommendation_id == target.id)
    known = set(db.session.scalars(there))
    own = select(RecommendationSource.case_study_id).where(RecommendationSource.recommendation_id == row.id)
    _link(target.id, set(db.session.scalars(own)) - known)
    record(viewer, "recommendation.merge", "recommendation", row.id, edition_id=edition_id, into=target.id)


def adopt(edition_id: int, chosen: Sequence[int], viewer: Viewer, *, despite: str = "") -> int:
    """Make the final list of these drafts, in this order, numbered by level, and tell how many it has; a list that was there is replaced.

    Where somebody objects to the words as they are, it takes a reason.
    """
    rows = list(db.session.scalars(_adoptable(edition_id).with_for_update()))
    by_id = {row.id: row for row in rows}
    if not set(chosen) <= by_id.keys() or len(set(chosen)) != len(chosen):
        message = "One of these can't be in the final list any more, or is in it twice. Please look at the list again."
        raise Conflict(message)
    disputed = _disputed(chosen)
    if disputed and not despite:
        message = f"There are objections to {len(disputed)} of these. Reword them, leave them out, or say why they are adopted."
        raise Invalid(message, field="despite")
    for row in rows:
        row.state, row.number, row.adopted_despite = State.DRAFT, None, ""
    db.session.flush()  # the numbers are free before they are given anew
    numbers = {level: count(1) for level in rules.LEVELS}
    for row in (by_id[identity] for identity in chosen):
        row.state, row.number = State.ADOPTED, next(numbers[rules.Level(row.level)])
        row.adopted_despite = despite if row.id in disputed else ""
    record(viewer, "recommendation.adopt", "edition", edition_id, edition_id=edition_id, recommendations=list(chosen), despite=despite)
    return len(chosen)


def _adoptable(edition_id: int) -> Select[Recommendation]:
    there = Recommendation.state.in_((State.DRAFT, State.ADOPTED))
    return select(Recommendation).where(Recommendation.edition_id == edition_id, there).order_by(Recommendation.id)


def _disputed(chosen: Collection[int]) -> set[int]:
    voice = RecommendationVoice
    query = select(voice.recommendation_id).join(Recommendation, Recommendation.id == voice.recommendation_id)
    objected = voice.stance == Stance.OBJECT, voice.version == Recommendation.version
    return set(db.session.scalars(query.where(voice.recommendation_id.in_(chosen), *objected)))
