"""Title and language as Slack tells them: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ("slack_title", "slack_language")


def upgrade() -> None:
    """Take the step; the next reading of the directory fills the columns."""
    for name in COLUMNS:
        op.add_column("people", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("people") as people:
        for name in COLUMNS:
            people.drop_column(name)
