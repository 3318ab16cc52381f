"""What we ask a workspace for: this module is the Slack app's manifest, and the reason for each scope in it."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlparse

import yaml

from bot.settings import Settings
from nudges.domain.people.facts import NOTHING_WANTED, wanted_by
from nudges.domain.playbooks.company import Company
from nudges.errors import SettingsError

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
COMMAND = "/nudge"
SHORTCUT = "report_barrier"
MESSAGE_SHORTCUT = "better_way"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
APP_TOKEN_SCOPE = "connections:write"  # noqa: S105 - the name of a scope

# Every method of the Web API that we call, and the bot scope it needs for the conversations we use; "" is none.
METHOD_SCOPES = {
    "auth.teams.list": "",
    "auth.test": "",
    "chat.delete": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "conversations.members": "channels:read",
    "conversations.open": "im:write",
    "dnd.teamInfo": "dnd:read",
    "oauth.v2.access": "",
    "usergroups.users.list": "usergroups:read",
    "users.list": "users:read",
    "views.open": "",
    "views.publish": "",
    "views.update": "",
}
APP_LEVEL_METHODS = ("apps.connections.open",)
EVENT_SCOPES = {"app_home_opened": "", "app_uninstalled": "", "message.im": "im:history", "tokens_revoked": ""}
SCOPE_USES = {
    "chat:write": "sends tips, stories and quizzes as direct messages, and updates them after an answer",
    "commands": "offers /nudge and the shortcuts for reporting a blocker and for finding a better way",
    "im:history": "reads what people write back to the app, and looks up whether a message arrived; no other messages",
    "im:write": "opens the app's conversation with a person, to learn its id",
    "users:read": "lists who is in the workspace, with time zone and language; no email addresses",
}
# Asked for only where company.yaml needs it, and even then whoever installs the app may decline.
OPTIONAL_USES = {
    "dnd:read": "asks just before posting who does not want to be disturbed, and writes to them later",
    "channels:read": "reads who is in the public channels that a segment's rule names; not what is written there",
    "usergroups:read": "reads who is in the user groups that a segment's rule names",
}
DESCRIPTION = "Tips, success stories and quizzes that help colleagues get something out of the tools they have"
LONG_DESCRIPTION = (
    "Nudger is a patient colleague. It sends each person the right tip, success story or quiz at a good moment of "
    "their own working day, never at night or on a day off. It listens to what comes back: one tap says what is in "
    "the way.\n\n"
    "Answers count only in groups, never by person; a quiz is for learning and is not held against anybody. Everybody "
    "can pause, stop, see and erase what is stored: type /nudge help."
)


def manifest(
    base_url: str = "", *, socket_mode: bool, optional: Collection[str] = (), is_for_many: bool = False
) -> dict[str, Any]:
    """Return the manifest; over HTTP Slack calls `base_url`, which must be https. Raises SettingsError.

    `optional` are the scopes of OPTIONAL_USES that the company's rules need. An app for many workspaces is installed
    from our own page, in whole organisations too, and its tokens change by themselves; it asks for no more.
    """
    events_url = "" if socket_mode else public_address(base_url) + EVENTS_PATH
    redirects = {"redirect_urls": [public_address(base_url) + REDIRECT_PATH]} if is_for_many else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Nudger",
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1d3557",
        },
        "features": _features(events_url),
        "oauth_config": {**redirects, "scopes": _scopes(optional)},
        "settings": {
            "event_subscriptions": _called({"bot_events": sorted(EVENT_SCOPES)}, "request_url", events_url),
            "interactivity": _called({"is_enabled": True}, "request_url", events_url),
            "org_deploy_enabled": is_for_many,
            "socket_mode_enabled": socket_mode,
            # A token that changes by itself cannot come from a setting.
            "token_rotation_enabled": is_for_many,
        },
    }


def manifest_yaml(
    base_url: str = "", *, socket_mode: bool, optional: Collection[str] = (), is_for_many: bool = False
) -> str:
    """Return the manifest as Slack's form takes it; raises SettingsError as `manifest` does."""
    built = manifest(base_url, socket_mode=socket_mode, optional=optional, is_for_many=is_for_many)
    return yaml.safe_dump(built, sort_keys=False, allow_unicode=True, width=100)


def scopes_for(company: Company | None) -> tuple[str, ...]:
    """Return the optional scopes without which rules of this company would find nobody, or disturb somebody."""
    wanted = wanted_by(company.segments.values(), company.segments) if company else NOTHING_WANTED
    is_quiet = company is not None and company.do_not_disturb
    asked = {"channels:read": wanted.channels, "dnd:read": is_quiet, "usergroups:read": wanted.user_groups}
    return tuple(scope for scope, names in asked.items() if names)


def _scopes(optional: Collection[str]) -> dict[str, list[str]]:
    asked = {"bot": sorted({*SCOPE_USES, *optional})}
    return {**asked, "bot_optional": sorted(optional)} if optional else asked


def _features(events_url: str) -> dict[str, Any]:
    command = {
        "command": COMMAND,
        "description": "Your nudges: pause, stop, see why; for admins how it is going",
        "usage_hint": "help | find <words> | pause 7 | stop | why | my-data",
        # Mentions then arrive as ids, which cannot be mistaken.
        "should_escape": True,
    }
    shortcut = {
        "name": "Something is in the way",
        "type": "global",
        "callback_id": SHORTCUT,
        "description": "Say in one tap what keeps you from using a tool; nobody sees it is you",
    }
    better_way = {
        "name": "Is there a better way?",
        "type": "message",
        "callback_id": MESSAGE_SHORTCUT,
        "description": "See tips for what this message is about; nothing of it is kept",
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "nudger", "always_online": True},
        "slash_commands": [_called(command, "url", events_url)],
        "shortcuts": [shortcut, better_way],
    }


def _called(part: dict[str, Any], name: str, url: str) -> dict[str, Any]:
    """Return the part with the address Slack calls for it; in Socket Mode there is none."""
    return {name: url, **part} if url else part


def install_address(settings: Settings) -> str:
    """Return where somebody begins to add Nudger to a workspace."""
    return public_address(settings.nudger_public_url) + INSTALL_PATH


def public_address(base_url: str) -> str:
    """Return where the web side is reached from outside, without a final slash; SettingsError unless it is https."""
    given = urlparse(base_url)
    is_here = given.scheme == "http" and given.hostname in LOOPBACK  # a trial with the sandbox; Slack takes no such one
    if not (given.scheme == "https" or is_here) or not given.hostname:
        raise SettingsError(
            "Slack and its people must know where this app is reached.",
            hint="Give its public address, such as https://nudger.example.com, or use Socket Mode.",
        )
    return base_url.removesuffix(EVENTS_PATH).rstrip("/")
