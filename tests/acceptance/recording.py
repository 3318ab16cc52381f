"""A Slack that remembers everything it was asked: this module holds every call and answer against Slack's contract."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.sandbox.delivery import Ack, Envelope, Transport
from bot.sandbox.errors import AnswerLost
from bot.sandbox.records import Json
from bot.sandbox.workspace import Answer, Slack
from tests.bot.limits import faults

METHODS_FILE = Path(__file__).parent.parent / "data" / "methods-today.json"
ACK_SECONDS = 3.0
PARSED = ("blocks", "view", "metadata")


@dataclass(frozen=True)
class Asked:
    """One call of the app: the method, its arguments with JSON texts parsed, and what came back."""

    method: str
    args: Json
    error: str


class RecordingSlack(Slack):
    """The sandbox's engine, strict about arguments, that keeps what the app asked for and answered."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(strict=True, **facts)
        self.asked: list[Asked] = []
        self.responses: list[Json] = []
        self.acks: list[Json] = []

    def call(self, method: str, args: Json, token: str | None) -> Answer:
        """Answer as the sandbox does, and remember."""
        try:
            answer = super().call(method, args, token)
        except AnswerLost:
            self.asked.append(Asked(method, _parsed(args), "answer_lost"))
            raise
        error = str(answer.body.get("error", "")) if isinstance(answer.body, dict) else f"http_{answer.status}"
        self.asked.append(Asked(method, _parsed(args), error))
        return answer

    def respond(self, key: str, body: Json) -> Answer:
        """Take an answer to a response address, and remember."""
        self.responses.append(body)
        return super().respond(key, body)

    def listen_in(self) -> None:
        """Remember from now on what the app's acknowledgements carry."""
        self.delivery.transports[:] = [_Overheard(one, self.acks) for one in self.delivery.transports]

    def methods(self) -> set[str]:
        """Return which methods the app has called."""
        return {asked.method for asked in self.asked}

    def contract_faults(self) -> list[str]:
        """Return every breach: unknown methods and arguments, missing ones, lengths, refusals, late answers."""
        calls = [fault for asked in self.asked for fault in _call_faults(asked)]
        shown = [fault for body in (*self.responses, *self.acks) for fault in _answer_faults(body)]
        late = [
            f"{record.what} took {record.ms} ms"
            for record in self.calls.after(0)
            if record.direction == "slack_to_app" and record.ok and record.ms > ACK_SECONDS * 1000
        ]
        return [*calls, *shown, *late]


@dataclass(frozen=True)
class _Overheard:
    """A transport whose answers are kept as well."""

    inner: Transport
    acks: list[Json]

    @property
    def name(self) -> Any:
        return self.inner.name

    def is_up(self) -> bool:
        return self.inner.is_up()

    def send(self, envelope: Envelope, timeout: float) -> Ack:
        ack = self.inner.send(envelope, timeout)
        if ack.payload:
            self.acks.append(ack.payload)
        return ack

    def drop(self) -> None:
        self.inner.drop()


@cache
def _methods() -> Json:
    found: Json = json.loads(METHODS_FILE.read_text(encoding="utf-8"))["methods"]
    return found


def _parsed(args: Json) -> Json:
    """Forms carry JSON as text; both ways of sending must look alike."""
    return {
        name: json.loads(value) if name in PARSED and isinstance(value, str) else value for name, value in args.items()
    }


def _call_faults(asked: Asked) -> list[str]:
    known = _methods().get(asked.method)
    if known is None:
        return [f"{asked.method} is no method of Slack's"]
    arguments = known["arguments"]
    unknown = [f"{asked.method}: {name} is unknown" for name in asked.args if name not in arguments]
    missing = [
        f"{asked.method}: {name} is missing"
        for name, facts in arguments.items()
        if facts["required"] and asked.args.get(name) in (None, "")
    ]
    return [*unknown, *missing, *_shown_faults(asked.method, asked.args)]


def _shown_faults(where: str, args: Json) -> list[str]:
    view = args.get("view")
    if view:
        return [f"{where}: {fault}" for fault in faults(str(view["type"]), view)]
    if "blocks" in args or "text" in args:
        message = {"text": args.get("text") or "", "blocks": args.get("blocks") or []}
        silent = [] if message["text"] else [f"{where}: a message without a text says nothing to a screen reader"]
        return [*silent, *(f"{where}: {fault}" for fault in faults("message", message))]
    return []


def _answer_faults(body: Json) -> list[str]:
    where = str(body.get("response_action") or "answer")
    return [] if body.get("errors") or body.get("delete_original") else _shown_faults(where, body)
