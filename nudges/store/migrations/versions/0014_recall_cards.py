"""Questions that come back: this module is one step of its shape; env.py makes the counting triggers anew."""

import sqlalchemy as sa
from alembic import op

from nudges.store.engine import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

DECIDED = ["campaign_id", "nudge_key", "person_id", "status", "sent_at"]


def upgrade() -> None:
    """Take the step; whose turn it is after another nudge must be told without the questions that came back."""
    op.create_table(
        "recall_cards",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("nudge_key", sa.String(), nullable=False),
        sa.Column("stability", sa.Float(), nullable=False),
        sa.Column("difficulty", sa.Float(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("is_sure_error", sa.Boolean(), nullable=False),
        sa.Column("met_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("look_at", UtcDateTime(), nullable=True),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("ended", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "campaign_id", "nudge_key", name="pk_recall_cards"),
    )
    op.create_index("ix_recall_cards_look", "recall_cards", ["workspace_id", "look_at", "person_id"])
    op.create_index("ix_recall_cards_campaign", "recall_cards", ["campaign_id", "ended"])
    op.drop_index("ix_deliveries_decided", table_name="deliveries")
    op.create_index("ix_deliveries_decided", "deliveries", [*DECIDED, "occurrence"])


def downgrade() -> None:
    """Take it back; no question comes back then."""
    op.drop_index("ix_deliveries_decided", table_name="deliveries")
    op.create_index("ix_deliveries_decided", "deliveries", DECIDED)
    op.drop_table("recall_cards")
