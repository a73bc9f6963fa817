"""invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "a4d19c7be052"
down_revision = "a71c5d02e9b3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table("gatherings",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("place", sa.Text(), nullable=False),
    sa.Column("starts_on", sa.Date(), nullable=False),
    sa.Column("ends_on", sa.Date(), nullable=False),
    sa.Column("answer_days", sa.Integer(), nullable=False),
    sa.Column("freeze_on", sa.Date(), nullable=False),
    sa.Column("delete_on", sa.Date(), nullable=False),
    sa.Column("automatic", sa.Boolean(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_gatherings_edition_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_gatherings")),
    sa.UniqueConstraint("edition_id", name=op.f("uq_gatherings_edition_id"))
    )
    op.create_table("invitations",
    sa.Column("edition_id", key, nullable=False),
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("instead_of_id", key, nullable=True),
    sa.Column("answer_by", Moment(), nullable=True),
    sa.Column("invited_at", Moment(), nullable=True),
    sa.Column("asked_again_at", Moment(), nullable=True),
    sa.Column("changed_at", Moment(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_invitations_edition_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_invitations_enrolment_id")),
    sa.ForeignKeyConstraint(["instead_of_id"], ["invitations.id"], name=op.f("fk_invitations_instead_of_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_invitations_enrolment_id")),
    sa.UniqueConstraint("instead_of_id", name=op.f("uq_invitations_instead_of_id"))
    )
    op.create_index("ix_invitations_edition_id_state", "invitations", ["edition_id", "state", "id"])
    op.create_table("passport_pages",
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("sealed", sa.LargeBinary(), nullable=False),
    sa.Column("uploaded_at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_passport_pages_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_passport_pages")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_passport_pages_enrolment_id"))
    )
    op.create_table("travel_changes",
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("sealed", sa.Text(), nullable=False),
    sa.Column("asked_at", Moment(), nullable=False),
    sa.Column("decided_at", Moment(), nullable=True),
    sa.Column("decided_by_id", key, nullable=True),
    sa.Column("granted", sa.Boolean(), nullable=True),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_travel_changes_decided_by_id")),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_travel_changes_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_changes"))
    )
    op.create_index("ix_travel_changes_enrolment_id_decided_at", "travel_changes", ["enrolment_id", "decided_at"])
    op.create_table("travel_details",
    sa.Column("enrolment_id", key, nullable=False),
    sa.Column("sealed", sa.Text(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("changed_at", Moment(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_travel_details_enrolment_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_details")),
    sa.UniqueConstraint("enrolment_id", name=op.f("uq_travel_details_enrolment_id"))
    )
    op.create_table("invitation_steps",
    sa.Column("invitation_id", key, nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("by_id", key, nullable=True),
    sa.Column("before", sa.Text(), nullable=False),
    sa.Column("after", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("id", key, nullable=False),
    sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_invitation_steps_by_id")),
    sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name=op.f("fk_invitation_steps_invitation_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_steps"))
    )
    op.create_index("ix_invitation_steps_invitation_id_id", "invitation_steps", ["invitation_id", "id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("invitation_steps")
    op.drop_table("travel_details")
    op.drop_table("travel_changes")
    op.drop_table("passport_pages")
    op.drop_table("invitations")
    op.drop_table("gatherings")
