"""pulse of the background."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "7c1d2e9a40b6"
down_revision = "7d5c0d497c87"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table("pulses",
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_pulses")),
    sa.UniqueConstraint("name", name=op.f("uq_pulses_name"))
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("pulses")
