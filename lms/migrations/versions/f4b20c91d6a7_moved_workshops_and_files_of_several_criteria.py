"""moved workshops and files of several criteria."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.core.db import Moment

revision = "f4b20c91d6a7"
down_revision = "d5a1c83e7f06"
branch_labels = None
depends_on = None
FILES = sa.table("score_files", *(sa.column(name) for name in ("id", "criterion", "done_at", "state", "people")), sa.column("values", sa.JSON))


def upgrade() -> None:
    """Apply the change."""
    op.add_column("invitations", sa.Column("confirm_by", Moment(), nullable=True))
    op.add_column("selection_runs", sa.Column("stamp", sa.Text(), server_default="", nullable=False))
    op.add_column("score_files", sa.Column("people", sa.Integer(), server_default="0", nullable=False))
    op.add_column("score_files", sa.Column("empty", sa.Integer(), server_default="0", nullable=False))
    op.add_column("score_files", sa.Column("ignored", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("score_files", sa.Column("state", sa.Text(), server_default="draft", nullable=False))
    op.add_column("score_files", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    long_ago = "2000-01-01 00:00:00.000000" + ("" if op.get_bind().dialect.name == "sqlite" else "+00")
    op.add_column("score_files", sa.Column("due_at", Moment(), server_default=long_ago, nullable=False))
    op.add_column("score_files", sa.Column("last_error", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_score_files_state_due_at", "score_files", ["state", "due_at"])
    op.execute(FILES.update().where(FILES.c.done_at.is_not(None)).values(state="done"))
    files = op.get_bind()
    drafts = sa.select(FILES.c.id, FILES.c.criterion, FILES.c["values"]).where(FILES.c.state == "draft")
    for number, criterion, values in files.execute(drafts).all():
        by_criterion = [{"criterion": criterion, "values": {str(value["id"]): value["value"] for value in values}}]
        files.execute(FILES.update().where(FILES.c.id == number).values(people=len(values), values=by_criterion))


def downgrade() -> None:
    """Take it back; files that were not imported are to be uploaded again."""
    op.execute(FILES.delete().where(FILES.c.state != "done"))
    op.drop_index("ix_score_files_state_due_at", "score_files")
    for name in ("last_error", "due_at", "tries", "state", "ignored", "empty", "people"):
        op.drop_column("score_files", name)
    op.drop_column("selection_runs", "stamp")
    op.drop_column("invitations", "confirm_by")
