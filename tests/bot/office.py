"""A small company with the real services on a database: this module is what listeners are tested against."""

import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.listeners import register
from bot.listeners.light_clicks import Door
from nudges.domain.people.people import Person
from nudges.services.authoring.publish import publish
from nudges.services.authoring.shelf import Shelf
from nudges.services.core import Core
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.keeping.identity import claim_identity
from nudges.services.people.sync_people import sync_people
from nudges.store import people, reports
from nudges.store.engine import checkpoint, open_database
from nudges.store.migrate import upgrade
from tests.bot.recorders import FixedDirectory, RecordingClient, RecordingMessenger
from tests.builders import a_person
from tests.places import PLACES

TEAM, BOT = "T0TEST", "U0BOT"
DATABASE = "office.db"
ADMIN, AUTHOR, ANA, BEN = "U0AMIR", "U0PRIYA", "U0ANA", "U0BEN"
RESPONSE_URL = "https://hooks.slack.com/actions/T0TEST/1/abc"
FRIDAY = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
AFTER_ALL = datetime(2027, 1, 11, 13, 0, tzinfo=UTC)  # Monday: the tip was due at ten, the quiz at eleven
COMPANY = """
admins: [U0AMIR]
authors: [U0PRIYA]
default_zone: Europe/Lisbon
caps: {day: 5, week: 15}
channels: {ask-billing: C0BILLING}
segments:
  customer-service: {department: Customer service}
"""
PLAYBOOK = """
playbook: find-an-expert
title: Find an expert before you escalate
tool: Slack channels
owner: U0PRIYA
goal: {business: Resolve more at first contact, kpi: first_contact_resolution, it_partner: U0LEE}
sponsor: {name: Dana Ortiz, role: VP Service, says: I ask there myself.}
audience: {segments: [customer-service]}
personal_wins:
  customer-service: {kind: easier_day, text: Answer the customer on the first call}
nudges:
  - tip: ask-before-you-search
    stage: show
    when: {week: 1, day: mon, at: "10:00"}
    text: Stuck on a billing question? Post it in *#ask-billing*.
    try_it: {label: Open the channel, channel: ask-billing}
  - quiz: where-would-you-ask
    when: {week: 1, day: mon, at: "11:00"}
    question: A customer reports a double charge. Where do you ask first?
    choices:
      - {key: channel, text: "#ask-billing", right: true, reply: Yes. Six minutes.}
      - {key: mail, text: A mail to the lead, reply: "It works, but only you learn the answer."}
remedies:
  manager_discourages: [{do: Ask Dana to post her own question, by: owner, within: 7d}]
"""


class Gate(threading.Event):
    """Holds what comes while it is cleared, and counts what has come."""

    came = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.came += 1
        return super().wait(timeout)


@dataclass
class Office:
    """Everything a test of listeners touches."""

    core: Core
    app: Door
    messenger: RecordingMessenger
    client: RecordingClient
    posts: list[dict[str, Any]]
    clock: list[datetime]
    gate: Gate
    events: Any = field(default_factory=lambda: itertools.count(1))

    def delivery(self, nudge_key: str, person_id: str = ANA) -> str:
        """Return the id of a nudge that was sent to the person."""
        with self.core.db.reading() as session:
            mine = reports.deliveries_of(session, TEAM, person_id)
        return next(one.delivery_id for one in mine if one.nudge_key == nudge_key)

    def dispatch(self, body: dict[str, Any]) -> BoltResponse:
        """Let a payload in as a socket does."""
        return self.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    def click(self, person_id: str, action_id: str, value: str = "", **changes: Any) -> BoltResponse:
        """Press a button in a message."""
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
        body = {
            "type": "block_actions",
            "user": {"id": person_id, "team_id": TEAM},
            "team": {"id": TEAM, "domain": "test"},
            "api_app_id": "A0TEST",
            "container": {"type": "message", "channel_id": "D0ANA", "message_ts": "1.000100"},
            "trigger_id": "t1",
            "response_url": RESPONSE_URL,
            "actions": [action],
        }
        return self.dispatch({**body, **changes})

    def click_home(self, person_id: str, action_id: str, value: str = "") -> BoltResponse:
        """Press a button in the Home tab, where there is no response address."""
        view = {"id": "V1", "type": "home", "team_id": TEAM}
        return self.click(
            person_id, action_id, value, container={"type": "view", "view_id": "V1"}, view=view, response_url=None
        )

    def command(self, person_id: str, text: str, **changes: Any) -> BoltResponse:
        """Type /nudge."""
        body = {
            "command": "/nudge",
            "text": text,
            "user_id": person_id,
            "user_name": "x",
            "team_id": TEAM,
            "channel_id": "D0ANA",
            "response_url": RESPONSE_URL,
            "trigger_id": "t1",
            "is_enterprise_install": "false",
        }
        return self.dispatch({**body, **changes})

    def submit(
        self, person_id: str, callback_id: str, *, metadata: str = "", values: dict[str, Any] | None = None
    ) -> BoltResponse:
        """Send a form."""
        view = {
            "id": "V1",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "state": {"values": values or {}},
            "team_id": TEAM,
        }
        return self.dispatch(
            {
                "type": "view_submission",
                "user": {"id": person_id},
                "team": {"id": TEAM},
                "view": view,
                "trigger_id": "t1",
            }
        )

    def event(self, event: dict[str, Any], event_id: str = "") -> BoltResponse:
        """Let an event in."""
        return self.dispatch(
            {
                "type": "event_callback",
                "team_id": TEAM,
                "api_app_id": "A0TEST",
                "event_id": event_id or f"Ev{next(self.events)}",
                "event": event,
                "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
            }
        )

    def typed(self, person_id: str, text: str, event_id: str = "", **changes: Any) -> BoltResponse:
        """Type in the conversation with the app."""
        event = {
            "type": "message",
            "channel_type": "im",
            "channel": "D0ANA",
            "user": person_id,
            "text": text,
            "ts": "5.1",
        }
        return self.event({**event, **changes}, event_id)

    def hold_posts(self) -> Gate:
        """Let posts to response addresses wait until the gate returned is set."""
        self.gate.clear()
        self.gate.came = 0
        return self.gate

    def called(self, method: str, count: int = 1) -> list[dict[str, Any]]:
        """Return the arguments of the calls to a method, once there are so many."""
        self.until(lambda: len(self._calls(method)) >= count)
        return self._calls(method)

    def posted(self, count: int = 1) -> list[dict[str, Any]]:
        """Return what was posted to response addresses, once there is so much."""
        self.until(lambda: len(self.posts) >= count)
        return self.posts

    def _calls(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.client.calls if name == method]

    def idle(self) -> None:
        """Wait until all work after acknowledgements is done."""
        self.app.bolt.listener_runner.listener_executor.shutdown(wait=True)

    @staticmethod
    def until(condition: Callable[[], bool]) -> None:
        """Poll a condition for up to five seconds."""
        end = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < end, "it did not happen within five seconds"
            time.sleep(0.005)


