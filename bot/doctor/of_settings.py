"""The environment: this module is checks of settings, tokens by their looks, and who may read them."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from bot.doctor.checks import Check, error, ok, warning
from bot.manifest import install_address
from bot.settings import ENV_FILE, SLACK_API, Settings, known_names, secret_files, surplus_names
from nudges.domain.files.suggest import nearest

TOKENS_PAGE = "your app's page at api.slack.com/apps"
BOT_PREFIX, APP_PREFIX = "xoxb-", "xapp-"
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
OTHERS_MAY_READ = stat.S_IRWXG | stat.S_IRWXO


def check_settings(settings: Settings) -> Iterator[Check]:
    """Check what can be known without asking anybody."""
    yield ok("settings", f"All settings can be read; events come by {_way(settings)}.")
    yield from _surplus()
    yield from _oauth(settings)
    if settings.slack_bot_token.get_secret_value() or not settings.can_install:
        yield _token(settings, "SLACK_BOT_TOKEN", settings.slack_bot_token.get_secret_value(), BOT_PREFIX)
    if settings.mode == "socket":
        yield _token(settings, "SLACK_APP_TOKEN", settings.slack_app_token.get_secret_value(), APP_PREFIX)
    else:
        yield _signing_secret(settings)
    yield from _readable_by_others(settings)


def _way(settings: Settings) -> str:
    return "Socket Mode" if settings.mode == "socket" else "signed HTTP"


def _surplus() -> Iterator[Check]:
    for name in surplus_names():
        meant = nearest(name, known_names())
        hint = f"Did you mean {meant}?" if meant else "docs/settings.md lists every setting."
        yield warning("settings.unknown", f"{name} is set but is no setting, so it has no effect.", hint)


def _oauth(settings: Settings) -> Iterator[Check]:
    """Look at what lets several workspaces install the app: all three settings, or none."""
    given = {
        "SLACK_CLIENT_ID": settings.slack_client_id,
        "SLACK_CLIENT_SECRET": settings.slack_client_secret.get_secret_value(),
        "NUDGER_PUBLIC_URL": settings.nudger_public_url,
    }
    missing = [name for name, value in given.items() if not value]
    if not missing:
        yield ok("settings.oauth", f"Other workspaces install the app at {install_address(settings)}.")
    elif missing == ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"]:
        yield ok("settings.oauth", "Calendar files of workshops are offered; only this workspace uses the app.")
    elif set(missing) != set(given):
        hint = f"Set {' and '.join(missing)} too, or unset the rest if one workspace is enough; see docs/install.md."
        yield error("settings.oauth", "No other workspace can install the app: not all is set that it needs.", hint)


def _token(settings: Settings, name: str, value: str, prefix: str) -> Check:
    check_id = name.lower()
    where = "OAuth & Permissions" if prefix == BOT_PREFIX else "Basic Information, App-Level Tokens"
    hint = f"Copy the token that begins with {prefix} from {TOKENS_PAGE}, {where}."
    if not value:
        return error(check_id, f"{name} is not set.", hint)
    if value.strip("\"' \t\r\n") != value:
        return error(check_id, f"{name} has spaces or quotation marks around it.", f"Take them away. {hint}")
    other = "SLACK_APP_TOKEN" if prefix == BOT_PREFIX else "SLACK_BOT_TOKEN"
    if value.startswith((BOT_PREFIX, APP_PREFIX)) and not value.startswith(prefix):
        return error(check_id, f"{name} holds the token that belongs in {other}.", f"Swap them. {hint}")
    if value.startswith(prefix):
        return ok(check_id, f"{name} looks right.")
    if settings.api_url == SLACK_API:
        return error(check_id, f"{name} does not begin with {prefix}.", hint)
    return warning(
        check_id, f"{name} does not begin with {prefix}.", "A stand-in for Slack may take it; Slack does not."
    )


def _signing_secret(settings: Settings) -> Check:
    check_id, value = "slack_signing_secret", settings.slack_signing_secret.get_secret_value()
    hint = f"Copy it from {TOKENS_PAGE}, Basic Information, or set SLACK_APP_TOKEN to use Socket Mode."
    if not value.strip():
        return error(check_id, "SLACK_SIGNING_SECRET is not set, so every request is refused.", hint)
    if settings.api_url == SLACK_API and not SIGNING_SECRET.fullmatch(value):
        return warning(check_id, "SLACK_SIGNING_SECRET does not look like one: 32 digits and letters a to f.", hint)
    return ok(check_id, "SLACK_SIGNING_SECRET looks right.")


def _readable_by_others(settings: Settings) -> Iterator[Check]:
    paths = [Path(ENV_FILE), *secret_files().values(), *([settings.key_path] if settings.key_path else [])]
    for path in dict.fromkeys(paths):
        if path.is_file() and path.stat().st_mode & OTHERS_MAY_READ:
            message = f"{path} holds secrets and other users of this machine may read it."
            yield warning("settings.files", message, f"chmod 600 {path}")
