"""What may be seen of closed periods: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_CELL = ("workspace_id", "period", "scope_type", "scope_id", "kind")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "period_limits",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("r", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "period", name="pk_period_limits"),
    )
    op.create_table(
        "publications",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("scope_type", sa.String(), nullable=False),
        sa.Column("scope_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("counted_in", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*_CELL, name="pk_publications"),
    )


def downgrade() -> None:
    """Take it back; flags keep the band of their opening."""
    op.drop_table("publications")
    op.drop_table("period_limits")
