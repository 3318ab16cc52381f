"""Where each workspace's needs go; counts that nothing read go: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.add_column("need_posts", sa.Column("url", sa.String(), nullable=False, server_default=""))
    op.drop_table("past_reports")


def downgrade() -> None:
    """Take it back; the counts begin anew."""
    op.create_table(
        "past_reports",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "period", "kind", name="pk_past_reports"),
    )
    op.drop_column("need_posts", "url")
