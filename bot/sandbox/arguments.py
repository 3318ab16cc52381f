"""The arguments of a call, from a form or a JSON body: this module reads what an SDK sends."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.records import Json


def decoded(body: bytes) -> Json:
    """Return the arguments; the content type is not asked, because SDKs do not always state it truly."""
    body = body.strip()
    if not body.startswith(b"{"):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        found: Any = json.loads(body)
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if value is not None}
