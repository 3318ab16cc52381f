"""Slack's framework for one workspace: this module builds its app, which asks us, and nobody else, for the token."""

import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlparse

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.listeners import register
from bot.listeners.answering import Post
from bot.listeners.light_clicks import Door
from bot.offices import Office
from bot.settings import Settings


def bolt_app(settings: Settings, office: Office, executor: ThreadPoolExecutor, *, post: Post) -> Door:
    """Return the app of a workspace with every listener on it.

    With the app's client id and secret in the environment the library sets up an OAuth of its own beside it. That one
    is never asked: authorize is ours, our web side has the routes, and no listener of the library's is registered.
    """
    app = App(
        name="nudger",  # without one the library reads the source of everything that called it, and keeps it
        logger=quiet_logger(),
        # Without a secret of ours nobody may know one: then no signed request can be accepted.
        signing_secret=settings.slack_signing_secret.get_secret_value() or secrets.token_hex(32),
        client=plain_client(settings),
        authorize=lambda: authorized(office),
        process_before_response=True,
        listener_executor=executor,
        # web_guard has verified the raw body by then; sockets are authenticated by their connection.
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    host = urlparse(settings.api_url).hostname or ""
    return register(app, office.core, post=post, response_hosts=(host,))


def authorized(office: Office) -> AuthorizeResult:
    """Return who we are there, with the token as it is now; Slack is not asked."""
    who = office.installation
    return AuthorizeResult(
        enterprise_id=who.enterprise_id or None,
        team_id=None if who.is_org else who.workspace_id,
        bot_user_id=who.bot_user_id,
        bot_id=who.bot_id,
        bot_token=office.token(),
    )


def plain_client(settings: Settings) -> WebClient:
    """Return a client without token and without retries, which the library copies for each request."""
    return WebClient(base_url=settings.api_url, timeout=int(max(1, settings.nudger_timeout_s)), retry_handlers=[])


def quiet_logger() -> logging.Logger:
    """Return a logger for the library, whose warnings are about its other modes."""
    quiet = logging.getLogger("bot.bolt")
    quiet.setLevel(logging.ERROR)
    return quiet
