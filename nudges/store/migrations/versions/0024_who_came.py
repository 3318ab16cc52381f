"""Who came to a workshop, as they say and as the host says: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    for name in ("own_word", "host_word"):
        op.add_column("workshop_seats", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it back; what was said goes with it."""
    for name in ("host_word", "own_word"):
        op.drop_column("workshop_seats", name)
