"""questionnaires."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "c4e7a1b9d260"
down_revision = "b83f10c6d5e7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "questionnaires",
        sa.Column("edition_id", key, nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("opens_at", Moment(), nullable=False),
        sa.Column("closes_at", Moment(), nullable=False),
        sa.Column("sealed_at", Moment(), nullable=True),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", key, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_questionnaires_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaires")),
    )
    op.create_index("ix_questionnaires_edition_id_opens_at", "questionnaires", ["edition_id", "opens_at", "id"])
    op.create_table(
        "questionnaire_receipts",
        sa.Column("questionnaire_id", key, nullable=False),
        sa.Column("enrolment_id", key, nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_questionnaire_receipts_enrolment_id")),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_questionnaire_receipts_questionnaire_id")),
        sa.PrimaryKeyConstraint("questionnaire_id", "enrolment_id", name=op.f("pk_questionnaire_receipts")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_questionnaire_receipts_enrolment_id", "questionnaire_receipts", ["enrolment_id"])
    op.create_table(
        "questionnaire_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("questionnaire_id", key, nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("quotable", sa.Boolean(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_questionnaire_answers_questionnaire_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_questionnaire_answers_questionnaire_id", "questionnaire_answers", ["questionnaire_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("questionnaire_answers")
    op.drop_table("questionnaire_receipts")
    op.drop_table("questionnaires")
