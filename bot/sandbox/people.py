"""Everybody in a workspace, by id and in pages: this module is the sandbox's list of people, of any length."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass

from bot.sandbox.records import Json

ZONES = (
    ("Europe/Lisbon", "Western European Time", 0),
    ("Europe/Berlin", "Central European Time", 3_600),
    ("Asia/Kolkata", "India Standard Time", 19_800),
    ("America/New_York", "Eastern Standard Time", -18_000),
    ("Australia/Sydney", "Australian Eastern Time", 36_000),
)
TITLES = ("Service agent", "Engineer", "Accountant", "Team lead", "")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Many plain people who take no room: each is made up, always the same, when somebody asks."""

    size: int
    prefix: str = "U0CROWD"

    def ids(self) -> Iterator[str]:
        return (f"{self.prefix}{number:07d}" for number in range(self.size))

    def person(self, user_id: str, team_id: str) -> Json:
        number = int(user_id[len(self.prefix) :])
        zone, label, offset = ZONES[number % len(ZONES)]
        name = f"Person {number}"
        profile = {"real_name": name, "display_name": "", "title": TITLES[number % len(TITLES)], "team": team_id}
        return {
            "id": user_id,
            "team_id": team_id,
            "name": f"person{number}",
            "deleted": number % 50 == 49,
            "real_name": name,
            "tz": zone,
            "tz_label": label,
            "tz_offset": offset,
            "profile": profile,
            "is_bot": False,
            "is_app_user": False,
            "is_restricted": number % 100 == 7,
            "updated": 1_700_000_000 + number,
        }


class People(MutableMapping[str, Json]):
    """Users by id in the order they came; `page` reads them by id without sorting everybody again."""

    def __init__(self, team_id: str) -> None:
        self._team_id = team_id
        self.known: dict[str, Json | None] = {}  # None: one of the crowd, nothing special known
        self._crowd: Crowd | None = None
        self._sorted: list[str] | None = None

    def welcome(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.known.update(dict.fromkeys(crowd.ids()))
        self._sorted = None

    def page(self, after: str, limit: int) -> tuple[list[str], bool]:
        """Return up to `limit` ids that follow, and whether there are more."""
        if self._sorted is None:
            self._sorted = sorted(self.known)
        start = bisect_right(self._sorted, after)
        return self._sorted[start : start + limit], start + limit < len(self._sorted)

    def __getitem__(self, user_id: str) -> Json:
        user = self.known[user_id]
        if user is None and self._crowd is not None:
            return self._crowd.person(user_id, self._team_id)
        return user or {}

    def __setitem__(self, user_id: str, user: Json) -> None:
        if user_id not in self.known:
            self._sorted = None
        self.known[user_id] = user

    def __delitem__(self, user_id: str) -> None:
        del self.known[user_id]
        self._sorted = None

    def __contains__(self, user_id: object) -> bool:
        return user_id in self.known

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)
