"""pages of a course."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4734b366cceb"
down_revision = "1a6ab5944870"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table("pages",
    sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("slug", sa.Text(), nullable=False),
    sa.Column("number", sa.Integer(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("minutes", sa.Integer(), nullable=False),
    sa.Column("html", sa.Text(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_pages_course_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
    sa.UniqueConstraint("course_id", "slug", name=op.f("uq_pages_course_id_slug"))
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("pages")
