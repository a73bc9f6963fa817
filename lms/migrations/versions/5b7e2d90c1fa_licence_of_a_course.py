"""licence and date of a course."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b7e2d90c1fa"
down_revision = "e1b7c95d4a38"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("courses", sa.Column("licence", sa.Text(), server_default="", nullable=False))
    op.add_column("courses", sa.Column("updated", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("courses", "updated")
    op.drop_column("courses", "licence")
