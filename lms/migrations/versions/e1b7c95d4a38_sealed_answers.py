"""Answers of questionnaires are sealed while they are open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e1b7c95d4a38"
down_revision = "9c4e7b1f3d58"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "questionnaire_envelopes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("questionnaire_id", key, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaires.id"], name=op.f("fk_questionnaire_envelopes_questionnaire_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_envelopes")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_questionnaire_envelopes_questionnaire_id", "questionnaire_envelopes", ["questionnaire_id"])


def downgrade() -> None:
    """Take the change back; answers that are sealed are lost."""
    op.drop_table("questionnaire_envelopes")
