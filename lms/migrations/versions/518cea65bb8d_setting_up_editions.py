"""setting up editions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "518cea65bb8d"
down_revision = "51b3acbe085e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table("extensions",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("enrolment_id", key, nullable=True),
    sa.Column("country", sa.Text(), nullable=True),
    sa.Column("module", sa.Text(), nullable=True),
    sa.Column("hours", sa.Integer(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("granted_by_id", key, nullable=True),
    sa.Column("granted_at", Moment(), nullable=False),
    sa.Column("withdrawn_by_id", key, nullable=True),
    sa.Column("withdrawn_at", Moment(), nullable=True),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_extensions_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_extensions_enrolment_id")),
    sa.ForeignKeyConstraint(["granted_by_id"], ["people.id"], name=op.f("fk_extensions_granted_by_id")),
    sa.ForeignKeyConstraint(["withdrawn_by_id"], ["people.id"], name=op.f("fk_extensions_withdrawn_by_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions"))
    )
    op.create_index(op.f("ix_extensions_edition_id"), "extensions", ["edition_id"])
    op.create_index(op.f("ix_extensions_enrolment_id"), "extensions", ["enrolment_id"])
    op.add_column("editions", sa.Column("attempts", sa.Integer(), nullable=True))
    op.add_column("editions", sa.Column("schedule", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("editions", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("editions", sa.Column("extended", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("editions") as batch_op:
        batch_op.drop_column("extended")
        batch_op.drop_column("version")
        batch_op.drop_column("schedule")
        batch_op.drop_column("attempts")
    op.drop_table("extensions")
