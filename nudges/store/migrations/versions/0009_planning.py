"""Indexes for planning: this module is one step of the database's shape."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DECIDED = ["campaign_id", "nudge_key", "person_id", "status"]


def upgrade() -> None:
    """Take the step; whose turn comes after another nudge, and what is stale, is then read from an index alone."""
    op.drop_index("ix_deliveries_decided", table_name="deliveries")
    op.create_index("ix_deliveries_decided", "deliveries", [*DECIDED, "sent_at"])
    op.create_index("ix_deliveries_stale", "deliveries", ["workspace_id", "status", "fresh_until"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_deliveries_stale", table_name="deliveries")
    op.drop_index("ix_deliveries_decided", table_name="deliveries")
    op.create_index("ix_deliveries_decided", "deliveries", DECIDED)
