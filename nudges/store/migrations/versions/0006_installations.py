"""Installations by OAuth, and workspaces that have left: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Take the step."""
    op.add_column("workspaces", sa.Column("ended_at", TIME, nullable=True))
    op.create_table(
        "installations",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=False),
        sa.Column("is_org", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("bot_user_id", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("access_token", sa.String(), nullable=False),
        sa.Column("refresh_token", sa.String(), nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("renewing_at", TIME, nullable=True),
        sa.Column("installed_by", sa.String(), nullable=False),
        sa.Column("installed_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", name="pk_installations"),
    )
    op.create_table(
        "oauth_states",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_oauth_states"),
    )
    op.create_index("ix_oauth_states_expires_at", "oauth_states", ["expires_at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_oauth_states_expires_at", "oauth_states")
    op.drop_table("oauth_states")
    op.drop_table("installations")
    with op.batch_alter_table("workspaces") as batch:
        batch.drop_column("ended_at")
