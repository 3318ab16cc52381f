"""Several processes on PostgreSQL: this module is one step of the database's shape.

procrastinate's own tables are not made here: they belong to its version, see nudges/store/queue_shape.py.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "processes",
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("process_id", name="pk_processes"),
    )
    op.create_table(
        "paces",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("saved_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_paces"),
    )
    op.create_table(
        "queue_steps",
        sa.Column("step", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("step", name="pk_queue_steps"),
    )


def downgrade() -> None:
    """Take it back."""
    for name in ("queue_steps", "paces", "processes"):
        op.drop_table(name)
