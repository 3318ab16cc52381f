"""What counts as said, and how much: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

from nudges.store.engine import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step; what stands there was all said by a tap, in a week that nobody wrote down."""
    op.add_column("barrier_reports", sa.Column("weight", sa.Float(), nullable=False, server_default="1"))
    op.add_column("barrier_reports", sa.Column("week", sa.Integer(), nullable=True))
    op.create_table(
        "ask_backs",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_hash", sa.String(), nullable=False),
        sa.Column("ask_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("playbook", sa.String(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_hash", name="pk_ask_backs"),
    )
    op.create_table(
        "past_reports",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "period", "kind", name="pk_past_reports"),
    )


def downgrade() -> None:
    """Take it back; guesses go, since without their weight they would count as said."""
    op.drop_table("past_reports")
    op.drop_table("ask_backs")
    op.execute("DELETE FROM barrier_reports WHERE weight < 1")
    with op.batch_alter_table("barrier_reports") as table:
        table.drop_column("week")
        table.drop_column("weight")