def blocks_text(body: Any) -> str:
    """Return everything that stands in a payload, for a look at what is said in it."""
    return json.dumps(body, ensure_ascii=False)


def furnish(folder: Path) -> None:
    """Put into the folder an office in which Ana and Ben have got a tip and a quiz."""
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "company.yaml").write_text(COMPANY, "utf-8")
    (folder / "playbooks" / "find-an-expert.yaml").write_text(PLAYBOOK, "utf-8")
    everybody = [
        a_person(ANA),
        a_person(BEN, first_name="Ben"),
        a_person(AUTHOR, department="IT"),
        a_person(ADMIN, department="IT"),
    ]
    clock = [FRIDAY]
    core = _core(folder, clock, RecordingMessenger(), everybody)
    upgrade(core.db)
    claim_identity(core, workspace_name="Test", marker=None)
    sync_people(core)
    with core.db.begin() as session:
        people.upsert_file(session, TEAM, everybody, clock[0])
    publish(core, "find-an-expert", AUTHOR)
    for clock[0] in (FRIDAY, AFTER_ALL - timedelta(hours=3), AFTER_ALL - timedelta(hours=2), AFTER_ALL):
        plan_deliveries(core)
        send_due(core, limit=20)
    checkpoint(core.db)
    core.db.close()


def open_office(folder: Path) -> Office:
    """Return the office in a furnished folder, on Monday at one, when tip and quiz have gone out."""
    clock, messenger, client, posts, gate = [AFTER_ALL], RecordingMessenger(), RecordingClient(), [], Gate()
    gate.set()
    core = _core(folder, clock, messenger, [])
    return Office(core, _app(core, client, posts, gate), messenger, client, posts, clock, gate)


def _core(folder: Path, clock: list[datetime], messenger: RecordingMessenger, everybody: Sequence[Person]) -> Core:
    return Core(
        db=open_database(PLACES.address(folder / DATABASE)).of_workspace(TEAM),
        clock=lambda: clock[0],
        messenger=messenger,
        directory=FixedDirectory(everybody),
        key=b"k" * 32,
        workspace_id=TEAM,
        library=Shelf(folder / "playbooks"),
    )


def _app(core: Core, client: RecordingClient, posts: list[dict[str, Any]], gate: Gate) -> Door:
    known = AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_id="B0BOT", bot_token="xoxb-test")
    app = App(
        signing_secret="s",
        authorize=lambda: known,
        process_before_response=True,
        request_verification_enabled=False,
    )

    def use_recorder(context: BoltContext, next: Callable[[], Any]) -> Any:
        context["client"] = client
        return next()

    def post(url: str, body: Mapping[str, Any]) -> bool:
        assert gate.wait(timeout=5)
        posts.append({"url": url, **body})
        return True

    app.use(use_recorder)
    return register(app, core, post=post)
