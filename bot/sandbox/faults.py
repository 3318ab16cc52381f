"""Switches for what goes wrong, drawn from a seeded random: this module is the sandbox's faults."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What befalls one call."""

    RATE_LIMIT = "rate_limit"
    SERVER_ERROR_BEFORE = "server_error_before"
    SERVER_ERROR_AFTER = "server_error_after"
    NOT_JSON = "not_json"
    LOST_ANSWER = "lost_answer"
    LATE_ANSWER = "late_answer"
    LATE_ACCEPTANCE = "late_acceptance"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Faults:
    """Probabilities from 0 to 1 a call, unless the name says otherwise."""

    rate_limit: float = 0.0  # HTTP 429, nothing stored
    server_error: float = 0.0  # HTTP 503 with HTML: half of them before, half after the message is stored
    not_json: float = 0.0  # stored, answered with HTTP 200 and HTML
    lost_answer: float = 0.0  # stored, connection closed without an answer
    late_answer: float = 0.0  # stored at once, answered after late_seconds
    late_acceptance: float = 0.0  # connection closed at once, stored after late_seconds of virtual time
    hang: float = 0.0  # nothing stored, nothing answered, the connection stays open
    late_seconds: float = 5.0
    retry_after: int = 1  # seconds in Retry-After
    post_limit_per_s: float = 0.0  # posts a second; 0 is no limit
    post_limit_kind: str = "bucket"  # or "window"
    post_burst_s: float = 1.0  # seconds' worth that the bucket saves up, or the length of the window
    post_retry_after: int = 0  # seconds for which a refusal shuts everything; 0: the next post that fits is taken
    history_error: float = 0.0  # conversations.history answers HTTP 503
    history_lag: float = 0.0  # seconds (virtual) for which a message is missing from the history
    history_page: int = 0  # most messages a page of history; 0 is Slack's 999
    duplicate_event: float = 0.0
    duplicate_interaction: float = 0.0
    drop_before_ack: float = 0.0  # the socket that carries an envelope breaks before its ack
    drop_socket: bool = False  # set to true: every socket breaks once, now
    methods: tuple[str, ...] = ("chat.postMessage",)  # "*" is every method

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "methods": list(self.methods)}

    def changed(self, values: dict[str, Any]) -> Faults:
        """Return these faults with some set anew; raise ValueError naming an unknown or impossible one."""
        return replace(self, **{name: _checked(name, value) for name, value in values.items()})


CALL_FAULTS = ("rate_limit", "server_error", "not_json", "lost_answer", "late_answer", "late_acceptance", "hang")
LIMIT_KINDS = ("bucket", "window")
PROBABILITIES = (*CALL_FAULTS, "history_error", "duplicate_event", "duplicate_interaction", "drop_before_ack")
_TYPES = {field.name: field.type for field in fields(Faults)}


def _checked(name: str, value: Any) -> Any:
    if name not in _TYPES:
        raise ValueError(f"There is no fault switch called {name}.")
    if name == "methods":
        return tuple(str(method) for method in value)
    if name == "drop_socket":
        return bool(value)
    if name == "post_limit_kind":
        if value not in LIMIT_KINDS:
            raise ValueError(f"{name} is one of {' and '.join(LIMIT_KINDS)}, not {value}.")
        return value
    number = int(value) if _TYPES[name] == "int" else float(value)
    is_no_span = name == "post_burst_s" and number == 0
    if number < 0 or is_no_span or (name in PROBABILITIES and number > 1):
        raise ValueError(f"{name} cannot be {value}.")
    return number


class Dice:
    """Faults and the random that draws them: the same seed and the same calls give the same faults."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self.faults = faults
        self._random = random.Random(seed)

    def draw(self, method: str) -> Fault | None:
        """Return what befalls this call; one draw a call, so switches do not shift the others' luck."""
        if method not in self.faults.methods and "*" not in self.faults.methods:
            return None
        luck, coin = self._random.random(), self._random.random()
        for name in CALL_FAULTS:
            chance = getattr(self.faults, name)
            if luck < chance:
                return _fault(name, coin)
            luck -= chance
        return None

    def happens(self, chance: float) -> bool:
        return chance > 0 and self._random.random() < chance


def _fault(name: str, coin: float) -> Fault:
    if name != "server_error":
        return Fault(name)
    return Fault.SERVER_ERROR_BEFORE if coin < 0.5 else Fault.SERVER_ERROR_AFTER
