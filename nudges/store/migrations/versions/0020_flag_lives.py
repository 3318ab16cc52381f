"""What became of each flag, and who did it: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_INSTANTS = ("moved_at", "asked_at", "started_at", "over_at", "eased_until")
_WORDS = ("play", "reason")


def upgrade() -> None:
    """Take the step; a flag from before is in its state since it was opened."""
    for name in _INSTANTS:
        op.add_column("flags", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in _WORDS:
        op.add_column("flags", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("flags", sa.Column("probability", sa.Float(), nullable=True))
    op.add_column("flags", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "flag_events",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("actor_id", "about_id", "detail")),
        sa.PrimaryKeyConstraint("workspace_id", "flag_id", "number", name="pk_flag_events"),
    )


def downgrade() -> None:
    """Take it back; what happened to the flags is lost, their states stay."""
    op.drop_table("flag_events")
    for name in ("revision", "probability", *_WORDS, *_INSTANTS):
        op.drop_column("flags", name)
