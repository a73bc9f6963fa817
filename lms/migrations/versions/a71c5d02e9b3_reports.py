"""reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "a71c5d02e9b3"
down_revision = "5e3c9a7d1f42"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "report_snapshots",
        sa.Column("edition_id", KEY, nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_report_snapshots_edition_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_report_snapshots_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_snapshots")),
    )
    op.create_index("ix_report_snapshots_edition_id_id", "report_snapshots", ["edition_id", "id"])
    op.create_table(
        "report_wordings",
        sa.Column("edition_id", KEY, nullable=False),
        sa.Column("chapter", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_report_wordings_edition_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_report_wordings_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_wordings")),
        sa.UniqueConstraint("edition_id", "chapter", "version", name=op.f("uq_report_wordings_edition_id_chapter_version")),
    )
    _documents()


def _documents() -> None:
    op.create_table(
        "report_documents",
        sa.Column("snapshot_id", KEY, nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("wording_ids", sa.JSON(), nullable=False),
        sa.Column("texts_digest", sa.Text(), nullable=False),
        sa.Column("requested_at", Moment(), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["snapshot_id"], ["report_snapshots.id"], name=op.f("fk_report_documents_snapshot_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_report_documents_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_documents")),
        sa.UniqueConstraint("snapshot_id", "form", "texts_digest", name=op.f("uq_report_documents_snapshot_id_form_texts_digest")),
    )
    op.create_index("ix_report_documents_state_due_at", "report_documents", ["state", "due_at"])


def downgrade() -> None:
    """Take the change back."""
    for table in ("report_documents", "report_wordings", "report_snapshots"):
        op.drop_table(table)
