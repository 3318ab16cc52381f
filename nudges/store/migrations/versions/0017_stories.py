"""What colleagues told of their own work: this module is one step of the database's shape."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_EMPTY = ("author_id", "author_name", "department", "role", "title", "team", "manager_id", "language", "playbook")


def upgrade() -> None:
    """Take the step."""
    op.create_table("stories", *_columns(), sa.PrimaryKeyConstraint("workspace_id", "story_id", name="pk_stories"))
    op.create_index("ix_stories_author_hash", "stories", ["author_hash"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_stories_author_hash", "stories")
    op.drop_table("stories")


def _columns() -> "Iterator[sa.Column[Any]]":
    for name in ("workspace_id", "story_id", "author_hash", *_EMPTY, "consent", "state", "words", "edited"):
        yield sa.Column(name, sa.String(), nullable=False)
    for name in ("told_on", "keep_until"):
        yield sa.Column(name, sa.Date(), nullable=False)
    for name in ("decided_by", "reason"):
        yield sa.Column(name, sa.String(), nullable=False)
    yield sa.Column("campaign_id", sa.Integer(), nullable=True)
    for name in ("shared_on", "credited_on"):
        yield sa.Column(name, sa.Date(), nullable=True)
    yield sa.Column("revision", sa.Integer(), nullable=False)
