"""deliveries and frozen accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "3f7a90d2c5e8"
down_revision = "8d41c7f0e2b6"
branch_labels = None
depends_on = None
FACTS = ["edition_id", "country", "gender", "sector", "role", "state", "id"]


def upgrade() -> None:
    """Apply the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("people", sa.Column("frozen_at", Moment(), nullable=True))
    op.create_table("mailings",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("author_id", key, nullable=True),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("subject", sa.Text(), nullable=False),
    sa.Column("url", sa.Text(), nullable=False),
    sa.Column("count", sa.Integer(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_mailings_author_id")),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_mailings_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings"))
    )
    op.create_index("ix_mailings_edition_id_id", "mailings", ["edition_id", "id"])
    with op.batch_alter_table("outgoing_mails") as batch_op:
        batch_op.add_column(sa.Column("mailing_id", key, nullable=True))
        batch_op.create_foreign_key("fk_outgoing_mails_mailing_id", "mailings", ["mailing_id"], ["id"])
    op.create_index("ix_outgoing_mails_mailing_id_state", "outgoing_mails", ["mailing_id", "state", "id"])
    op.create_index("ix_outgoing_mails_edition_id_state", "outgoing_mails", ["edition_id", "state", "id"])
    op.create_table("people_counts",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("stages", sa.JSON(), nullable=False),
    sa.Column("rows", sa.JSON(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_people_counts_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_people_counts")),
    sa.UniqueConstraint("edition_id", name=op.f("uq_people_counts_edition_id"))
    )
    op.create_index("ix_enrolments_facts", "enrolments", FACTS)
    if op.get_bind().dialect.name == "postgresql":  # elsewhere the unique index finds the beginnings of addresses, too
        op.create_index("ix_people_email_begins", "people", ["email"], postgresql_ops={"email": "text_pattern_ops"})


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_people_email_begins", "people")
    op.drop_index("ix_enrolments_facts", "enrolments")
    op.drop_table("people_counts")
    op.drop_index("ix_outgoing_mails_edition_id_state", "outgoing_mails")
    op.drop_index("ix_outgoing_mails_mailing_id_state", "outgoing_mails")
    with op.batch_alter_table("outgoing_mails") as batch_op:
        batch_op.drop_constraint("fk_outgoing_mails_mailing_id", type_="foreignkey")
        batch_op.drop_column("mailing_id")
    op.drop_table("mailings")
    with op.batch_alter_table("people") as batch_op:
        batch_op.drop_column("frozen_at")
