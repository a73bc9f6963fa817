"""tables of courses and people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Exact, Moment

revision = "0d4e8c2b7a15"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table("courses",
    sa.Column("slug", sa.Text(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("short_title", sa.Text(), nullable=False),
    sa.Column("summary", sa.Text(), nullable=False),
    sa.Column("language", sa.Text(), nullable=False),
    sa.Column("pass_mark", Exact(), nullable=False),
    sa.Column("version", sa.Text(), nullable=False),
    sa.Column("loaded_at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
    sa.UniqueConstraint("slug", name=op.f("uq_courses_slug"))
    )
    op.create_table("figures",
    sa.Column("digest", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_figures")),
    sa.UniqueConstraint("digest", name=op.f("uq_figures_digest"))
    )
    op.create_table("people",
    sa.Column("email", sa.Text(), nullable=False),
    sa.Column("email_confirmed_at", Moment(), nullable=True),
    sa.Column("password_hash", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("printed_name", sa.Text(), nullable=False),
    sa.Column("gender", sa.Text(), nullable=False),
    sa.Column("country", sa.Text(), nullable=False),
    sa.Column("sector", sa.Text(), nullable=False),
    sa.Column("institution", sa.Text(), nullable=False),
    sa.Column("zone", sa.Text(), nullable=False),
    sa.Column("administrator", sa.Boolean(), nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    sa.UniqueConstraint("email", name=op.f("uq_people_email"))
    )
    op.create_table("rate_limits",
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("ends_at", Moment(), nullable=False),
    sa.Column("count", sa.Integer(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limits")),
    sa.UniqueConstraint("key", name=op.f("uq_rate_limits_key"))
    )
    with op.batch_alter_table("rate_limits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_limits_ends_at"), ["ends_at"], unique=False)

    op.create_table("editions",
    sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("slug", sa.Text(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("starts_on", sa.Date(), nullable=False),
    sa.Column("ends_on", sa.Date(), nullable=False),
    sa.Column("zone", sa.Text(), nullable=False),
    sa.Column("pass_mark", Exact(), nullable=False),
    sa.Column("countries", sa.JSON(), nullable=False),
    sa.Column("registration_opens_at", Moment(), nullable=False),
    sa.Column("registration_closes_at", Moment(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("closed_at", Moment(), nullable=True),
    sa.Column("demo", sa.Boolean(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_editions_course_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
    sa.UniqueConstraint("slug", name=op.f("uq_editions_slug"))
    )
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_editions_course_id"), ["course_id"], unique=False)

    op.create_table("modules",
    sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("slug", sa.Text(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("summary", sa.Text(), nullable=False),
    sa.Column("opens_day", sa.Integer(), nullable=False),
    sa.Column("closes_day", sa.Integer(), nullable=True),
    sa.Column("weight", Exact(), nullable=False),
    sa.Column("forum_title", sa.Text(), nullable=False),
    sa.Column("forum_prompt", sa.Text(), nullable=False),
    sa.Column("active", sa.Boolean(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_modules_course_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_modules")),
    sa.UniqueConstraint("course_id", "slug", name=op.f("uq_modules_course_id_slug"))
    )
    op.create_table("quizzes",
    sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("module", sa.Text(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("draw", sa.Integer(), nullable=False),
    sa.Column("minutes", sa.Integer(), nullable=True),
    sa.Column("attempts", sa.Integer(), nullable=False),
    sa.Column("keep", sa.Text(), nullable=False),
    sa.Column("pass_mark", Exact(), nullable=False),
    sa.Column("feedback", sa.Text(), nullable=False),
    sa.Column("active", sa.Boolean(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_quizzes_course_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes")),
    sa.UniqueConstraint("course_id", "module", name=op.f("uq_quizzes_course_id_module"))
    )
    op.create_table("sign_ins",
    sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("token_hash", sa.Text(), nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("seen_at", Moment(), nullable=False),
    sa.Column("expires_at", Moment(), nullable=False),
    sa.Column("device", sa.Text(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash"))
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_person_id"), ["person_id"], unique=False)

    op.create_table("audit_entries",
    sa.Column("at", Moment(), nullable=False),
    sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("role", sa.Text(), nullable=False),
    sa.Column("action", sa.Text(), nullable=False),
    sa.Column("subject", sa.Text(), nullable=False),
    sa.Column("subject_id", sa.Integer(), nullable=True),
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("detail", sa.JSON(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_audit_entries_actor_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_audit_entries_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries"))
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_audit_entries_edition_id_id", ["edition_id", "id"], unique=False)

    op.create_table("enrolments",
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("role", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("country", sa.Text(), nullable=False),
    sa.Column("gender", sa.Text(), nullable=False),
    sa.Column("sector", sa.Text(), nullable=False),
    sa.Column("institution", sa.Text(), nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("confirmed_at", Moment(), nullable=True),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_enrolments_edition_id")),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_enrolments_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
    sa.UniqueConstraint("edition_id", "person_id", name=op.f("uq_enrolments_edition_id_person_id"))
    )
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.create_index("ix_enrolments_edition_id_role_state", ["edition_id", "role", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolments_person_id"), ["person_id"], unique=False)

    op.create_table("glossary_terms",
    sa.Column("module_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("slug", sa.Text(), nullable=False),
    sa.Column("term", sa.Text(), nullable=False),
    sa.Column("definition", sa.Text(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["module_id"], ["modules.id"], name=op.f("fk_glossary_terms_module_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_glossary_terms")),
    sa.UniqueConstraint("module_id", "slug", name=op.f("uq_glossary_terms_module_id_slug"))
    )
    op.create_table("graded_groups",
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("group", sa.Text(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("position", sa.Integer(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_graded_groups_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_graded_groups")),
    sa.UniqueConstraint("edition_id", "group", name=op.f("uq_graded_groups_edition_id_group"))
    )
    op.create_table("lessons",
    sa.Column("module_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("slug", sa.Text(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("minutes", sa.Integer(), nullable=False),
    sa.Column("objectives", sa.JSON(), nullable=False),
    sa.Column("html", sa.Text(), nullable=False),
    sa.Column("version", sa.Text(), nullable=False),
    sa.Column("active", sa.Boolean(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["module_id"], ["modules.id"], name=op.f("fk_lessons_module_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    sa.UniqueConstraint("module_id", "slug", name=op.f("uq_lessons_module_id_slug"))
    )
    op.create_table("outgoing_mails",
    sa.Column("to", sa.Text(), nullable=False),
    sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("subject", sa.Text(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("html", sa.Text(), nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("sent_at", Moment(), nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("due_at", Moment(), nullable=False),
    sa.Column("last_error", sa.Text(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_outgoing_mails_edition_id")),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_outgoing_mails_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails"))
    )
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_mails_edition_id_id", ["edition_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_mails_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_outgoing_mails_state_due_at", ["state", "due_at"], unique=False)

    op.create_table("quiz_questions",
    sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("quiz_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("slug", sa.Text(), nullable=False),
    sa.Column("digest", sa.Text(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("objective", sa.Text(), nullable=False),
    sa.Column("lesson", sa.Text(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("body", sa.JSON(), nullable=False),
    sa.Column("active", sa.Boolean(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_quiz_questions_course_id")),
    sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_questions_quiz_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_questions")),
    sa.UniqueConstraint("course_id", "slug", "digest", name=op.f("uq_quiz_questions_course_id_slug_digest"))
    )
    with op.batch_alter_table("quiz_questions", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_questions_quiz_id_active", ["quiz_id", "active"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("quiz_questions", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_questions_quiz_id_active")

    op.drop_table("quiz_questions")
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_mails_state_due_at")
        batch_op.drop_index(batch_op.f("ix_outgoing_mails_person_id"))
        batch_op.drop_index("ix_outgoing_mails_edition_id_id")

    op.drop_table("outgoing_mails")
    op.drop_table("lessons")
    op.drop_table("graded_groups")
    op.drop_table("glossary_terms")
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolments_person_id"))
        batch_op.drop_index("ix_enrolments_edition_id_role_state")

    op.drop_table("enrolments")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_edition_id_id")
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_id"))

    op.drop_table("audit_entries")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_person_id"))

    op.drop_table("sign_ins")
    op.drop_table("quizzes")
    op.drop_table("modules")
    with op.batch_alter_table("editions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_editions_course_id"))

    op.drop_table("editions")
    with op.batch_alter_table("rate_limits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_limits_ends_at"))

    op.drop_table("rate_limits")
    op.drop_table("people")
    op.drop_table("figures")
    op.drop_table("courses")
