"""What people lack to use a tool, and what was decided: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "needs",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "tool", "band")),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("opened_at", "heard_at")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("decision", "why", "by_id")),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "number", name="pk_needs"),
    )
    op.create_table(
        "need_posts",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in ("next_at", "posted_at")),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_need_posts"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("need_posts")
    op.drop_table("needs")
