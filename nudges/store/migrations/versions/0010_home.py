"""Where a PostgreSQL database stands: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step; what is not known yet is learned at the next start."""
    op.add_column("instance", sa.Column("home", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("instance") as batch:
        batch.drop_column("home")
