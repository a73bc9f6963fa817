"""names in reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "c2e8f0417d5a"
down_revision = "c4e7a1b9d260"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "report_name_consents",
        sa.Column("enrolment_id", KEY, nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_report_name_consents_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_name_consents")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_report_name_consents_enrolment_id")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("report_name_consents")
