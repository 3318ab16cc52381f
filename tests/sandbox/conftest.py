"""A workspace, a server and clients for the sandbox's tests: this module holds their fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from slack_sdk import WebClient

from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import BOT_TOKEN, Slack
from tests.sandbox.helpers import some_people


@pytest.fixture
def slack() -> Slack:
    return Slack(people=some_people())


@pytest.fixture
def server(slack: Slack) -> Iterator[SandboxServer]:
    with SandboxServer(slack, port=0) as server:
        yield server


@pytest.fixture
def client(server: SandboxServer) -> WebClient:
    return WebClient(token=BOT_TOKEN, base_url=server.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def page(server: SandboxServer) -> Iterator[httpx.Client]:
    """What the browser would ask for."""
    with httpx.Client(base_url=server.url, trust_env=False, timeout=10) as client:
        yield client
