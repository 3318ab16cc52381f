"""What commands over the database share: this module joins settings, playbooks and store, and finds the workspace."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import typer

from bot.bootstrap import Installation, build_core, known_installation, make_clock, open_store, sign_in
from bot.cli.console import could_not_run
from bot.offices import Offices
from bot.settings import Settings, read_settings
from nudges.errors import SettingsError
from nudges.services.core import Core
from nudges.store import installations, instance
from nudges.store.engine import Database
from nudges.store.installations import Installed

WORKSPACE = typer.Option("", "--workspace", help="Which workspace, by its id; needed where several have the app.")


class WorkspaceUnclear(SettingsError):
    """Several workspaces have the app, or not the one that was named."""

    code = "workspace.unclear"
    hint = "Say which one is meant: --workspace and its id."


def make_core(workspace_id: str = "") -> Core:
    """Return what services need, for a command that looks at playbooks and the database."""
    settings = read_settings()
    if not settings.nudger_playbooks.is_dir():
        could_not_run(
            f"There is no folder {settings.nudger_playbooks}. Set NUDGER_PLAYBOOKS to where the playbooks are."
        )
    return workspace_core(settings, workspace_id)


def workspace_core(settings: Settings, workspace_id: str = "", *, asks_slack: bool = False) -> Core:
    """Return the core of the workspace named, or of the only one; WorkspaceUnclear lists those there are."""
    database, key = open_store(settings)
    with database.reading() as session:
        stored = installations.live(session)
    if not stored:
        database.close()
        own = sign_in(settings) if asks_slack else known_installation(settings)
        _check(workspace_id, {own.workspace_id: own.workspace_name})
        return build_core(settings, own)
    offices = Offices(settings, database, key, make_clock(settings), _own(settings, database, stored))
    _check(workspace_id, offices.names(), offices.resting())
    chosen = workspace_id or offices.workspace_ids()[0]
    return offices.core(chosen)


def every_core(settings: Settings) -> list[Core]:
    """Return the core of every workspace that has the app."""
    database, key = open_store(settings)
    with database.reading() as session:
        stored = installations.live(session)
    if not stored:
        database.close()
        return [build_core(settings, known_installation(settings))]
    offices = Offices(settings, database, key, make_clock(settings), _own(settings, database, stored))
    return [offices.core(one) for one in offices.workspace_ids()]


def _own(settings: Settings, database: Database, stored: Sequence[Installed]) -> Installation | None:
    """Return the workspace of SLACK_BOT_TOKEN; Slack is asked only where the database does not tell."""
    if not settings.slack_bot_token.get_secret_value():
        return None
    with database.reading() as session:
        known = instance.workspaces(session)
    installed = {one.workspace_id for one in stored}
    others = [one for one in known if one.workspace_id not in installed and one.ended_at is None]
    if len(others) == 1:
        return Installation(others[0].workspace_id, others[0].name, "", "", "", "")
    try:
        return sign_in(settings)
    except SettingsError:
        return None  # refused or out of reach: the workspaces that have installed the app are there without it


def _check(workspace_id: str, names: dict[str, str], resting: Mapping[str, str] = MappingProxyType({})) -> None:
    if workspace_id in resting:
        serving = resting[workspace_id]
        raise WorkspaceUnclear(
            f"{workspace_id} rests, because its organisation {serving} has the app and serves it.",
            hint=f"Say --workspace {serving}. When the organisation removes the app, {workspace_id} goes on by itself.",
        )
    if workspace_id in names or (not workspace_id and len(names) == 1):
        return
    those = ", ".join(f"{one} ({name})" if name else one for one, name in sorted(names.items()))
    if workspace_id:
        raise WorkspaceUnclear(f"{workspace_id} does not have the app. These have: {those}.")
    raise WorkspaceUnclear(f"{len(names)} workspaces have the app: {those}.")
