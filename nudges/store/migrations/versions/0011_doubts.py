"""An index of what was in doubt: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

IS_DOUBT = sa.text("unknown_at IS NOT NULL")


def upgrade() -> None:
    """Take the step; the few rows that were ever unknown are then found without looking at the others."""
    op.create_index(
        "ix_deliveries_doubt",
        "deliveries",
        ["workspace_id", "unknown_at"],
        sqlite_where=IS_DOUBT,
        postgresql_where=IS_DOUBT,
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_deliveries_doubt", table_name="deliveries")
