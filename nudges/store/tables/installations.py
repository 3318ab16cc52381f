"""One group of tables: this module is who has installed the app, and installations that are under way."""

from datetime import datetime

from sqlmodel import Field

from nudges.store.engine import UtcDateTime
from nudges.store.tables.base import Row


class InstallationRow(Row, table=True):
    """The app in one workspace, or in a whole organisation; tokens are sealed, and empty once it has ended."""

    __tablename__ = "installations"
    workspace_id: str = Field(primary_key=True)
    enterprise_id: str = ""
    is_org: bool = False
    name: str = ""
    app_id: str = ""
    bot_user_id: str = ""
    scopes: str = ""
    access_token: str = ""
    refresh_token: str = ""
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    generation: int = 1
    renewing_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    installed_by: str = ""
    installed_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OauthStateRow(Row, table=True):
    """One installation that was begun and has not come back from Slack; hashes only."""

    __tablename__ = "oauth_states"
    state_hash: str = Field(primary_key=True)
    browser_hash: str
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
