"""What people do about a nudge: this module turns a posted message into what they will press, and presses it.

A click goes through the same table of buttons as in life; only the envelope Slack wraps it in is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.blocks.actions import ActionId, AnswerValue, DaysValue, DeliveryValue, PickId
from bot.listeners.buttons import BUTTONS
from bot.listeners.payloads import Click
from bot.sandbox.records import Json
from bot.sandbox.state import State
from nudges.domain.forecasts.reactions import Reaction, ReactionKind
from nudges.domain.measuring.views import Verdict
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.playbooks.quizzes import ALSO, THEN, keys_of
from nudges.services.answers.record_response import record_barrier, record_reply
from nudges.services.barriers.ask_back import confirm
from nudges.services.core import Core

ACTIONS = {
    ReactionKind.USEFUL: ActionId.MARK_USEFUL,
    ReactionKind.NOT_FOR_ME: ActionId.MARK_NOT_FOR_ME,
    ReactionKind.ANSWER: ActionId.ANSWER_QUIZ,
    ReactionKind.SCENE: ActionId.ANSWER_SCENE,
    ReactionKind.TAP: ActionId.TAP,
    ReactionKind.TRY_IT: ActionId.TRY_IT,
    ReactionKind.BARRIER: ActionId.REPORT_BARRIER,
    ReactionKind.PAUSE: ActionId.PAUSE_ME,
    ReactionKind.STOP: ActionId.STOP_ME,
    ReactionKind.START: ActionId.START_ME,
}


@dataclass(frozen=True)
class Post:
    """A nudge (or a notice, without a playbook) as it stands at the simulated Slack."""

    delivery_id: str
    person_id: str
    campaign: str
    playbook: str
    nudge_key: str
    at: datetime
    ts: str

    @property
    def is_notice(self) -> bool:
        """Whether it is a message to an owner or admin."""
        return not self.campaign

    @property
    def subject(self) -> str:
        """Return what it is, in one word."""
        return f"{self.campaign}/{self.nudge_key}" if self.campaign else "notice"


@dataclass(frozen=True)
class Deed:
    """One thing a person will do about one post."""

    post: Post
    kind: ReactionKind
    value: str = ""
    after: timedelta = timedelta(0)
    line: int = 0  # of the script: what happens at one instant happens in its order

    @property
    def at(self) -> datetime:
        """Return when they will do it."""
        return self.post.at + self.after

    @property
    def key(self) -> str:
        """Return what is picked, without how sure they are of it."""
        return self.value.partition(" ")[0] if self.kind is ReactionKind.ANSWER else self.value

    @property
    def sure(self) -> str:
        """Return how sure they are of an answer, where they say it."""
        return self.value.partition(" ")[2].strip() if self.kind is ReactionKind.ANSWER else ""

    @property
    def told(self) -> str:
        """Return what they do, without the words they write: those stand nowhere but where they are kept."""
        return self.kind.value if self.kind is ReactionKind.WRITE else f"{self.kind.value} {self.value}".strip()


class Players(Protocol):
    """Who decides what people do."""

    def deeds(self, post: Post, buttons: Sequence[Json]) -> Iterator[Deed]:
        """Give what this person will do about this post; `buttons` are those it shows."""
        ...


@dataclass(frozen=True)
class Scripted:
    """Everybody does what was written down beforehand, and nothing else."""

    reactions: dict[tuple[str, str, str], tuple[Reaction, ...]]

    def deeds(self, post: Post, buttons: Sequence[Json]) -> Iterator[Deed]:
        """Give the lines of the script for this person and nudge, in the script's order."""
        for line in self.reactions.get((post.person_id, post.playbook, post.nudge_key), ()):
            yield Deed(post, line.kind, line.value, line.after, line.line)


def buttons_of(state: State, post: Post) -> list[Json]:
    """Return the buttons of the message as Slack shows it; none of one that was taken away again at once."""
    message = state.dm_with(post.person_id).messages.get(post.ts)
    found: list[Json] = []
    for block in (message.blocks if message else None) or []:
        found += [*(block.get("elements") or []), *([block["accessory"]] if block.get("accessory") else [])]
    return [element for element in found if "action_id" in element]


def perform(core: Core, deed: Deed) -> bool:
    """Do it; False when nothing came of it, as with a choice that is not there."""
    person_id, delivery_id = deed.post.person_id, deed.post.delivery_id
    if deed.kind is ReactionKind.WRITE:
        return record_reply(core, person_id, f"{delivery_id}:{deed.value}", deed.value).is_new
    if deed.kind is ReactionKind.CONFIRM:
        return confirm(core, person_id, deed.value)
    if deed.kind is ReactionKind.BARRIER:
        return _is_taken(record_barrier(core, person_id, delivery_id, BarrierKind(deed.value)).verdict)
    picked = _picked(deed)
    is_checked = bool(picked)
    if deed.sure:
        picked = picked | {PickId.SURE.action: (deed.sure,)}
    action = ActionId.CHECK_ANSWER if is_checked else ACTIONS[deed.kind]
    button = BUTTONS[action]
    if button.change is None:
        return False
    value = delivery_id if is_checked else _value(deed)
    click = Click(person_id, action, value, trigger_id="", response_url="", picked=picked)
    outcome = button.change(core, click)
    return outcome is None or _is_taken(outcome.verdict)


def _picked(deed: Deed) -> dict[str, tuple[str, ...]]:
    """Return what is ticked or put in order before Check is pressed; nothing for an answer of one tap."""
    if deed.kind is not ReactionKind.ANSWER or not (ALSO in deed.key or THEN in deed.key):
        return {}
    keys = keys_of(deed.key)
    if ALSO in deed.key:
        return {PickId.ALL.action: keys}
    return {f"{ActionId.PICK}.{place}": (key,) for place, key in enumerate(keys)}


def _value(deed: Deed) -> str:
    if deed.kind in (ReactionKind.ANSWER, ReactionKind.SCENE, ReactionKind.TAP):
        return AnswerValue(deed.post.delivery_id, deed.key).encode()
    if deed.kind is ReactionKind.PAUSE:
        return DaysValue(int(deed.value)).encode()
    return DeliveryValue(deed.post.delivery_id).encode()


def _is_taken(verdict: Verdict) -> bool:
    return verdict in (Verdict.RECORDED, Verdict.REPEATED)
