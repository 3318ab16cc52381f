"""Counts that outlive their rows, and when somebody left an audience: this module is one step of the shape."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.add_column("audience", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_deliveries_decided", "deliveries", ["campaign_id", "nudge_key", "person_id"], unique=False)
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
    op.drop_index("ix_deliveries_decided", table_name="deliveries")
    with op.batch_alter_table("audience") as audience:
        audience.drop_column("left_at")
