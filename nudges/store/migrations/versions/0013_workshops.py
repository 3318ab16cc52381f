"""Workshops and their seats: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

from nudges.store.engine import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KEY = ("workspace_id", "campaign_id", "nudge_key", "session")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "workshops",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("nudge_key", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_workshops"),
    )
    op.create_table(
        "workshop_seats",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("nudge_key", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, "person_id", name="pk_workshop_seats"),
    )
    op.create_index("ix_workshop_seats_person_id", "workshop_seats", ["person_id"])


def downgrade() -> None:
    """Take it back; who has a seat goes with it."""
    op.drop_table("workshop_seats")
    op.drop_table("workshops")
