"""Counts that outlive their rows, and when somebody left an audience: this module is one step of the shape."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_deliveries_books": ["campaign_id", "nudge_key", "status", "reason", "is_enqueued"],
    "ix_deliveries_decided": ["campaign_id", "nudge_key", "person_id", "status"],
    "ix_deliveries_sent": ["workspace_id", "sent_at"],
}


def upgrade() -> None:
    """Take the step."""
    op.add_column("audience", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_deliveries_campaign", table_name="deliveries")
    for name, columns in INDEXES.items():
        op.create_index(name, "deliveries", columns, unique=False)
    op.create_table(
        "past_counts",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("nudge_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_enqueued", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "campaign_id", "nudge_key", "kind", "value", "reason", "is_enqueued", name=op.f("pk_past_counts")
        ),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("past_counts")
    for name in INDEXES:
        op.drop_index(name, table_name="deliveries")
    op.create_index("ix_deliveries_campaign", "deliveries", ["campaign_id", "nudge_key", "status"], unique=False)
    with op.batch_alter_table("audience") as audience:
        audience.drop_column("left_at")
