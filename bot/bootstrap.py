"""Where everything is built and joined: this module is the only place that knows all the rooms."""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.meaning import sentence_meaning
from bot.needs_webhook import needs_door, needs_webhook
from bot.sender import Sender
from bot.settings import Settings
from bot.slack_api import (
    Connections,
    PooledWebClient,
    SlackDirectory,
    SlackMessenger,
    SlackQuiet,
    TokenSource,
    web_client,
)
from bot.virtual_clock import VirtualClock
from nudges.clock import Clock, steady_clock, system_clock
from nudges.domain.delivery.pace import Pace
from nudges.errors import SettingsError, StorageError
from nudges.ports import Token
from nudges.services.authoring.shelf import Shelf
from nudges.services.barriers.read_texts import running_reader
from nudges.services.core import Core, Timing
from nudges.services.delivery.rests import Rests
from nudges.services.keeping.identity import claim_identity
from nudges.services.keeping.tombstones import hold_to_tombstones
from nudges.store import instance
from nudges.store.engine import Database, open_database
from nudges.store.marker import Marker
from nudges.store.migrate import upgrade

logger = logging.getLogger(__name__)

WITHOUT_WORKSPACE = (
    "`nudger doctor` says how to connect one. Until then `nudger check`, `nudger preview`, `nudger rehearse` and "
    "`nudger plan --people people.csv` need none."
)


@dataclass(frozen=True)
class Installation:
    """What auth.test says of our token."""

    workspace_id: str
    workspace_name: str
    bot_user_id: str
    bot_id: str
    enterprise_id: str
    url: str
    is_org: bool = False  # for a whole organisation, whose id then stands where the workspace's does


def open_store(settings: Settings) -> tuple[Database, bytes]:
    """Return the database in its newest shape and the secret key; StorageError or SettingsError say what is wrong."""
    database = open_database(settings.database_url)
    upgrade(database)
    return database, secret_key(settings)


def secret_key(settings: Settings) -> bytes:
    """Return the key that delivery ids and person hashes hang on; made once beside a SQLite file if absent."""
    given = settings.nudger_secret_key.get_secret_value()
    if given:
        if len(given) < 16:
            raise SettingsError("NUDGER_SECRET_KEY is too short; use at least 32 random characters.")
        return given.encode()
    if settings.key_path is None:
        raise SettingsError("NUDGER_SECRET_KEY is not set, and without a SQLite file there is no place to keep one.")
    return _key_beside(settings.key_path)


def sign_in(settings: Settings) -> Installation:
    """Ask Slack who we are; SettingsError for a refused token, SlackUnreachable when nobody answers."""
    if not settings.slack_bot_token.get_secret_value():
        raise SettingsError("SLACK_BOT_TOKEN is not set.")
    client = slack_client(settings)
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error", "an error") if hasattr(error.response, "get") else "an error"
        hint = "Copy the bot token (xoxb-...) from your Slack app's page, OAuth & Permissions."
        raise SettingsError(f"Slack refuses the bot token: {code}.", hint=hint) from error
    except (SlackClientError, OSError) as error:
        hint = "Check the network and SLACK_API_URL; `nudger run` keeps trying by itself."
        raise SlackUnreachable(f"Slack cannot be reached at {settings.api_url}.", hint=hint) from error
    finally:
        client.http.close()
    team_id, team, user_id, bot_id, enterprise_id, url = (
        str(answer.get(name) or "") for name in ("team_id", "team", "user_id", "bot_id", "enterprise_id", "url")
    )
    return Installation(team_id, team, user_id, bot_id, enterprise_id, url)


class SlackUnreachable(SettingsError):
    """Slack cannot be reached."""

    code = "slack.unreachable"


def known_installation(settings: Settings) -> Installation:
    """Return the workspace this database knows, without asking Slack; sign in when it knows none or several."""
    database, _ = open_store(settings)
    with database.reading() as session:
        known = instance.workspaces(session)
    database.close()
    if not known and not settings.slack_bot_token.get_secret_value():
        raise SettingsError("No workspace is connected yet: SLACK_BOT_TOKEN is not set.", hint=WITHOUT_WORKSPACE)
    if len(known) != 1:
        return sign_in(settings)
    return Installation(known[0].workspace_id, known[0].name, "", "", "", "")


