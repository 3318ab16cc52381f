"""Counts beside the rows: this module is one step of the database's shape; env.py adds the triggers that keep them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEYS = ("campaign_id", "kind", "nudge_key", "value", "reason", "is_enqueued", "segment", "quarter", "workspace_id")
BOOKS = ["campaign_id", "nudge_key", "status", "reason", "is_enqueued"]


def upgrade() -> None:
    """Take the step; what was read from the widest index is read from the counts."""
    op.create_table(
        "rollups",
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("nudge_key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_enqueued", sa.Boolean(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("quarter", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*KEYS, name="pk_rollups"),
    )
    op.create_index("ix_rollups_workspace", "rollups", ["workspace_id", "kind", "value", "quarter"])
    op.create_index("ix_responses_nudge", "responses", ["campaign_id", "person_id", "nudge_key"])
    op.drop_index("ix_responses_campaign_id", table_name="responses")
    op.drop_index("ix_deliveries_books", table_name="deliveries")


def downgrade() -> None:
    """Take it back."""
    op.create_index("ix_deliveries_books", "deliveries", BOOKS)
    op.create_index("ix_responses_campaign_id", "responses", ["campaign_id"])
    op.drop_index("ix_responses_nudge", table_name="responses")
    op.drop_table("rollups")
