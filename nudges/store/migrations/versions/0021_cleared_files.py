"""When a forgotten person's traces were gone from the files too: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step; whoever was forgotten before counts as not cleared, so the files are written anew once."""
    op.add_column("forgotten", sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("forgotten", "cleared_at")
