"""initial tables of what people do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Exact, Moment

revision = "1a6ab5944870"
down_revision = "0d4e8c2b7a15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table("certificates",
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("enrolment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("number", sa.Text(), nullable=False),
    sa.Column("award", sa.JSON(), nullable=False),
    sa.Column("requested_at", Moment(), nullable=False),
    sa.Column("issued_at", Moment(), nullable=True),
    sa.Column("digest", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("due_at", Moment(), nullable=False),
    sa.Column("last_error", sa.Text(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_certificates_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_certificates_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    sa.UniqueConstraint("enrolment_id", "kind", name=op.f("uq_certificates_enrolment_id_kind")),
    sa.UniqueConstraint("number", name=op.f("uq_certificates_number"))
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index("ix_certificates_edition_id_id", ["edition_id", "id"], unique=False)
        batch_op.create_index("ix_certificates_state_due_at", ["state", "due_at"], unique=False)

    op.create_table("forum_topics",
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("forum", sa.Text(), nullable=False),
    sa.Column("prompt", sa.Text(), nullable=True),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("pinned", sa.Boolean(), nullable=False),
    sa.Column("locked", sa.Boolean(), nullable=False),
    sa.Column("lock_reason", sa.Text(), nullable=False),
    sa.Column("hidden", sa.Boolean(), nullable=False),
    sa.Column("posts", sa.Integer(), nullable=False),
    sa.Column("last_post_id", sa.BigInteger(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["author_id"], ["enrolments.id"], name=op.f("fk_forum_topics_author_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_forum_topics_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_topics")),
    sa.UniqueConstraint("edition_id", "prompt", name=op.f("uq_forum_topics_edition_id_prompt"))
    )
    with op.batch_alter_table("forum_topics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forum_topics_author_id"), ["author_id"], unique=False)
        batch_op.create_index("ix_forum_topics_edition_id_forum_last_post_id", ["edition_id", "forum", "last_post_id"], unique=False)

    op.create_table("grade_entries",
    sa.Column("enrolment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("item", sa.Text(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("group", sa.Text(), nullable=False),
    sa.Column("group_title", sa.Text(), nullable=False),
    sa.Column("weight", Exact(), nullable=False),
    sa.Column("from_score", Exact(), nullable=True),
    sa.Column("to_score", Exact(), nullable=True),
    sa.Column("why", sa.Text(), nullable=False),
    sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_grade_entries_actor_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_grade_entries_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_entries"))
    )
    with op.batch_alter_table("grade_entries", schema=None) as batch_op:
        batch_op.create_index("ix_grade_entries_enrolment_id_id", ["enrolment_id", "id"], unique=False)

    op.create_table("lessons_read",
    sa.Column("enrolment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("lesson_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_lessons_read_enrolment_id")),
    sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_lessons_read_lesson_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons_read")),
    sa.UniqueConstraint("enrolment_id", "lesson_id", name=op.f("uq_lessons_read_enrolment_id_lesson_id"))
    )
    with op.batch_alter_table("lessons_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lessons_read_lesson_id"), ["lesson_id"], unique=False)

    op.create_table("quiz_attempts",
    sa.Column("enrolment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("quiz_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("seed", sa.BigInteger(), nullable=False),
    sa.Column("started_at", Moment(), nullable=False),
    sa.Column("deadline", Moment(), nullable=True),
    sa.Column("submitted_at", Moment(), nullable=True),
    sa.Column("automatic", sa.Boolean(), nullable=False),
    sa.Column("score", Exact(), nullable=True),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_quiz_attempts_enrolment_id")),
    sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_attempts_quiz_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempts")),
    sa.UniqueConstraint("enrolment_id", "quiz_id", "number", name=op.f("uq_quiz_attempts_enrolment_id_quiz_id_number"))
    )
    with op.batch_alter_table("quiz_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_attempts_open_deadline", ["deadline"], unique=False, sqlite_where=sa.text("submitted_at IS NULL"), postgresql_where=sa.text("submitted_at IS NULL"))
        batch_op.create_index(batch_op.f("ix_quiz_attempts_quiz_id"), ["quiz_id"], unique=False)
        batch_op.create_index("uq_quiz_attempts_open", ["enrolment_id", "quiz_id"], unique=True, sqlite_where=sa.text("submitted_at IS NULL"), postgresql_where=sa.text("submitted_at IS NULL"))

    op.create_table("reading_places",
    sa.Column("enrolment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("lesson_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_reading_places_enrolment_id")),
    sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_reading_places_lesson_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_places")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_reading_places_enrolment_id"))
    )
    op.create_table("standings",
    sa.Column("enrolment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("country", sa.Text(), nullable=False),
    sa.Column("gender", sa.Text(), nullable=False),
    sa.Column("name_key", sa.Text(), nullable=False),
    sa.Column("so_far", Exact(), nullable=True),
    sa.Column("final", Exact(), nullable=False),
    sa.Column("graded", sa.Integer(), nullable=False),
    sa.Column("counted", sa.Integer(), nullable=False),
    sa.Column("groups", sa.JSON(), nullable=False),
    sa.Column("plan", sa.Text(), nullable=False),
    sa.Column("updated_at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_standings_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_standings_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_standings")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_standings_enrolment_id"))
    )
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.create_index("ix_standings_edition_id_country_final", ["edition_id", "country", "final", "enrolment_id"], unique=False)
        batch_op.create_index("ix_standings_edition_id_final", ["edition_id", "final", "enrolment_id"], unique=False)
        batch_op.create_index("ix_standings_edition_id_gender_final", ["edition_id", "gender", "final", "enrolment_id"], unique=False)
        batch_op.create_index("ix_standings_edition_id_name_key", ["edition_id", "name_key", "enrolment_id"], unique=False)

    op.create_table("certificate_documents",
    sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("fk_certificate_documents_certificate_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_documents")),
    sa.UniqueConstraint("certificate_id", name=op.f("uq_certificate_documents_certificate_id"))
    )
    op.create_table("forum_posts",
    sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("key", sa.Text(), nullable=True),
    sa.Column("opening", sa.Boolean(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("edited_at", Moment(), nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["author_id"], ["enrolments.id"], name=op.f("fk_forum_posts_author_id")),
    sa.ForeignKeyConstraint(["topic_id"], ["forum_topics.id"], name=op.f("fk_forum_posts_topic_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_posts")),
    sa.UniqueConstraint("author_id", "key", name=op.f("uq_forum_posts_author_id_key"))
    )
    with op.batch_alter_table("forum_posts", schema=None) as batch_op:
        batch_op.create_index("ix_forum_posts_topic_id_id", ["topic_id", "id"], unique=False)

    op.create_table("forum_reads",
    sa.Column("enrolment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("post_id", sa.BigInteger(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_forum_reads_enrolment_id")),
    sa.ForeignKeyConstraint(["topic_id"], ["forum_topics.id"], name=op.f("fk_forum_reads_topic_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_reads")),
    sa.UniqueConstraint("enrolment_id", "topic_id", name=op.f("uq_forum_reads_enrolment_id_topic_id"))
    )
    with op.batch_alter_table("forum_reads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forum_reads_topic_id"), ["topic_id"], unique=False)

    op.create_table("quiz_items",
    sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("position", sa.Integer(), nullable=False),
    sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("flagged", sa.Boolean(), nullable=False),
    sa.Column("page", sa.Text(), nullable=False),
    sa.Column("saved_at", Moment(), nullable=True),
    sa.Column("credit", Exact(), nullable=True),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["attempt_id"], ["quiz_attempts.id"], name=op.f("fk_quiz_items_attempt_id")),
    sa.ForeignKeyConstraint(["question_id"], ["quiz_questions.id"], name=op.f("fk_quiz_items_question_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_items")),
    sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_quiz_items_attempt_id_position"))
    )
    with op.batch_alter_table("quiz_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_items_question_id"), ["question_id"], unique=False)

    op.create_table("forum_flags",
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("reporter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("category", sa.Text(), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("decided_at", Moment(), nullable=True),
    sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("decision", sa.Text(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_forum_flags_decided_by")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_forum_flags_edition_id")),
    sa.ForeignKeyConstraint(["post_id"], ["forum_posts.id"], name=op.f("fk_forum_flags_post_id")),
    sa.ForeignKeyConstraint(["reporter_id"], ["enrolments.id"], name=op.f("fk_forum_flags_reporter_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_flags")),
    sa.UniqueConstraint("post_id", "reporter_id", name=op.f("uq_forum_flags_post_id_reporter_id"))
    )
    with op.batch_alter_table("forum_flags", schema=None) as batch_op:
        batch_op.create_index("ix_forum_flags_edition_id_state_post_id", ["edition_id", "state", "post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_forum_flags_reporter_id"), ["reporter_id"], unique=False)

    op.create_table("forum_post_versions",
    sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("body", sa.Text(), nullable=False),
    sa.Column("written_at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["post_id"], ["forum_posts.id"], name=op.f("fk_forum_post_versions_post_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_forum_post_versions")),
    sa.UniqueConstraint("post_id", "number", name=op.f("uq_forum_post_versions_post_id_number"))
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("forum_post_versions")
    with op.batch_alter_table("forum_flags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forum_flags_reporter_id"))
        batch_op.drop_index("ix_forum_flags_edition_id_state_post_id")

    op.drop_table("forum_flags")
    with op.batch_alter_table("quiz_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_items_question_id"))

    op.drop_table("quiz_items")
    with op.batch_alter_table("forum_reads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forum_reads_topic_id"))

    op.drop_table("forum_reads")
    with op.batch_alter_table("forum_posts", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_posts_topic_id_id")

    op.drop_table("forum_posts")
    op.drop_table("certificate_documents")
    with op.batch_alter_table("standings", schema=None) as batch_op:
        batch_op.drop_index("ix_standings_edition_id_name_key")
        batch_op.drop_index("ix_standings_edition_id_gender_final")
        batch_op.drop_index("ix_standings_edition_id_final")
        batch_op.drop_index("ix_standings_edition_id_country_final")

    op.drop_table("standings")
    op.drop_table("reading_places")
    with op.batch_alter_table("quiz_attempts", schema=None) as batch_op:
        batch_op.drop_index("uq_quiz_attempts_open", sqlite_where=sa.text("submitted_at IS NULL"), postgresql_where=sa.text("submitted_at IS NULL"))
        batch_op.drop_index(batch_op.f("ix_quiz_attempts_quiz_id"))
        batch_op.drop_index("ix_quiz_attempts_open_deadline", sqlite_where=sa.text("submitted_at IS NULL"), postgresql_where=sa.text("submitted_at IS NULL"))

    op.drop_table("quiz_attempts")
    with op.batch_alter_table("lessons_read", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lessons_read_lesson_id"))

    op.drop_table("lessons_read")
    with op.batch_alter_table("grade_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_grade_entries_enrolment_id_id")

    op.drop_table("grade_entries")
    with op.batch_alter_table("forum_topics", schema=None) as batch_op:
        batch_op.drop_index("ix_forum_topics_edition_id_forum_last_post_id")
        batch_op.drop_index(batch_op.f("ix_forum_topics_author_id"))

    op.drop_table("forum_topics")
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index("ix_certificates_state_due_at")
        batch_op.drop_index("ix_certificates_edition_id_id")

    op.drop_table("certificates")
