"""The workspaces that one process serves: this module gives each its core, on one database and one secret key."""

from bot.bootstrap import Installation, core_on
from bot.settings import Settings
from nudges.clock import Clock
from nudges.errors import SettingsError
from nudges.services.core import Core
from nudges.store.engine import Database


class NotInstalled(SettingsError):
    """The workspace has not installed the app, or has removed it."""

    code = "slack.not_installed"


class Offices:
    """One core for each workspace that has the app, built when it is first asked for."""

    def __init__(self, settings: Settings, database: Database, key: bytes, clock: Clock, own: Installation) -> None:
        self._settings = settings
        self._database = database
        self._key = key
        self._clock = clock
        self._installations = {own.workspace_id: own}
        self._cores: dict[str, Core] = {}

    def workspace_ids(self) -> list[str]:
        """Return the workspaces that have the app now."""
        return sorted(self._installations)

    def core(self, workspace_id: str) -> Core:
        """Return the core of a workspace; NotInstalled when it does not have the app."""
        if workspace_id not in self._installations:
            raise NotInstalled(f"The workspace {workspace_id} does not have the app.")
        if workspace_id not in self._cores:
            installation = self._installations[workspace_id]
            self._cores[workspace_id] = core_on(
                self._settings, installation, database=self._database, key=self._key, clock=self._clock
            )
        return self._cores[workspace_id]

    def close(self) -> None:
        """Close every connection to Slack; the database belongs to who opened it."""
        for core in self._cores.values():
            core.messenger.close()  # type: ignore[attr-defined]
