"""What people keep and choose in Home: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

from nudges.store.engine import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "saved_nudges",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("nudge_key", sa.String(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "campaign_id", "nudge_key", name="pk_saved_nudges"),
    )
    op.create_table(
        "votes",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("voted_at", UtcDateTime(), nullable=False),
        sa.Column("playbook", sa.String(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "quarter", "person_id", "voted_at", name="pk_votes"),
    )


def downgrade() -> None:
    """Take it back; what people kept and chose goes with it."""
    op.drop_table("votes")
    op.drop_table("saved_nudges")
