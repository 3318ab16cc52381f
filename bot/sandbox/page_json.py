"""People and views as the page reads them: this module is the page's JSON."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.message_json import view_json
from bot.sandbox.records import Json, Message
from bot.sandbox.state import State, is_automatic
from bot.sandbox.virtual_clock import VirtualClock

MOST_PEOPLE = 60
OF_INTEREST = ("employee", "admin", "author", "approver", "manager", "sponsor", "newcomer")
MENTION = re.compile(r"<[@#]([UWCG][A-Z0-9]+)")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the page shows of a person beside what Slack knows."""

    department: str = ""
    place: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageJson:
    """Reads the state; callers hold its lock."""

    state: State
    facts: Mapping[str, PersonFacts] = field(default_factory=dict)

    def people(self, query: str) -> list[Json]:
        """Return the people that match: those of interest first, then those with messages, then by name."""
        words = query.lower().split()
        matching = (person for person in map(self.person, self.state.users) if _matches(person, words))
        return heapq.nsmallest(MOST_PEOPLE, matching, key=self._rank)

    def _rank(self, person: Json) -> tuple[bool, int, bool, str]:
        places = [OF_INTEREST.index(tag) for tag in person["tags"] if tag in OF_INTEREST]
        has_messages = bool(self._messages(person["id"]))
        is_gone = person["kind"] in ("bot", "deleted")
        return is_gone, min(places, default=len(OF_INTEREST) - bool(person["tags"])), not has_messages, person["name"]

    def person(self, user_id: str) -> Json:
        user = self.state.user(user_id)
        profile = user.get("profile") or {}
        facts = self.facts.get(user_id, PersonFacts())
        return {
            "id": user_id,
            "name": user.get("real_name") or profile.get("real_name") or user.get("name") or user_id,
            "title": profile.get("title") or "",
            "department": facts.department,
            "place": facts.place,
            "zone": user.get("tz") or "",
            "kind": _kind(user),
            "unread": self._unread(user_id),
            "tags": list(facts.tags),
        }

    def view(self, user_id: str) -> Json:
        """Return all the person sees; the messages count as read from here on."""
        home = self.state.views.get(self.state.homes.get(user_id, ""))
        messages = self._messages(user_id)
        if messages:
            self.state.read_until[user_id] = messages[-1].ts
        stack = self.state.stacks.get(user_id, [])
        body: Json = {
            "person": self.person(user_id),
            "now": self.state.clock.now(),
            "offset": self.state.clock.offset,
            "dm": {
                "channel": self.state.dms.get(user_id),
                "messages": [self._message(message) for message in messages],
            },
            "home": {"blocks": home.body["blocks"], "view_id": home.id} if home else None,
            "modals": [{"id": view_id, "view": view_json(self.state.views[view_id], self.state)} for view_id in stack],
            "clock": clock_json(self.state.clock),
            "notice": asdict(self.state.notice) if self.state.notice else None,
        }
        return {**body, "names": self._names(body)}

    def _names(self, body: Json) -> dict[str, str]:
        """Return what the people and channels mentioned anywhere on the page are called."""
        mentioned = set(MENTION.findall(json.dumps(body)))
        people = {one: self.person(one)["name"] for one in mentioned if one in self.state.users}
        channels = {one: self.state.channels[one].name for one in mentioned if one in self.state.channels}
        return people | channels

    def _messages(self, user_id: str) -> list[Message]:
        channel = self.state.channels.get(self.state.dms.get(user_id, ""))
        if channel is None:
            return []
        return [message for message in channel.after("") if message.only_for in (None, user_id)]

    def _unread(self, user_id: str) -> int:
        channel = self.state.channels.get(self.state.dms.get(user_id, ""))
        if channel is None:
            return 0
        later = channel.after(self.state.read_until.get(user_id, ""))
        return sum(message.from_app and message.only_for in (None, user_id) for message in later)

    def _message(self, message: Message) -> Json:
        sender = self.state.users.get(message.user, {})
        return {
            "ts": message.ts,
            "user": "app" if message.from_app else message.user,
            "name": self.state.app.name if message.from_app else sender.get("real_name") or message.user,
            "text": message.text,
            "blocks": message.blocks,
            "ephemeral": message.only_for is not None,
            "edited": message.edited_ts is not None,
            "at": message.at,
            "channel": message.channel,
        }


def clock_json(clock: VirtualClock) -> Json:
    move = clock.move
    return {
        "moving": move.moving,
        "target": move.target if move.moving else None,
        "kind": move.kind if move.moving else None,
        "next_at": move.next_at,
        "note": move.note,
    }


def _kind(user: Json) -> str:
    if user.get("deleted"):
        return "deleted"
    if is_automatic(user):
        return "bot"
    is_guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
    return "guest" if is_guest else "member"


def _matches(person: Json, words: Iterable[str]) -> bool:
    text = " ".join(str(part) for part in _searchable(person)).lower()
    return all(word in text for word in words)


def _searchable(person: Json) -> Iterable[Any]:
    keys = ("id", "name", "title", "department", "place", "kind")
    return [*(person[key] for key in keys), *person["tags"]]
