"""workshops, case studies and recommendations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Exact, Moment

revision = "b83f10c6d5e7"
down_revision = "a4d19c7be052"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table("case_rubrics",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("criteria", sa.JSON(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_case_rubrics_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_case_rubrics")),
    sa.UniqueConstraint("edition_id", name=op.f("uq_case_rubrics_edition_id"))
    )
    op.create_table("half_days",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("day", sa.Integer(), nullable=False),
    sa.Column("part", sa.Text(), nullable=False),
    sa.Column("on", sa.Date(), nullable=False),
    sa.Column("opens_at", Moment(), nullable=False),
    sa.Column("closes_at", Moment(), nullable=False),
    sa.Column("code", sa.Text(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_half_days_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_half_days")),
    sa.UniqueConstraint("edition_id", "code", name=op.f("uq_half_days_edition_id_code")),
    sa.UniqueConstraint("edition_id", "day", "part", name=op.f("uq_half_days_edition_id_day_part"))
    )
    op.create_table("workshop_sessions",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("room", sa.Text(), nullable=False),
    sa.Column("about", sa.Text(), nullable=False),
    sa.Column("starts_at", Moment(), nullable=False),
    sa.Column("ends_at", Moment(), nullable=False),
    sa.Column("began_at", Moment(), nullable=True),
    sa.Column("ended_at", Moment(), nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_workshop_sessions_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_sessions"))
    )
    op.create_index("ix_workshop_sessions_edition_id_starts_at", "workshop_sessions", ["edition_id", "starts_at", "id"])
    op.create_table("attendance_marks",
    sa.Column("half_day_id", KEY, nullable=False),
    sa.Column("enrolment_id", KEY, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("how", sa.Text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("noted_at", Moment(), nullable=False),
    sa.Column("by_id", KEY, nullable=True),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("standing", sa.Text(), nullable=False),
    sa.Column("key", sa.Text(), nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_attendance_marks_by_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_attendance_marks_enrolment_id")),
    sa.ForeignKeyConstraint(["half_day_id"], ["half_days.id"], name=op.f("fk_attendance_marks_half_day_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_marks")),
    sa.UniqueConstraint("key", name=op.f("uq_attendance_marks_key"))
    )
    op.create_index("ix_attendance_marks_enrolment_id_id", "attendance_marks", ["enrolment_id", "id"])
    op.create_index("ix_attendance_marks_half_day_id_standing", "attendance_marks", ["half_day_id", "standing", "id"])
    op.create_table("attendances",
    sa.Column("half_day_id", KEY, nullable=False),
    sa.Column("enrolment_id", KEY, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("how", sa.Text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("by_id", KEY, nullable=True),
    sa.Column("changed_at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_attendances_by_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_attendances_enrolment_id")),
    sa.ForeignKeyConstraint(["half_day_id"], ["half_days.id"], name=op.f("fk_attendances_half_day_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_attendances")),
    sa.UniqueConstraint("half_day_id", "enrolment_id", name=op.f("uq_attendances_half_day_id_enrolment_id"))
    )
    op.create_index(op.f("ix_attendances_enrolment_id"), "attendances", ["enrolment_id"])
    op.create_table("case_studies",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("enrolment_id", KEY, nullable=False),
    sa.Column("module", sa.Text(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("summary", sa.Text(), nullable=False),
    sa.Column("handed_in_at", Moment(), nullable=False),
    sa.Column("changed_at", Moment(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("agreed", Exact(), nullable=True),
    sa.Column("agreed_by_id", KEY, nullable=True),
    sa.Column("agreed_why", sa.Text(), nullable=False),
    sa.Column("score", Exact(), nullable=True),
    sa.Column("released_at", Moment(), nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["agreed_by_id"], ["people.id"], name=op.f("fk_case_studies_agreed_by_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_case_studies_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_case_studies_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_case_studies")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_case_studies_enrolment_id"))
    )
    op.create_index("ix_case_studies_edition_id_id", "case_studies", ["edition_id", "id"])
    op.create_table("recommendations",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("drafted_by", sa.Text(), nullable=False),
    sa.Column("author_id", KEY, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("merged_into_id", KEY, nullable=True),
    sa.Column("adopted_despite", sa.Text(), nullable=False),
    sa.Column("drafted_at", Moment(), nullable=False),
    sa.Column("changed_at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["author_id"], ["enrolments.id"], name=op.f("fk_recommendations_author_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_recommendations_edition_id")),
    sa.ForeignKeyConstraint(["merged_into_id"], ["recommendations.id"], name=op.f("fk_recommendations_merged_into_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
    sa.UniqueConstraint("edition_id", "level", "number", name=op.f("uq_recommendations_edition_id_level_number"))
    )
    op.create_index(op.f("ix_recommendations_author_id"), "recommendations", ["author_id"])
    op.create_index("ix_recommendations_edition_id_state", "recommendations", ["edition_id", "state", "id"])
    op.create_index(op.f("ix_recommendations_merged_into_id"), "recommendations", ["merged_into_id"])
    op.create_table("session_quotes",
    sa.Column("session_id", KEY, nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("who", sa.Text(), nullable=False),
    sa.Column("enrolment_id", KEY, nullable=True),
    sa.Column("consent", sa.Text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_session_quotes_enrolment_id")),
    sa.ForeignKeyConstraint(["session_id"], ["workshop_sessions.id"], name=op.f("fk_session_quotes_session_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_session_quotes"))
    )
    op.create_index(op.f("ix_session_quotes_enrolment_id"), "session_quotes", ["enrolment_id"])
    op.create_index("ix_session_quotes_session_id_id", "session_quotes", ["session_id", "id"])
    op.create_table("session_records",
    sa.Column("session_id", KEY, nullable=False),
    sa.Column("highlights", sa.Text(), nullable=False),
    sa.Column("by_id", KEY, nullable=True),
    sa.Column("submitted_at", Moment(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_session_records_by_id")),
    sa.ForeignKeyConstraint(["session_id"], ["workshop_sessions.id"], name=op.f("fk_session_records_session_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_session_records")),
    sa.UniqueConstraint("session_id", name=op.f("uq_session_records_session_id"))
    )
    op.create_table("session_speakers",
    sa.Column("session_id", KEY, nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("affiliation", sa.Text(), nullable=False),
    sa.Column("remote", sa.Boolean(), nullable=False),
    sa.Column("planned", sa.Boolean(), nullable=False),
    sa.Column("spoke", sa.Boolean(), nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["session_id"], ["workshop_sessions.id"], name=op.f("fk_session_speakers_session_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_session_speakers"))
    )
    op.create_index("ix_session_speakers_session_id_number", "session_speakers", ["session_id", "number"])
    op.create_table("walk_ins",
    sa.Column("half_day_id", KEY, nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("institution", sa.Text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("by_id", KEY, nullable=True),
    sa.Column("key", sa.Text(), nullable=True),
    sa.Column("enrolment_id", KEY, nullable=True),
    sa.Column("settled_at", Moment(), nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_walk_ins_by_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_walk_ins_enrolment_id")),
    sa.ForeignKeyConstraint(["half_day_id"], ["half_days.id"], name=op.f("fk_walk_ins_half_day_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_ins")),
    sa.UniqueConstraint("key", name=op.f("uq_walk_ins_key"))
    )
    op.create_index(op.f("ix_walk_ins_enrolment_id"), "walk_ins", ["enrolment_id"])
    op.create_index("ix_walk_ins_half_day_id_id", "walk_ins", ["half_day_id", "id"])
    op.create_table("workshop_waivers",
    sa.Column("enrolment_id", KEY, nullable=False),
    sa.Column("need", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("asked_by_id", KEY, nullable=False),
    sa.Column("asked_at", Moment(), nullable=False),
    sa.Column("granted_by_id", KEY, nullable=True),
    sa.Column("granted_at", Moment(), nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_workshop_waivers_asked_by_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_workshop_waivers_enrolment_id")),
    sa.ForeignKeyConstraint(["granted_by_id"], ["people.id"], name=op.f("fk_workshop_waivers_granted_by_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_waivers")),
    sa.UniqueConstraint("enrolment_id", "need", name=op.f("uq_workshop_waivers_enrolment_id_need"))
    )
    op.create_table("case_gradings",
    sa.Column("case_study_id", KEY, nullable=False),
    sa.Column("assessor_id", KEY, nullable=False),
    sa.Column("levels", sa.JSON(), nullable=False),
    sa.Column("comment", sa.Text(), nullable=False),
    sa.Column("final", sa.Boolean(), nullable=False),
    sa.Column("changed_at", Moment(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["assessor_id"], ["people.id"], name=op.f("fk_case_gradings_assessor_id")),
    sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_case_gradings_case_study_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_case_gradings")),
    sa.UniqueConstraint("case_study_id", "assessor_id", name=op.f("uq_case_gradings_case_study_id_assessor_id"))
    )
    op.create_index(op.f("ix_case_gradings_assessor_id"), "case_gradings", ["assessor_id"])
    op.create_table("case_slides",
    sa.Column("case_study_id", KEY, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("size", sa.Integer(), nullable=False),
    sa.Column("digest", sa.Text(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("uploaded_at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_case_slides_case_study_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_case_slides")),
    sa.UniqueConstraint("case_study_id", name=op.f("uq_case_slides_case_study_id"))
    )
    op.create_table("presentations",
    sa.Column("session_id", KEY, nullable=False),
    sa.Column("case_study_id", KEY, nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_presentations_case_study_id")),
    sa.ForeignKeyConstraint(["session_id"], ["workshop_sessions.id"], name=op.f("fk_presentations_session_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_presentations")),
    sa.UniqueConstraint("case_study_id", name=op.f("uq_presentations_case_study_id")),
    sa.UniqueConstraint("session_id", "number", name=op.f("uq_presentations_session_id_number"))
    )
    op.create_table("recommendation_sources",
    sa.Column("recommendation_id", KEY, nullable=False),
    sa.Column("case_study_id", KEY, nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["case_study_id"], ["case_studies.id"], name=op.f("fk_recommendation_sources_case_study_id")),
    sa.ForeignKeyConstraint(["recommendation_id"], ["recommendations.id"], name=op.f("fk_recommendation_sources_recommendation_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_sources")),
    sa.UniqueConstraint("recommendation_id", "case_study_id", name=op.f("uq_recommendation_sources_recommendation_id_case_study_id"))
    )
    op.create_index(op.f("ix_recommendation_sources_case_study_id"), "recommendation_sources", ["case_study_id"])
    op.create_table("recommendation_voices",
    sa.Column("recommendation_id", KEY, nullable=False),
    sa.Column("enrolment_id", KEY, nullable=False),
    sa.Column("stance", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_recommendation_voices_enrolment_id")),
    sa.ForeignKeyConstraint(["recommendation_id"], ["recommendations.id"], name=op.f("fk_recommendation_voices_recommendation_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_voices")),
    sa.UniqueConstraint("recommendation_id", "enrolment_id", name=op.f("uq_recommendation_voices_recommendation_id_enrolment_id"))
    )
    op.create_index(op.f("ix_recommendation_voices_enrolment_id"), "recommendation_voices", ["enrolment_id"])
    op.create_table("recommendation_wordings",
    sa.Column("recommendation_id", KEY, nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("level", sa.Text(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("why", sa.Text(), nullable=False),
    sa.Column("by_id", KEY, nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["enrolments.id"], name=op.f("fk_recommendation_wordings_by_id")),
    sa.ForeignKeyConstraint(["recommendation_id"], ["recommendations.id"], name=op.f("fk_recommendation_wordings_recommendation_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_wordings")),
    sa.UniqueConstraint("recommendation_id", "version", name=op.f("uq_recommendation_wordings_recommendation_id_version"))
    )
    op.create_index(op.f("ix_recommendation_wordings_by_id"), "recommendation_wordings", ["by_id"])
    op.create_table("workshop_awards",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("enrolment_id", KEY, nullable=False),
    sa.Column("certificate_id", KEY, nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("by_id", KEY, nullable=True),
    sa.Column("doubt", sa.Text(), nullable=False),
    sa.Column("doubted_at", Moment(), nullable=True),
    sa.Column("kept_why", sa.Text(), nullable=False),
    sa.Column("kept_by_id", KEY, nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_workshop_awards_by_id")),
    sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("fk_workshop_awards_certificate_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_workshop_awards_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_workshop_awards_enrolment_id")),
    sa.ForeignKeyConstraint(["kept_by_id"], ["people.id"], name=op.f("fk_workshop_awards_kept_by_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_awards")),
    sa.UniqueConstraint("certificate_id", name=op.f("uq_workshop_awards_certificate_id")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_workshop_awards_enrolment_id"))
    )
    op.create_index("ix_workshop_awards_edition_id_id", "workshop_awards", ["edition_id", "id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("workshop_awards")
    op.drop_table("recommendation_wordings")
    op.drop_table("recommendation_voices")
    op.drop_table("recommendation_sources")
    op.drop_table("presentations")
    op.drop_table("case_slides")
    op.drop_table("case_gradings")
    op.drop_table("workshop_waivers")
    op.drop_table("walk_ins")
    op.drop_table("session_speakers")
    op.drop_table("session_records")
    op.drop_table("session_quotes")
    op.drop_table("recommendations")
    op.drop_table("case_studies")
    op.drop_table("attendances")
    op.drop_table("attendance_marks")
    op.drop_table("workshop_sessions")
    op.drop_table("half_days")
    op.drop_table("case_rubrics")
