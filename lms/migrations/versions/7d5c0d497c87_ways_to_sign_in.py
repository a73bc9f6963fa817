"""ways to sign in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "7d5c0d497c87"
down_revision = "4734b366cceb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table("address_changes",
    sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("email", sa.Text(), nullable=False),
    sa.Column("token_hash", sa.Text(), nullable=False),
    sa.Column("asked_at", Moment(), nullable=False),
    sa.Column("expires_at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_address_changes_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_address_changes")),
    sa.UniqueConstraint("person_id", name=op.f("uq_address_changes_person_id")),
    sa.UniqueConstraint("token_hash", name=op.f("uq_address_changes_token_hash"))
    )
    op.create_index(op.f("ix_address_changes_expires_at"), "address_changes", ["expires_at"])

    op.create_table("half_sign_ins",
    sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("token_hash", sa.Text(), nullable=False),
    sa.Column("expires_at", Moment(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_half_sign_ins_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_half_sign_ins")),
    sa.UniqueConstraint("token_hash", name=op.f("uq_half_sign_ins_token_hash"))
    )
    op.create_index(op.f("ix_half_sign_ins_expires_at"), "half_sign_ins", ["expires_at"])
    op.create_index(op.f("ix_half_sign_ins_person_id"), "half_sign_ins", ["person_id"])

    op.create_table("recovery_codes",
    sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("code_hash", sa.Text(), nullable=False),
    sa.Column("used_at", Moment(), nullable=True),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    sa.UniqueConstraint("person_id", "code_hash", name=op.f("uq_recovery_codes_person_id_code_hash"))
    )
    op.create_table("second_factors",
    sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column("secret", sa.Text(), nullable=False),
    sa.Column("last_step", sa.BigInteger(), nullable=False),
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_second_factors_person_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
    sa.UniqueConstraint("person_id", name=op.f("uq_second_factors_person_id"))
    )
    op.add_column("enrolments", sa.Column("modules", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("people", sa.Column("printed_name_confirmed_at", Moment(), nullable=True))
    op.add_column("people", sa.Column("second_factor_at", Moment(), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("people", "second_factor_at")
    op.drop_column("people", "printed_name_confirmed_at")
    op.drop_column("enrolments", "modules")
    for table in ("second_factors", "recovery_codes", "half_sign_ins", "address_changes"):
        op.drop_table(table)
