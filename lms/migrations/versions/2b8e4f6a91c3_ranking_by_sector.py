"""ranking by sector."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2b8e4f6a91c3"
down_revision = "6f2d81c4b7a9"
branch_labels = None
depends_on = None
INDEX = "ix_standings_edition_id_sector_final"


def upgrade() -> None:
    """Apply the change."""
    op.add_column("standings", sa.Column("sector", sa.Text(), nullable=False, server_default=""))
    sector = "SELECT sector FROM enrolments WHERE enrolments.id = standings.enrolment_id"
    op.execute(f"UPDATE standings SET sector = ({sector})")  # noqa: S608 - no value from outside
    op.create_index(INDEX, "standings", ["edition_id", "sector", "final", "enrolment_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(INDEX, "standings")
    with op.batch_alter_table("standings") as batch_op:
        batch_op.drop_column("sector")
