"""Holdouts: this module is who is spared on purpose, whole teams at a time, so that an effect can be measured."""

import hashlib
import hmac

from nudges.domain.people.people import Person
from nudges.domain.people.teams import team_key_of

MOST_HELD_OUT = 0.5
_SCALE = 1 << 64


def holdout_key_of(person: Person) -> str:
    """Return what is drawn as one: the person's team, or the person when no team is known."""
    return team_key_of(person) or f"person:{person.person_id}"


def is_held_out(*, team_key: str, campaign_id: int, share: float, key: bytes) -> bool:
    """Return whether the team is spared in this campaign: always the same answer, and unlike in other campaigns."""
    text = f"holdout:{campaign_id}:{team_key}".encode()
    drawn = int.from_bytes(hmac.new(key, text, hashlib.sha256).digest()[:8], "big")
    return drawn < min(share, MOST_HELD_OUT) * _SCALE
