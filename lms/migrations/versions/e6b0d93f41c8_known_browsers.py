"""known browsers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "e6b0d93f41c8"
down_revision = "5b7e2d90c1fa"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table("known_browsers",
    sa.Column("person_id", KEY, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("first_at", Moment(), nullable=False),
    sa.Column("last_at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_known_browsers_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_known_browsers")),
    sa.UniqueConstraint("person_id", "kind", name=op.f("uq_known_browsers_person_id_kind"))
    )
    op.create_index("ix_known_browsers_last_at", "known_browsers", ["last_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("known_browsers")
