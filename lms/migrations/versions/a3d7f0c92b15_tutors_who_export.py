"""tutors who may take lists as files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a3d7f0c92b15"
down_revision = "f4b20c91d6a7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("enrolments", sa.Column("may_export", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("enrolments", "may_export")
