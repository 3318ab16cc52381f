"""The demo company as `users.list` returns it: this module is Slack's side of it, gaps and oddities included."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from bot.sandbox.company_people import KNOWN_IDS, Employee, Names
from bot.sandbox.company_places import BENGALURU, BERLIN, LISBON, LONDON, NEW_YORK, PORTO, Place

TEAM_ID = "T0SANDBOX"
PARTNER_TEAM_ID = "T0PARTNER"  # a stranger seen through a shared channel
_JOINED = 1_700_000_000  # November 2023
_TWO_YEARS_S = 63_000_000
_COLORS = ("4bbe2e", "9f69e7", "e7392d", "3c989f", "674b1b", "d55aef", "e0a729", "684b6c", "5b89d5", "2b6836", "99a949")
_BLANK_ZONES: tuple[Any, ...] = (None, "", "absent")

User = dict[str, Any]


def member_users(rng: random.Random, employees: Sequence[Employee]) -> list[User]:
    """Return one user for each employee; a few lack what Slack often lacks: zone, title, names, locale."""
    users = [_member(rng, employee) for employee in employees]
    plain = [user for user in users if user["id"] not in KNOWN_IDS]
    odd = iter(rng.sample(plain, k=24))
    for index in range(6):
        _blank_zone(next(odd), _BLANK_ZONES[index % 3])
    for index in range(6):
        _blank_title(next(odd), index % 3)
    for index in range(6):
        _blank_name(next(odd), index % 3)
    for _ in range(6):
        next(odd).pop("locale")
    return users


def other_users(rng: random.Random) -> list[User]:
    """Return everybody who is no employee: guests, leavers, one invited, one stranger, bots and Slackbot."""
    names = Names(rng)
    guests = [_guest(rng, names, place, single=single) for place, single in _GUESTS]
    leavers = [_leaver(rng, names, place) for place in (LISBON, LISBON, PORTO, BERLIN, LONDON, NEW_YORK, BENGALURU)]
    invited = _person(rng, names, BERLIN, "Learning designer") | {"is_invited_user": True, "updated": 0}
    stranger = _person(rng, names, LONDON, "Account manager, Northgate Supplies")
    stranger |= {"team_id": PARTNER_TEAM_ID, "is_stranger": True}
    bots = [_bot("U0CALENDAR", "Calendar", "B0CALENDAR"), _bot("U0DEPLOY", "Deploy log", "B0DEPLOY")]
    return [*guests, *leavers, invited, stranger, *bots, _slackbot()]


_GUESTS = ((LISBON, False), (BERLIN, False), (LONDON, False), (PORTO, True), (NEW_YORK, True))


def _member(rng: random.Random, employee: Employee) -> User:
    place = employee.place
    user = _user(rng, employee.id, employee.first_name, employee.last_name, place)
    user["profile"]["title"] = employee.title
    user["is_admin"] = user["is_owner"] = "admin" in employee.tags
    # Many people never choose a display name; Slack then sends an empty one.
    user["profile"]["display_name"] = employee.first_name if rng.random() < 0.4 else ""
    return user


def _user(rng: random.Random, user_id: str, first: str, last: str, place: Place) -> User:
    name = f"{first} {last}"
    return {
        "id": user_id,
        "team_id": TEAM_ID,
        "name": f"{first}.{last}".lower().replace("'", "").replace(" ", ""),
        "deleted": False,
        "color": rng.choice(_COLORS),
        "real_name": name,
        "tz": place.zone,
        "tz_label": place.zone_label,
        "tz_offset": place.zone_offset,
        "locale": place.locale,
        "profile": {
            "title": "",
            "phone": "",
            "skype": "",
            "real_name": name,
            "real_name_normalized": name,
            "display_name": "",
            "display_name_normalized": "",
            "fields": None,
            "status_text": "",
            "status_emoji": "",
            "status_expiration": 0,
            "avatar_hash": f"g{rng.getrandbits(44):011x}",
            "first_name": first,
            "last_name": last,
            "team": TEAM_ID,
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": _JOINED + rng.randrange(_TWO_YEARS_S),
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }


def _person(rng: random.Random, names: Names, place: Place, title: str) -> User:
    first, last = names.name(place)
    user = _user(rng, names.id(), first, last, place)
    user["profile"]["title"] = title
    return user


def _guest(rng: random.Random, names: Names, place: Place, *, single: bool) -> User:
    """Return a guest; a single-channel guest is restricted as well as ultra-restricted, as Slack has it."""
    user = _person(rng, names, place, "Auditor (guest)" if single else "Agency consultant (guest)")
    return user | {"is_restricted": True, "is_ultra_restricted": single}


def _leaver(rng: random.Random, names: Names, place: Place) -> User:
    """Return a deactivated account: Slack keeps listing it, without zone, colour or roles."""
    user = _person(rng, names, place, "Service agent") | {"deleted": True}
    kept = ("id", "team_id", "name", "deleted", "profile", "is_bot", "is_app_user", "updated")
    return {key: user[key] for key in kept}


def _bot(user_id: str, name: str, bot_id: str) -> User:
    user = _user(random.Random(user_id), user_id, name, "", LONDON)
    user["profile"] |= {"bot_id": bot_id, "api_app_id": f"A{bot_id[1:]}", "always_active": False}
    return user | {"name": name.lower().replace(" ", ""), "real_name": name, "is_bot": True, "locale": "en-US"}


def _slackbot() -> User:
    """Return Slackbot, which says of itself that it is no bot."""
    user = _user(random.Random(0), "USLACKBOT", "slackbot", "", NEW_YORK)
    user["profile"] |= {"real_name": "Slackbot", "display_name": "Slackbot", "always_active": True}
    return user | {"name": "slackbot", "real_name": "Slackbot", "updated": 0}


def _blank_zone(user: User, blank: Any) -> None:
    for key in ("tz", "tz_label", "tz_offset"):
        user[key] = blank
        if blank == "absent":
            del user[key]


def _blank_title(user: User, variant: int) -> None:
    user["profile"]["title"] = None if variant == 1 else ""
    if variant == 2:
        del user["profile"]["title"]


def _blank_name(user: User, variant: int) -> None:
    """Take names away as Slack does: parts absent, real_name only in the profile, a last name of nothing."""
    profile = user["profile"]
    if variant == 0:
        del profile["first_name"], profile["last_name"]
        return
    if variant == 1:
        del user["real_name"]
        return
    profile["last_name"] = ""
