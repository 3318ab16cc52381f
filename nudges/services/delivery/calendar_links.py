"""The address of a calendar file: this module makes one that nobody can guess, and reads it back.

The address is the key to the file, which holds nothing about any person: only when and where a workshop is.
"""

import hashlib
import hmac
import re
from urllib.parse import quote

from nudges.services.core import Core
from nudges.store.workshops import Place

PATH = "/workshop"
_TOKEN = re.compile(r"([A-Z0-9]{1,30})\.(\d{1,12})\.([\w-]{1,60})\.([\w-]{1,20})\.([0-9a-f]{32})")


def link_to(core: Core, place: Place) -> str:
    """Return the https address of the workshop's calendar file; empty where others cannot reach our web side."""
    if not core.public_url:
        return ""
    return f"{core.public_url.rstrip('/')}{PATH}/{quote(token_for(core, place))}.ics"


def token_for(core: Core, place: Place) -> str:
    """Return what stands for the workshop in its address."""
    named = f"{core.workspace_id}.{place.campaign_id}.{place.nudge_key}.{place.session}"
    return f"{named}.{_seal(core.key, named)}"


def workspace_in(token: str) -> str:
    """Return whose workshop a token names, or an empty text; whether it is genuine is another question."""
    match = _TOKEN.fullmatch(token)
    return match[1] if match else ""


def read_token(core: Core, token: str) -> Place | None:
    """Return which workshop a token of ours stands for; None for any other."""
    match = _TOKEN.fullmatch(token)
    if match is None or match[1] != core.workspace_id:
        return None
    if not hmac.compare_digest(match[5], _seal(core.key, token.rpartition(".")[0])):
        return None
    return Place(int(match[2]), match[3], match[4])


def _seal(key: bytes, named: str) -> str:
    return hmac.new(key, f"workshop:{named}".encode(), hashlib.sha256).hexdigest()[:32]
