"""Every client that could reach Slack: this module walks over all that the app builds and looks for retries.

slack_sdk's own default is to post again when a connection breaks, which doubles a message whose answer was lost. The
one client that may ask again by itself reads the directory and nothing else.
"""

import ast
import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltContext, BoltRequest
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.web.base_client import BaseClient
from slack_sdk.webhook import WebhookClient

import bot
from bot.bolt_app import bolt_app
from bot.bootstrap import Installation, sign_in
from bot.doctor.of_slack import _client as doctors_client
from bot.offices import Offices, open_offices
from bot.reception import Reception
from bot.runner import Nudger
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import APP_TOKEN, BOT_TOKEN, Slack
from bot.settings import Settings
from bot.slack_api import SlackDirectory
from bot.work.processes import shared
from nudges.domain.people.installations import Grant, Tokens
from nudges.services.workspaces.installing import complete_installation
from nudges.store.processes import Part
from tests.places import PLACES

SOURCE = Path(bot.__file__).parent
OWN = Installation("T0OWN", "Own", "U0BOT", "B0BOT", "", "")
CLIENTS = {"WebClient", "WebhookClient", "AsyncWebClient", "AsyncWebhookClient", "LegacyWebClient"}


@pytest.fixture(scope="module")
def slack() -> Iterator[SandboxServer]:
    engine = Slack()
    engine.add_workspace("T0TWO")
    with SandboxServer(engine, port=0) as server:
        yield server


def the_settings(slack: SandboxServer, folder: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "slack_bot_token": BOT_TOKEN,
        "slack_app_token": APP_TOKEN,
        "slack_signing_secret": "s" * 32,
        "slack_api_url": slack.api_url,
        "slack_client_id": "1000.2000",
        "slack_client_secret": "sandbox-client-secret",
        "nudger_public_url": "https://nudger.example.com",
        "nudger_secret_key": "k" * 32,
        "nudger_port": 0,
        "database_url": f"sqlite:///{folder}/nudger.db",
        "nudger_playbooks": folder,
    }
    return Settings(_env_file=None, **values | changes)  # type: ignore[call-arg]


def clients_of(slack: SandboxServer) -> list[BaseClient]:
    """Return every client there is in this process for this Slack, whoever holds it."""
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, BaseClient) and one.base_url == slack.api_url]


def readers_of(offices: Offices) -> set[int]:
    """Return the clients that read the directory, by identity."""
    directories = [offices.core(workspace_id).directory for workspace_id in offices.workspace_ids()]
    return {id(one._client) for one in directories if isinstance(one, SlackDirectory)}


def assert_no_writer_retries(slack: SandboxServer, offices: Offices, *, at_least: int) -> None:
    found, readers = clients_of(slack), readers_of(offices)
    assert len(found) >= at_least, "the walk does not see what the app has built"
    for client in found:
        handlers = client.retry_handlers
        if id(client) not in readers:
            assert handlers == [], f"{client} would post twice: {handlers}"
        assert {type(one) for one in handlers} <= {RateLimitErrorRetryHandler}
    for workspace_id in offices.workspace_ids():
        posting: Any = offices.core(workspace_id).messenger
        assert id(posting._client) not in readers, "the reader's client must never post"


def installed(offices: Offices, workspace_id: str = "T0TWO") -> None:
    """Let another workspace install the app, with a token that changes."""
    tokens = Tokens("xoxe.xoxb-1", "xoxe-1-refresh", timedelta(hours=12))
    grant = Grant(workspace_id, "Two", "", False, "A0APP", "U0BOT", "chat:write", "U0ADMIN", tokens)
    complete_installation(offices.database, offices.clock, offices.box, grant)
    offices.look_again()


def test_no_client_of_any_workspace_posts_again_by_itself(slack: SandboxServer, tmp_path: Path) -> None:
    offices = open_offices(the_settings(slack, tmp_path), OWN)
    installed(offices)
    assert offices.workspace_ids() == ["T0OWN", "T0TWO"]
    for workspace_id in offices.workspace_ids():
        offices.core(workspace_id)
    assert_no_writer_retries(slack, offices, at_least=5)  # posting and reading for two, and OAuth
    assert offices.oauth is not None
    assert offices.oauth._client.retry_handlers == []
    offices.close()
    offices.database.close()


