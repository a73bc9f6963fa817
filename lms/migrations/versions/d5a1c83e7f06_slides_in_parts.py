"""slides in parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "d5a1c83e7f06"
down_revision = "e6b0d93f41c8"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table("case_uploads",
    sa.Column("enrolment_id", KEY, nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("size", sa.Integer(), nullable=False),
    sa.Column("stamp", sa.Text(), nullable=False),
    sa.Column("received", sa.Integer(), nullable=False),
    sa.Column("begun_at", Moment(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_case_uploads_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_case_uploads")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_case_uploads_enrolment_id"))
    )
    op.create_index(op.f("ix_case_uploads_begun_at"), "case_uploads", ["begun_at"])
    op.create_table("case_upload_parts",
    sa.Column("upload_id", KEY, nullable=False),
    sa.Column("start", sa.Integer(), nullable=False),
    sa.Column("body", sa.LargeBinary(), nullable=False),
    sa.Column("id", KEY, nullable=False),
    sa.ForeignKeyConstraint(["upload_id"], ["case_uploads.id"], name=op.f("fk_case_upload_parts_upload_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_case_upload_parts")),
    sa.UniqueConstraint("upload_id", "start", name=op.f("uq_case_upload_parts_upload_id_start"))
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("case_upload_parts")
    op.drop_table("case_uploads")
