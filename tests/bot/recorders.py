"""Ways out that only remember: this module is the messenger, directory and client of tests of listeners."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from nudges.domain.delivery.messages import Message
from nudges.domain.people.people import Person
from nudges.errors import DeliveryError
from nudges.ports import Receipt

CONTRACT = Path(__file__).parent.parent / "data" / "methods-today.json"
METHODS: dict[str, Any] = json.loads(CONTRACT.read_text("utf-8"))["methods"]


class RecordingMessenger:
    """Keeps what was sent and updated."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.updated: list[tuple[Receipt, Message]] = []
        self.deleted: list[Receipt] = []
        self.previewed: list[tuple[str, Message, str]] = []
        self.refusal: DeliveryError | None = None  # what Slack says to the next previews

    def send(self, person_id: str, message: Message) -> Receipt:
        self.sent.append((person_id, message))
        return Receipt(f"D{person_id[1:]}", f"{len(self.sent)}.000100")

    def post_preview(self, conversation_id: str, message: Message, *, asked_by: str) -> Receipt:
        if self.refusal is not None:
            raise self.refusal
        self.previewed.append((conversation_id, message, asked_by))
        return Receipt(conversation_id, "7.000100")

    def find(self, *_args: Any) -> Receipt | None:
        return None

    def update(self, receipt: Receipt, message: Message) -> None:
        self.updated.append((receipt, message))

    def delete(self, receipt: Receipt) -> None:
        self.deleted.append(receipt)


class FixedDirectory:
    """The same people each time."""

    def __init__(self, everybody: Sequence[Person]) -> None:
        self._everybody = everybody

    def people(self) -> Sequence[Person]:
        return self._everybody

    def group_members(self, group_id: str) -> Sequence[str]:
        return []

    def ids_by_email(self) -> Mapping[str, str]:
        return {}


class RecordingClient(WebClient):
    """Keeps each call to Slack, refuses what Slack does not document, and trigger ids that were used."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-test", retry_handlers=[])
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __deepcopy__(self, _memo: Any) -> "RecordingClient":
        return self  # Bolt copies the context for work after the acknowledgement

    def api_call(self, api_method: str, **kwargs: Any) -> Any:
        sent = {**(kwargs.get("params") or {}), **(kwargs.get("json") or {}), **(kwargs.get("data") or {})}
        if api_method == "views.open" and sent.get("trigger_id") == "used":
            answer: Any = {"ok": False, "error": "expired_trigger_id"}
            raise SlackApiError("refused", answer)
        unknown = set(sent) - set(METHODS[api_method]["arguments"])
        assert not unknown, f"{api_method} takes no {unknown}"
        self.calls.append((api_method, {name: value for name, value in sent.items() if value is not None}))
        return {"ok": True, "channel": "D0ANA", "ts": "9.000100"}
