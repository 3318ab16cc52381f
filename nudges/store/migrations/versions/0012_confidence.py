"""How sure people were of an answer: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step; who answered before was not asked."""
    op.add_column("responses", sa.Column("confidence", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back; the table is altered in place, because its triggers would not survive a copy."""
    op.drop_column("responses", "confidence")
