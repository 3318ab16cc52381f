"""Every call to Slack that is not an answer to a click: this package is our ports, spoken in Slack's Web API."""

from bot.slack_api.answers import ResponseAddresses
from bot.slack_api.client import PooledWebClient, TokenSource, web_client
from bot.slack_api.connections import Connections
from bot.slack_api.directory import SlackDirectory
from bot.slack_api.messenger import SlackMessenger
from bot.slack_api.oauth import SlackOAuth
from bot.slack_api.quiet import SlackQuiet

__all__ = [
    "Connections",
    "PooledWebClient",
    "ResponseAddresses",
    "SlackDirectory",
    "SlackMessenger",
    "SlackOAuth",
    "SlackQuiet",
    "TokenSource",
    "web_client",
]