@pytest.mark.parametrize("workspace_id", ["T0OWN", "T0TWO"])
def test_the_client_that_listeners_are_given_posts_once(
    slack: SandboxServer, tmp_path: Path, workspace_id: str
) -> None:
    settings = the_settings(slack, tmp_path)
    offices = open_offices(settings, OWN)
    installed(offices)
    given: list[BoltContext] = []
    with ThreadPoolExecutor(1) as executor:
        app = bolt_app(settings, offices.office(workspace_id), executor, post=lambda url, body: True)
        _listen_in(app.bolt, given)
        app.dispatch(BoltRequest(body=_an_event(workspace_id), mode="socket_mode"))
    (context,) = given
    assert context.client is not None
    assert context.client.retry_handlers == []
    assert app.bolt.client.retry_handlers == []
    assert_no_writer_retries(slack, offices, at_least=4)
    offices.close()
    offices.database.close()


def _listen_in(app: App, given: list[BoltContext]) -> None:
    def keep(context: BoltContext, next: Callable[[], Any]) -> Any:
        given.append(context)
        return next()

    app.use(keep)


def _an_event(workspace_id: str) -> dict[str, Any]:
    event = {"type": "message", "channel_type": "im", "channel": "D0ANA", "user": "U0ANA", "text": "hi", "ts": "5.1"}
    return {"type": "event_callback", "team_id": workspace_id, "event_id": "Ev1", "event": event}


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_a_running_app_holds_no_client_that_posts_twice(slack: SandboxServer, tmp_path: Path, mode: str) -> None:
    settings = the_settings(slack, tmp_path, nudger_mode=mode)
    nudger = Nudger(settings, sign_in(settings))
    nudger.start()
    try:
        assert_no_writer_retries(slack, nudger.offices, at_least=4)
        sockets = [one for one in gc.get_objects() if isinstance(one, BaseSocketModeClient)]
        ours = [one for one in sockets if one.web_client.base_url == slack.api_url]
        assert bool(ours) == (mode == "socket")
        assert all(one.web_client.retry_handlers == [] for one in ours)
    finally:
        nudger.stop()


def test_workers_and_clocks_hold_no_client_that_posts_twice(slack: SandboxServer, tmp_path: Path) -> None:
    url = PLACES.server.new_database()
    with shared(the_settings(slack, tmp_path, database_url=url), Part.WORKER, lambda _said: None) as it:
        installed(it.offices)
        for workspace_id in it.offices.workspace_ids():
            it.offices.core(workspace_id)
        assert_no_writer_retries(slack, it.offices, at_least=5)


def test_the_reception_s_and_the_doctor_s_clients_post_once(slack: SandboxServer, tmp_path: Path) -> None:
    settings = the_settings(slack, tmp_path)
    offices = open_offices(settings, OWN)
    reception = Reception(settings, offices)
    assert reception.client.retry_handlers == []
    assert doctors_client(settings, "xoxb-1").retry_handlers == []
    reception.close()
    offices.close()
    offices.database.close()


def test_no_client_is_made_anywhere_without_saying_that_it_does_not_retry() -> None:
    made = [(path, call) for path in _sources() for call in _calls(path)]
    assert len(made) >= 3
    silent = [f"{path.relative_to(SOURCE)}:{call.lineno}" for path, call in made if not _says_none(call)]
    assert silent == [], "give it retry_handlers=[]"


def test_no_listener_answers_through_the_library_s_own_respond() -> None:
    """Its client for response addresses would post again; ours is bot/slack_api/answers.py."""
    assert WebhookClient("https://hooks.slack.com/x").retry_handlers, "the library has changed: this test may go"
    asking = [
        f"{path.name}:{node.lineno}"
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and "respond" in {one.arg for one in node.args.args}
    ]
    assert asking == []


def test_the_walk_finds_a_client_that_retries(slack: SandboxServer, tmp_path: Path) -> None:
    offices = open_offices(the_settings(slack, tmp_path), OWN)
    stray = WebClient(base_url=slack.api_url)
    with pytest.raises(AssertionError, match="post twice"):
        assert_no_writer_retries(slack, offices, at_least=1)
    del stray
    offices.close()
    offices.database.close()


def _sources() -> list[Path]:
    # The sandbox is Slack; it asks nobody.
    return [path for path in sorted(SOURCE.rglob("*.py")) if "sandbox" not in path.parts]


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and (_name(node.func) in CLIENTS or _name(node.func) == "PooledWebClient"):
            yield node


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _says_none(call: ast.Call) -> bool:
    said = {one.arg: one.value for one in call.keywords}.get("retry_handlers")
    return isinstance(said, ast.List) and not said.elts
