"""What a check says, and how all of them are shown: this module is the doctor's report."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Literal

CLEAN, FOUND, COULD_NOT_RUN = 0, 1, 2
HIDDEN = "***"


class Level(StrEnum):
    """How much it matters; only an error keeps Nudger from its work."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and what to do; `is_complete` is false where looking itself failed."""

    id: str
    level: Level
    message: str
    hint: str = ""
    is_complete: bool = True


def ok(check_id: str, message: str, hint: str = "") -> Check:
    """Return a check that found nothing wrong."""
    return Check(check_id, Level.OK, message, hint)


def warning(check_id: str, message: str, hint: str) -> Check:
    """Return a check that found something to be looked at."""
    return Check(check_id, Level.WARNING, message, hint)


def error(check_id: str, message: str, hint: str) -> Check:
    """Return a check that found something that must be mended."""
    return Check(check_id, Level.ERROR, message, hint)


def without_secrets(checks: Iterable[Check], secrets: Collection[str]) -> list[Check]:
    """Return the checks with every secret value hidden, wherever it came from."""
    return [
        replace(check, message=_hidden(check.message, secrets), hint=_hidden(check.hint, secrets)) for check in checks
    ]


def exit_code(checks: Iterable[Check]) -> int:
    """Return 2 when something could not be looked at, 1 when there are errors, 0 otherwise: a warning is advice."""
    found = list(checks)
    if not all(check.is_complete for check in found):
        return COULD_NOT_RUN
    return FOUND if any(check.level == Level.ERROR for check in found) else CLEAN


def render(checks: Sequence[Check], format: Literal["text", "json"] = "text") -> str:
    """Return the whole report, ready to print."""
    counts = {level: sum(check.level == level for check in checks) for level in Level}
    if format == "json":
        report = {"errors": counts[Level.ERROR], "warnings": counts[Level.WARNING], "checks": list(map(asdict, checks))}
        return json.dumps(report, ensure_ascii=False, indent=2)
    width = max((len(check.id) for check in checks), default=0)
    lines = [line for check in checks for line in _lines(check, width)]
    errors, warnings = _counted(counts[Level.ERROR], "error"), _counted(counts[Level.WARNING], "warning")
    return "\n".join([*lines, "", f"{_counted(len(checks), 'check')}: {errors}, {warnings}"])


def _lines(check: Check, width: int) -> list[str]:
    head = f"{check.level.value:<8} {check.id:<{width}}  {check.message}"
    return [head, f"{'':<{width + 9}}  -> {check.hint}"] if check.hint else [head]


def _hidden(text: str, secrets: Collection[str]) -> str:
    # The longest first: one secret may be the beginning of another.
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= 4:
            text = text.replace(secret, HIDDEN)
    return text


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
