"""outages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "f2c60a8d4b19"
down_revision = "a3d7f0c92b15"
branch_labels = None
depends_on = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "outages",
        sa.Column("edition_id", KEY, nullable=True),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by_id", KEY, nullable=True),
        sa.Column("entered_at", Moment(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_outages_edition_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_outages_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
        sa.UniqueConstraint("edition_id", "since", "until", "country", name=op.f("uq_outages_edition_id_since_until_country")),
    )
    op.create_index("ix_outages_until", "outages", ["until", "id"])
    only = sa.text("edition_id IS NULL")
    op.create_index("uq_outages_detected", "outages", ["since"], unique=True, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "outage_decisions",
        sa.Column("edition_id", KEY, nullable=False),
        sa.Column("outage_id", KEY, nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_outage_decisions_edition_id")),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name=op.f("fk_outage_decisions_outage_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_outage_decisions_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_decisions")),
        sa.UniqueConstraint("edition_id", "outage_id", name=op.f("uq_outage_decisions_edition_id_outage_id")),
    )
    op.create_index("ix_outage_decisions_outage_id", "outage_decisions", ["outage_id"])
    op.create_table(
        "outage_remedies",
        sa.Column("decision_id", KEY, nullable=False),
        sa.Column("enrolment_id", KEY, nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["outage_decisions.id"], name=op.f("fk_outage_remedies_decision_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_outage_remedies_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_remedies")),
        sa.UniqueConstraint("decision_id", "enrolment_id", name=op.f("uq_outage_remedies_decision_id_enrolment_id")),
    )
    op.create_index("ix_outage_remedies_state_due_at", "outage_remedies", ["state", "due_at"])
    op.create_index("ix_outage_remedies_enrolment_id", "outage_remedies", ["enrolment_id"])
    op.add_column("quiz_attempts", sa.Column("cut_short", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_quiz_attempts_deadline", "quiz_attempts", ["deadline"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_quiz_attempts_deadline", "quiz_attempts")
    op.drop_column("quiz_attempts", "cut_short")
    op.drop_table("outage_remedies")
    op.drop_table("outage_decisions")
    op.drop_table("outages")