def slack_client(
    settings: Settings, *, token: TokenSource | None = None, http: Connections | None = None
) -> PooledWebClient:
    """Return a client without retry handlers, with the setting's token or another; two may share their connections."""
    token = settings.slack_bot_token.get_secret_value() if token is None else token
    return web_client(token=token, base_url=settings.api_url, timeout_s=settings.nudger_timeout_s, http=http)


def close_core(core: Core) -> None:
    """Close the database and every connection to Slack."""
    if isinstance(core.messenger, SlackMessenger):
        core.messenger.close()
    core.db.close()


def build_core(settings: Settings, installation: Installation, *, clock: Clock | None = None) -> Core:
    """Return everything a service may use; the database is brought to its newest shape on the way."""
    database, key = open_store(settings)
    core = core_on(settings, installation, database=database, key=key, clock=clock)
    claim_identity(core, workspace_name=installation.workspace_name, marker=marker_of(database))
    hold_to_tombstones(core)
    return core


def core_on(
    settings: Settings,
    installation: Installation,
    *,
    database: Database,
    key: bytes,
    clock: Clock | None = None,
    token: Token | None = None,
    library: Shelf | None = None,
) -> Core:
    """Return everything a service may use on an open database, which need not be the one of the settings.

    Without a token of its own it works with the one of the settings.
    """
    posting = slack_client(settings, token=token)
    reading = slack_client(settings, token=token, http=posting.http)
    return Core(
        db=database.of_workspace(installation.workspace_id),
        clock=clock or make_clock(settings),
        messenger=SlackMessenger(posting),
        quiet=SlackQuiet(slack_client(settings, token=token, http=posting.http)),
        meaning=sentence_meaning(),
        reads=running_reader(),
        directory=SlackDirectory(reading, installation.workspace_id, is_org=installation.is_org),
        key=key,
        workspace_id=installation.workspace_id,
        library=library or Shelf(settings.nudger_playbooks),
        token=token,
        admins=settings.admins,
        timing=Timing(settings.lease, settings.settle, min(settings.settle / 2, timedelta(seconds=60))),
        posts_per_second=settings.pace.start,
        public_url=settings.nudger_public_url,
        # This address is that of whoever runs this: lists of other workspaces go where they name themselves.
        needs_receiver=None if token else needs_webhook(settings, clock or make_clock(settings)),
        needs_door=needs_door(settings, clock or make_clock(settings)),
        rests=None if settings.nudger_clock_url else Rests(steady_clock),
    )


def make_clock(settings: Settings) -> Clock:
    """Return the wall clock, or the sandbox's where NUDGER_CLOCK_URL says so; SettingsError when that is silent."""
    url = settings.nudger_clock_url
    if not url:
        return system_clock
    try:
        return VirtualClock(url)
    except (OSError, ValueError, KeyError) as error:
        hint = "NUDGER_CLOCK_URL is for the sandbox only: start the sandbox, or unset it."
        raise SettingsError(f"No clock answers at {url}.", hint=hint) from error


def make_sender(settings: Settings, core: Core) -> Sender:
    """Return the sending loop with its limiter."""
    pace = settings.pace
    return Sender(core, Pace(pace.start, pace.floor, pace.ceiling), timedelta(seconds=settings.nudger_tick_s))


def _key_beside(path: Path) -> bytes:
    try:
        if path.exists():
            return path.read_bytes().strip()
        key = secrets.token_hex(32).encode()
        path.touch(mode=0o600)
        path.write_bytes(key)
    except OSError as error:
        raise StorageError(f"The secret key at {path} cannot be used ({error.strerror}).") from error
    return key


def marker_of(database: Database) -> Marker | None:
    """Return the mark beside a SQLite file, or None."""
    path = database.sqlite_path
    return None if path is None else Marker(path)
