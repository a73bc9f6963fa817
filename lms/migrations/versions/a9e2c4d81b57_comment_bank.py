"""comment bank."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a9e2c4d81b57"
down_revision = "f2c60a8d4b19"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table("case_phrases",
    sa.Column("edition_id", KEY, nullable=False),
    sa.Column("author_id", KEY, nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("shared", sa.Boolean(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_case_phrases_author_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_case_phrases_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_case_phrases"))
    )
    op.create_index(op.f("ix_case_phrases_author_id"), "case_phrases", ["author_id"])
    op.create_index("ix_case_phrases_edition_id_author_id", "case_phrases", ["edition_id", "author_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("case_phrases")
