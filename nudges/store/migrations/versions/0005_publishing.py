"""Versions, approvals, pilots and changes of sent messages: this module is one step of the database's shape."""

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Take the step; what runs already keeps running as it did, and its present text becomes its first known one."""
    for table, column in _columns():
        op.add_column(table, column)
    op.create_index("ix_audience_pilot", "audience", ["campaign_id", "is_pilot"])
    _create_versions()
    _create_approvals()
    _create_changes()
    _keep_present_texts()


def downgrade() -> None:
    """Take it back."""
    for name in ("message_changes", "message_works", "approvals", "campaign_versions"):
        op.drop_table(name)
    op.drop_index("ix_audience_pilot", "audience")
    for table, column in reversed(list(_columns())):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column.name)


def _columns() -> list[tuple[str, "sa.Column[Any]"]]:
    no = sa.false()
    return [
        ("campaigns", sa.Column("content_hash", sa.String(), nullable=False, server_default="")),
        ("campaigns", sa.Column("is_piloting", sa.Boolean(), nullable=False, server_default=no)),
        ("campaigns", sa.Column("rest_starts_on", sa.Date(), nullable=True)),
        ("campaigns", sa.Column("overruled", sa.String(), nullable=False, server_default="")),
        ("audience", sa.Column("is_pilot", sa.Boolean(), nullable=False, server_default=no)),
        ("deliveries", sa.Column("version", sa.Integer(), nullable=False, server_default="0")),
    ]


def _create_versions() -> None:
    op.create_table(
        "campaign_versions",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("company_text", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("began_at", TIME, nullable=True),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "version", name="pk_campaign_versions"),
    )
    op.create_index("ix_campaign_versions_content_hash", "campaign_versions", ["content_hash"])


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("rest_starts_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("approval_id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_workspace_id", "approvals", ["workspace_id"])
    op.create_index("ix_approvals_campaign_id", "approvals", ["campaign_id"])


def _create_changes() -> None:
    op.create_table(
        "message_works",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("nudge_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("work_id", name="pk_message_works"),
    )
    op.create_index("ix_message_works_workspace_id", "message_works", ["workspace_id"])
    op.create_table(
        "message_changes",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("ready_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("work_id", "delivery_id", name="pk_message_changes"),
    )
    op.create_index("ix_message_changes_due", "message_changes", ["state", "ready_at"])


def _keep_present_texts() -> None:
    names = [
        "campaign_id",
        "version",
        "content_hash",
        "text_hash",
        "text",
        "company_text",
        "published_by",
        "published_at",
    ]
    old = sa.table("campaigns", *(sa.column(name) for name in names))
    deliveries = sa.table("deliveries", sa.column("campaign_id"), sa.column("version"), sa.column("attempt"))
    connection = op.get_bind()
    audience = "(SELECT count(*) FROM audience WHERE audience.campaign_id = :id AND left_at IS NULL)"
    for row in connection.execute(sa.select(old)).mappings().all():
        # As nudges.store.campaigns.content_hash_of does it, and as it must stay for what is stored.
        content = hashlib.sha256(f"{len(row['text'])}:{row['text']}{row['company_text']}".encode()).hexdigest()
        here = {"id": row["campaign_id"], "hash": content}
        connection.execute(sa.text("UPDATE campaigns SET content_hash = :hash WHERE campaign_id = :id"), here)
        names_kept = "campaign_id, version, content_hash, text_hash, text, company_text, published_by, published_at"
        kept = f"SELECT {names_kept}, '', published_at, {audience} FROM campaigns WHERE campaign_id = :id"  # noqa: S608
        connection.execute(sa.text(f"INSERT INTO campaign_versions {kept}"), here)
        ours = (deliveries.c.campaign_id == row["campaign_id"]) & (deliveries.c.attempt > 0)
        connection.execute(deliveries.update().where(ours).values(version=row["version"]))
