"""The form in which playbooks are written: this module opens it, fills it in and reads what comes back."""

import json
from pathlib import Path
from typing import Any

from slack_bolt import BoltResponse

from tests.bot.limits import faults
from tests.bot.office import AUTHOR, Office

FORM = "playbook_form"
View = dict[str, Any]


def opened(office: Office, words: str = "edit find-an-expert", person_id: str = AUTHOR) -> View:
    office.command(person_id, words)
    return view_of(office.called("views.open")[-1]["view"])


def view_of(sent: Any) -> View:
    view: View = json.loads(sent) if isinstance(sent, str) else sent
    assert faults("modal", view) == []
    return view


def texts(view: View) -> dict[str, str]:
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {
        b["block_id"]: b["element"].get("initial_value", "") for b in inputs if b["element"]["type"] != "radio_buttons"
    }


def sent(
    office: Office, view: View, typed: dict[str, str], *, choice: str = "", person_id: str = AUTHOR
) -> BoltResponse:
    values: dict[str, Any] = {
        name: {name: {"type": "plain_text_input", "value": v or None}} for name, v in typed.items()
    }
    if choice:
        name = next(block["block_id"] for block in view["blocks"] if block.get("block_id", "").endswith(".choice"))
        values[name] = {name: {"type": "radio_buttons", "selected_option": {"value": choice}}}
    return office.submit(person_id, FORM, metadata=view["private_metadata"], values=values)


def changed(view: View, old: str, new: str) -> dict[str, str]:
    found = {name: text.replace(old, new) for name, text in texts(view).items()}
    assert found != texts(view)
    return found


def answer_of(response: BoltResponse) -> View:
    body: View = json.loads(response.body)
    return body


def file_of(office: Office, name: str = "find-an-expert.yaml") -> Path:
    return office.core.library.folder / name
