"""People, conversations, views and tokens of one workspace, under one lock: this module is the sandbox's memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from heapq import heappop, heappush
from typing import Any

from bot.sandbox.errors import Impossible, Refusal
from bot.sandbox.installs import Installation, Installs
from bot.sandbox.people import Crowd, People
from bot.sandbox.records import AppIdentity, Channel, Json, Message, Notice, Posted, ResponseUrl, Trigger, View
from bot.sandbox.virtual_clock import VirtualClock

SLACKBOT = "USLACKBOT"

Listener = Callable[[str, str | None], None]


class State:
    """Plain data and the few moves that keep it whole; callers hold `lock`."""

    def __init__(
        self,
        *,
        people: Iterable[Json] | Crowd,
        app: AppIdentity,
        clock: VirtualClock,
        installs: Installs | None = None,
        number: int = 0,
    ) -> None:
        """`number` tells the workspaces of one sandbox apart: ids made up here are unique in all of them."""
        self.lock: AbstractContextManager[object] = threading.RLock()
        self.app = app
        self.clock = clock
        self.base_url = "http://127.0.0.1:3100"
        self.installs = installs or Installs()
        self.users = People(app.team_id)
        self.teams_of: Callable[[str], list[str]] = lambda _: [app.team_id]
        self.channels: dict[str, Channel] = {}
        self.user_groups: dict[str, Json] = {}
        self.dms: dict[str, str] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, str] = {}
        self.stacks: dict[str, list[str]] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.tickets: dict[str, float] = {}
        self.posted: list[Posted] = []
        self.read_until: dict[str, str] = {}
        self.rests: dict[str, tuple[float, float]] = {}  # from when until when somebody does not want to be disturbed
        self.messages_tab_enabled = True
        self.home_tab_enabled = True
        self.notice: Notice | None = None
        self.listeners: list[Listener] = []
        self._number = f"{number:X}"
        self.counters: dict[str, int] = {}
        self._acting_at: float | None = None
        self._later: list[tuple[float, int, Callable[[], object]]] = []
        self._admit(people)

    def _admit(self, people: Iterable[Json] | Crowd) -> None:
        if isinstance(people, Crowd):
            self.users.welcome(people)
        else:
            for person in people:
                self.users[person["id"]] = {"team_id": self.app.team_id, **person}
        for helper in (_bot_user(self.app), _slackbot(self.app)):
            self.users.setdefault(helper["id"], helper)

    # Names and news

    def new_id(self, prefix: str) -> str:
        """Return the next id of its kind; ids depend on the order of events only, so runs can be compared."""
        return f"{prefix}{self._number}{self._next(prefix):09X}"

    def _next(self, name: str) -> int:
        self.counters[name] = self.counters.get(name, 0) + 1
        return self.counters[name]

    def tell(self, kind: str, person: str | None = None) -> None:
        """Say that something changed, so that open pages fetch again."""
        for listener in tuple(self.listeners):
            listener(kind, person)

    # Things that happen later in virtual time

    def now(self) -> float:
        """Return virtual now, or the instant a belated call was due."""
        return self.clock.now() if self._acting_at is None else self._acting_at

    def do_at(self, instant: float, action: Callable[[], object]) -> None:
        heappush(self._later, (instant, self._next("later"), action))

    def catch_up(self) -> None:
        """Do what has come due; a refusal of such a belated call reaches nobody."""
        while self._later and self._later[0][0] <= self.clock.now():
            self._acting_at, _, action = heappop(self._later)
            with suppress(Refusal):
                action()
        self._acting_at = None

    # The app here

    def installation(self) -> Installation | None:
        return self.installs.covering(self.app.team_id, self.app.enterprise_id)

    # People

    def user(self, user_id: str) -> Json:
        found = self.users.get(user_id)
        if found is None:
            raise Impossible("unknown_person", f"There is no person {user_id} in this workspace.")
        return found

    def can_get_messages(self, user_id: str) -> bool:
        user = self.users.get(user_id)
        return user is not None and not (is_automatic(user) or user.get("deleted") or user.get("is_stranger"))

    # Conversations

    def dm_with(self, user_id: str) -> Channel:
        """Return the DM between this person and the app, opened if need be."""
        known = self.dms.get(user_id)
        if known is not None:
            return self.channels[known]
        channel = Channel(
            id=self.new_id("D"),
            kind="im",
            members=frozenset({user_id, self.app.bot_user}),
            name="directmessage",
            created=int(self.clock.now()),
        )
        self.channels[channel.id] = channel
        self.dms[user_id] = channel.id
        return channel

    def add_channel(self, channel_id: str, *, name: str, members: Iterable[str]) -> Channel:
        channel = Channel(
            id=channel_id, kind="channel", members=frozenset(members), name=name, created=int(self.clock.now())
        )
        self.channels[channel_id] = channel
        return channel

    def add_user_group(self, group_id: str, *, name: str, members: Iterable[str], is_disabled: bool) -> None:
        users = sorted(members)
        self.user_groups[group_id] = {
            "id": group_id,
            "team_id": self.app.team_id,
            "is_usergroup": True,
            "name": name,
            "handle": name.lower().replace(" ", "-"),
            "date_delete": int(self.clock.now()) if is_disabled else 0,
            "users": users,
            "user_count": str(len(users)),  # Slack counts in texts here
        }

    def person_of(self, channel: Channel) -> str | None:
        """Return the person at the other end of a DM; None for other channels."""
        others = channel.members - {self.app.bot_user}
        return next(iter(others)) if channel.kind == "im" and others else None

    def add_message(self, channel: Channel, *, at: float, **facts: Any) -> Message:
        """Store a message under a timestamp of its own and tell the pages of those who see it."""
        message = Message(channel=channel.id, ts=channel.free_ts(at), at=at, **facts)
        channel.keep(message)
        self.tell("message", message.only_for or self.person_of(channel))
        return message

    def change_message(self, channel: Channel, ts: str, **facts: Any) -> Message:
        message = replace(channel.messages[ts], **facts)
        channel.keep(message)
        self.tell("message", message.only_for or self.person_of(channel))
        return message

    # Trigger ids

    def new_trigger(self, user_id: str, view_id: str | None = None) -> str:
        trigger_id = f"{self._next('trigger')}.{self.app.team_id}.sandbox"
        self.triggers[trigger_id] = Trigger(user=user_id, made_real=self.clock.real(), view_id=view_id)
        return trigger_id


def is_automatic(user: Json) -> bool:
    """Bots, and Slackbot, which does not call itself one."""
    return bool(user.get("is_bot")) or user["id"] == SLACKBOT


def _bot_user(app: AppIdentity) -> Json:
    return _helper(app, app.bot_user, app.name.lower(), app.name, is_bot=True)


def _slackbot(app: AppIdentity) -> Json:
    return _helper(app, SLACKBOT, "slackbot", "Slackbot", is_bot=False)


def _helper(app: AppIdentity, user_id: str, name: str, real_name: str, *, is_bot: bool) -> Json:
    profile = {"real_name": real_name, "display_name": real_name, "title": "", "team": app.team_id}
    return {
        "id": user_id,
        "team_id": app.team_id,
        "name": name,
        "deleted": False,
        "real_name": real_name,
        "tz": "Etc/UTC",
        "tz_label": "UTC",
        "tz_offset": 0,
        "profile": profile,
        "is_bot": is_bot,
        "is_app_user": False,
        "updated": 0,
    }
