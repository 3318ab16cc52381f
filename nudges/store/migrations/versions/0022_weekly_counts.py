"""What groups did in closed weeks, and why a flag was raised: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_KEY = ("workspace_id", "week", "scope_type", "scope_id")


def upgrade() -> None:
    """Take the step; weeks from before are not counted any more, so the look begins anew."""
    op.create_table(
        "weeks",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "week", name="pk_weeks"),
    )
    op.create_table(
        "weekly_counts",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("scope_type", "scope_id")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("members", "asked", "answered", "usable", "used")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("department", "place")),
        sa.PrimaryKeyConstraint(*_KEY, name="pk_weekly_counts"),
    )
    op.add_column("flags", sa.Column("why", sa.JSON(), nullable=True))
    op.add_column("flags", sa.Column("heard_in", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it back; flags keep what they say, without the reason why."""
    for name in ("heard_in", "why"):
        op.drop_column("flags", name)
    op.drop_table("weekly_counts")
    op.drop_table("weeks")
