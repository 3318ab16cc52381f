"""The workspaces that one process serves: this module gives each its core, on one database and one secret key.

The one of SLACK_BOT_TOKEN, and all that have installed the app, through whichever process.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from bot.bootstrap import Installation, core_on, make_clock, marker_of, open_store
from bot.settings import Settings
from bot.slack_api import SlackMessenger, SlackOAuth, web_client
from nudges.clock import Clock
from nudges.errors import SettingsError
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core
from nudges.services.keeping.identity import claim_identity
from nudges.services.keeping.tombstones import hold_to_tombstones
from nudges.services.workspaces.token_box import TokenBox
from nudges.services.workspaces.tokens import StoredToken
from nudges.store import installations
from nudges.store.engine import Database
from nudges.store.installations import Installed

LOOK_EVERY_S = 1.0  # how long a list of workspaces serves: so soon a new one is seen, and one that has left is not


class NotInstalled(SettingsError):
    """The workspace has not installed the app, or has removed it."""

    code = "slack.not_installed"


@dataclass(frozen=True)
class Office:
    """One workspace as this process serves it."""

    installation: Installation
    core: Core
    token: Callable[[], str]  # what there is at hand for an answer; may have expired


class Offices:
    """One core for each workspace that has the app, built when it is first asked for; safe from any thread."""

    def __init__(
        self, settings: Settings, database: Database, key: bytes, clock: Clock, own: Installation | None = None
    ) -> None:
        self.database = database
        self.clock = clock
        self.box = TokenBox(key, settings.token_keys)
        self.oauth = oauth_of(settings)
        self._settings = settings
        self._key = key
        self._own = own
        self._lock = threading.RLock()
        self._known: dict[str, Installation] = {}
        self._resting: dict[str, str] = {}
        self._looked_at = float("-inf")
        self._open: dict[str, Office] = {}
        self._shelves: dict[Path, Shelf] = {}

    def workspace_ids(self) -> list[str]:
        """Return the workspaces that have the app now; an organisation counts as one, under its own id."""
        return sorted(self._installations())

    def names(self) -> dict[str, str]:
        """Return how each of them is called, by its id."""
        return {one.workspace_id: one.workspace_name for one in self._installations().values()}

    def resting(self) -> dict[str, str]:
        """Return the workspaces whose own installation rests, by id, with the organisation that serves them instead."""
        with self._lock:
            self._installations()
            return dict(self._resting)

    def core(self, workspace_id: str) -> Core:
        """Return the core of a workspace; NotInstalled when it does not have the app."""
        return self.office(workspace_id).core

    def office(self, workspace_id: str) -> Office:
        """Return all about a workspace; NotInstalled when it does not have the app."""
        with self._lock:
            installation = self._installations().get(workspace_id)
            if installation is None:
                # Its connections end with it; what is in flight may finish.
                self._open.pop(workspace_id, None)
                raise NotInstalled(f"The workspace {workspace_id} does not have the app.")
            office = self._open.get(workspace_id)
            if office is None or office.installation != installation:
                office = self._open[workspace_id] = self._opened(installation)
            return office

    def look_again(self) -> None:
        """Ask the database at the next question, because something was installed or has ended."""
        self._looked_at = float("-inf")

    def close(self) -> None:
        """Close every connection to Slack; the database belongs to who opened it."""
        with self._lock:
            for office in self._open.values():
                if isinstance(office.core.messenger, SlackMessenger):
                    office.core.messenger.close()
            self._open.clear()
        if self.oauth is not None:
            self.oauth.close()

    def _installations(self) -> dict[str, Installation]:
        with self._lock:
            if monotonic() - self._looked_at >= LOOK_EVERY_S:
                with self.database.reading() as session:
                    stored = installations.live(session)
                own = {self._own.workspace_id: self._own} if self._own else {}
                # Who installed it anew did so later than the setting was written.
                every = own | {one.workspace_id: _installation(one) for one in stored}
                self._resting = _resting(every)
                self._known = {name: one for name, one in every.items() if name not in self._resting}
                self._looked_at = monotonic()
            return self._known

    def _opened(self, installation: Installation) -> Office:
        workspace_id = installation.workspace_id
        token = None if installation is self._own else self._stored_token(workspace_id)
        core = core_on(
            self._settings,
            installation,
            database=self.database,
            key=self._key,
            clock=self.clock,
            token=token,
            library=self._shelf(workspace_id),
        )
        claim_identity(core, workspace_name=installation.workspace_name, marker=marker_of(self.database))
        hold_to_tombstones(core)
        return Office(installation, core, token.at_hand if token else self._settings.slack_bot_token.get_secret_value)

    def _stored_token(self, workspace_id: str) -> StoredToken:
        database = self.database.of_workspace(workspace_id)
        return StoredToken(database, self.clock, workspace_id, box=self.box, renewal=self.oauth)

    def _shelf(self, workspace_id: str) -> Shelf:
        """Return the playbooks of a workspace: those in a folder called by its id, else those that all share."""
        folder = self._settings.nudger_playbooks / workspace_id
        folder = folder if folder.is_dir() else self._settings.nudger_playbooks
        if folder not in self._shelves:
            self._shelves[folder] = Shelf(folder)
        return self._shelves[folder]


def open_offices(settings: Settings, own: Installation | None, *, clock: Clock | None = None) -> Offices:
    """Return the workspaces of the settings' database, brought to its newest shape on the way."""
    database, key = open_store(settings)
    return Offices(settings, database, key, clock or make_clock(settings), own)


def oauth_of(settings: Settings) -> SlackOAuth | None:
    """Return how codes and refresh tokens are traded, or None without the app's id and secret."""
    secret = settings.slack_client_secret.get_secret_value()
    if not settings.slack_client_id or not secret:
        return None
    # The library writes whole answers into its log when asked for details, and these hold tokens.
    quiet = logging.getLogger("bot.oauth")
    quiet.setLevel(logging.CRITICAL)
    client = web_client(token="", base_url=settings.api_url, timeout_s=settings.nudger_timeout_s, logger=quiet)
    return SlackOAuth(client, settings.slack_client_id, secret)


def _installation(one: Installed) -> Installation:
    return Installation(one.workspace_id, one.name, one.bot_user_id, "", one.enterprise_id, "", one.is_org)


def _resting(every: Mapping[str, Installation]) -> dict[str, str]:
    """Return which of these have an organisation that has the app itself: a person in both is to hear of us once."""
    organisations = {name for name, one in every.items() if one.is_org}
    return {
        name: one.enterprise_id for name, one in every.items() if not one.is_org and one.enterprise_id in organisations
    }
