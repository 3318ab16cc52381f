"""What segments ask for beside the people file: this module is one step of the database's shape."""

import sqlalchemy as sa
from alembic import op

from nudges.domain.people.samples import lot_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BATCH = 500


def upgrade() -> None:
    """Take the step; who is known already gets the lot that their id draws."""
    op.add_column("people", sa.Column("lot", sa.BigInteger(), nullable=False, server_default="0"))
    _draw_lots()
    op.create_table(
        "group_members",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "group_id", "person_id", name="pk_group_members"),
    )
    op.create_table(
        "group_readings",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "group_id", name="pk_group_readings"),
    )
    op.create_table(
        "usage",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("active_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "person_id", "week_on", "tool", name="pk_usage"),
    )
    op.create_index("ix_usage_weeks", "usage", ["workspace_id", "week_on"])


def downgrade() -> None:
    """Take it back."""
    for name in ("usage", "group_readings", "group_members"):
        op.drop_table(name)
    with op.batch_alter_table("people") as people:
        people.drop_column("lot")


def _draw_lots() -> None:
    people = sa.table("people", sa.column("person_id"), sa.column("lot"))
    connection = op.get_bind()
    ids = list(connection.execute(sa.select(people.c.person_id).distinct()).scalars())
    lots = [{"id": person_id, "drawn": lot_of(person_id)} for person_id in ids]
    change = people.update().where(people.c.person_id == sa.bindparam("id")).values(lot=sa.bindparam("drawn"))
    for start in range(0, len(lots), BATCH):
        connection.execute(change, lots[start : start + BATCH])
