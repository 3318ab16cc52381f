"""What people wish of our attention, and who came late: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

from nudges.store.engine import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WORDS = ("topics", "own_hours")
INSTANTS = ("fewer_since", "back_at")


def upgrade() -> None:
    """Take the step; nobody has asked for anything yet."""
    for name in WORDS:
        op.add_column("preferences", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in INSTANTS:
        op.add_column("preferences", sa.Column(name, UtcDateTime(), nullable=True))
    op.create_index("ix_audience_entered", "audience", ["campaign_id", "entered_at"])


def downgrade() -> None:
    """Take it back; these wishes go with it."""
    op.drop_index("ix_audience_entered", table_name="audience")
    with op.batch_alter_table("preferences") as batch:
        for name in (*WORDS, *INSTANTS):
            batch.drop_column(name)
