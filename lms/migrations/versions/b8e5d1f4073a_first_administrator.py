"""the first administrator of an installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "b8e5d1f4073a"
down_revision = "a9e2c4d81b57"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table("first_runs",
    sa.Column("token_hash", sa.Text(), nullable=False),
    sa.Column("expires_at", Moment(), nullable=False),
    sa.Column("used_at", Moment(), nullable=True),
    sa.Column("id", KEY, nullable=False),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_first_runs")),
    sa.UniqueConstraint("token_hash", name=op.f("uq_first_runs_token_hash"))
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("first_runs")
