"""acts by whom and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8d41c7f0e2b6"
down_revision = "2b8e4f6a91c3"
branch_labels = None
depends_on = None
COLUMNS = ("edition_id", "actor_id", "about_id", "action")
ABOUT = """
UPDATE audit_entries SET about_id = CASE subject
    WHEN 'person' THEN (SELECT id FROM people WHERE people.id = subject_id)
    WHEN 'enrolment' THEN (SELECT person_id FROM enrolments WHERE enrolments.id = subject_id) END
WHERE subject IN ('person', 'enrolment')
"""


def upgrade() -> None:
    """Apply the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("audit_entries") as batch_op:
        batch_op.drop_index("ix_audit_entries_edition_id_id")
        batch_op.drop_index("ix_audit_entries_actor_id")
        batch_op.add_column(sa.Column("about_id", key, nullable=True))
        batch_op.create_foreign_key("fk_audit_entries_about_id", "people", ["about_id"], ["id"])
    op.execute(ABOUT)
    op.create_index("ix_audit_entries_at_id", "audit_entries", ["at", "id"])
    op.create_index("ix_audit_entries_edition_id_action_at", "audit_entries", ["edition_id", "action", "at", "id"])
    for column in COLUMNS:
        op.create_index(f"ix_audit_entries_{column}_at", "audit_entries", [column, "at", "id"])


def downgrade() -> None:
    """Take the change back."""
    for column in COLUMNS:
        op.drop_index(f"ix_audit_entries_{column}_at", "audit_entries")
    op.drop_index("ix_audit_entries_edition_id_action_at", "audit_entries")
    op.drop_index("ix_audit_entries_at_id", "audit_entries")
    with op.batch_alter_table("audit_entries") as batch_op:
        batch_op.drop_constraint("fk_audit_entries_about_id", type_="foreignkey")
        batch_op.drop_column("about_id")
        batch_op.create_index("ix_audit_entries_actor_id", ["actor_id"])
        batch_op.create_index("ix_audit_entries_edition_id_id", ["edition_id", "id"])
