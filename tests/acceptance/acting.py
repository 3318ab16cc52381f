"""What one person sees and does in Slack: this module is the hands and eyes of the acceptance tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.blocks.actions import CallbackId, InputId
from bot.sandbox.delivery import Outcome
from bot.sandbox.page_json import PageJson
from bot.sandbox.people_acts import Submitted
from tests.acceptance.running import RunningApp, wait_until

Json = dict[str, Any]


@dataclass(frozen=True)
class Someone:
    """A person at the keyboard: each act waits until what it leads to can be seen."""

    app: RunningApp
    id: str

    def view(self) -> Json:
        """Return all that this person's Slack shows."""
        with self.app.slack.state.lock:
            return PageJson(self.app.slack.state).view(self.id)

    def messages(self) -> list[Json]:
        """Return the conversation with the app, ephemerals included."""
        found: list[Json] = self.view()["dm"]["messages"]
        return found

    def got(self) -> list[Json]:
        """Return the app's own messages, without what only answered a command."""
        return [one for one in self.messages() if one["user"] == "app" and not one["ephemeral"]]

    def message(self, words: str) -> Json:
        """Return the newest message of the app that says these words, once it is there."""
        return wait_until(lambda: next((one for one in reversed(self.got()) if words in shown(one)), None))

    def sees(self, words: str) -> str:
        """Return the whole text of that message."""
        return shown(self.message(words))

    def click(self, label: str, words: str) -> Outcome:
        """Press a button under the message that says these words."""
        message = self.message(words)
        block_id, element = button(message["blocks"], label)
        return self.app.slack.do.click(self.id, ts=message["ts"], block_id=block_id, action_id=element["action_id"])

    def click_home(self, label: str) -> Outcome:
        """Press a button on the Home tab."""
        home = self.home()
        block_id, element = button(home["blocks"], label)
        return self.app.slack.do.click(
            self.id, view_id=home["view_id"], block_id=block_id, action_id=element["action_id"]
        )

    def home(self) -> Json:
        """Return the Home tab, once it is there."""
        return wait_until(lambda: self.view()["home"])

    def opens_home(self) -> str:
        """Open the Home tab and return what stands in it once it was drawn anew."""
        before = (self.view()["home"] or {}).get("view_id"), self._drawn()
        assert self.app.slack.do.open(self.id, tab="home").ok
        wait_until(lambda: self._drawn() > before[1])
        return words_of(self.home()["blocks"])

    def asks(self, text: str) -> str:
        """Type `/nudge` with these words and return the answer that only this person sees."""
        before = len(self._ephemerals())
        outcome = self.app.slack.do.command(self.id, "/nudge", text)
        assert outcome.ok, f"/nudge {text}: {outcome.error}"
        wait_until(lambda: len(self._ephemerals()) > before)
        return shown(self._ephemerals()[-1])

    def presses(self, label: str) -> str:
        """Press a button in the newest answer that only this person sees; return what stands there afterwards."""
        message = self._ephemerals()[-1]
        block_id, element = button(message["blocks"], label)
        outcome = self.app.slack.do.click(self.id, ts=message["ts"], block_id=block_id, action_id=element["action_id"])
        assert outcome.ok, outcome.error
        return wait_until(lambda: shown(now) if (now := self._ephemerals()[-1]) != message else "")

    def types(self, text: str) -> Outcome:
        """Type into the conversation."""
        return self.app.slack.do.message(self.id, text)

    def shortcut(self, callback_id: str = CallbackId.REPORT_SHORTCUT.value) -> Outcome:
        """Use the app's global shortcut."""
        return self.app.slack.do.shortcut(self.id, callback_id)

    def form(self) -> Json:
        """Return the form on top, once one is open."""
        return wait_until(lambda: (self.view()["modals"] or [None])[-1])

    def submits(self, **values: Json) -> Submitted:
        """Fill in the form on top and send it."""
        form = self.form()
        filled = {block: {block: value} for block, value in values.items()}
        return self.app.slack.do.submit(self.id, form["id"], filled)

    def reports(self, kind: str, words: str = "", *, under: str = "") -> str:
        """Say what is in the way, under a message or by the shortcut; return what is said in thanks."""
        outcome = self.click("What is in the way?", under) if under else self.shortcut()
        assert outcome.ok, outcome.error
        typed = {InputId.WORDS.value: {"value": words}} if words else {}
        sent = self.submits(**{InputId.KIND.value: chosen(self.form(), kind), **typed})
        assert sent.outcome.ok, sent
        thanks = words_of(self.form()["view"]["blocks"])
        self.app.slack.do.close(self.id, self.form()["id"])
        return thanks

    def _ephemerals(self) -> list[Json]:
        return [one for one in self.messages() if one["ephemeral"]]

    def _drawn(self) -> int:
        return sum(
            asked.method == "views.publish" and asked.args.get("user_id") == self.id and not asked.error
            for asked in self.app.slack.asked
        )


def chosen(form: Json, kind: str) -> Json:
    """Return the choice of a barrier kind as the form's radio buttons give it."""
    options = [
        option
        for block in form["view"]["blocks"]
        for option in (block.get("element") or {}).get("options", [])
        if option["value"] == kind
    ]
    return {"selected_option": options[0]}


def button(blocks: list[Json], label: str) -> tuple[str, Json]:
    """Return the button with this label and its block's id; fail naming those there are."""
    found = [
        (block["block_id"], element)
        for block in blocks
        for element in _pressable(block)
        if element.get("type") == "button"
    ]
    labels = [element["text"]["text"] for _, element in found]
    assert label in labels, f"no button {label!r} among {labels}"
    return found[labels.index(label)]


def labels(message: Json) -> list[str]:
    """Return the labels of a message's buttons."""
    return [
        element["text"]["text"]
        for block in message["blocks"] or []
        for element in _pressable(block)
        if element.get("type") == "button"
    ]


def _pressable(block: Json) -> list[Json]:
    return [*block.get("elements", []), *([block["accessory"]] if block.get("accessory") else [])]


def shown(message: Json) -> str:
    """Return every word that a message shows."""
    return words_of(message["blocks"]) if message["blocks"] else str(message["text"])


def words_of(blocks: Any) -> str:
    """Return every text in blocks, in order."""
    return "\n".join(_texts(blocks))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _texts(child)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str) and node.get("type") in ("mrkdwn", "plain_text"):
            yield node["text"]
        for name, child in node.items():
            if name != "text" or not isinstance(child, str):
                yield from _texts(child)
