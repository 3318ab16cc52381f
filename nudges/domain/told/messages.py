"""Texts to be classified, one JSON object a line: this module reads them, or lists what is wrong with the lines."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nudges.domain.told.lexicon import LANGUAGES
from nudges.errors import ImportRefused

MOST_FAULTS = 50  # shown at once
_LIKE = '{"id": "1", "text": "...", "lang": "en"}'


@dataclass(frozen=True)
class Message:
    """One text that somebody wrote; an empty language is told by its words."""

    id: str
    text: str
    language: str


def read_messages(lines: Iterable[bytes], source: str) -> list[Message]:
    """Return the messages of a file; ImportRefused names each line that is not one."""
    messages, faults = [], []
    for number, line in enumerate(lines, start=1):
        if not (line := line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip():
            continue
        found = _message(line)
        if isinstance(found, Message):
            messages.append(found)
        else:
            faults.append(f"{source}:{number}: {found}")
    if faults:
        more = [f"... and {len(faults) - MOST_FAULTS} more lines."] if len(faults) > MOST_FAULTS else []
        raise ImportRefused(
            "\n".join([*faults[:MOST_FAULTS], *more]), hint="Mend the lines named; none was classified."
        )
    return messages


def _message(line: bytes) -> Message | str:
    """Return the message of a line, or what is wrong with it."""
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "this is not UTF-8 text; save the file as UTF-8."
    except (ValueError, RecursionError):
        return f"this is not a JSON object; write {_LIKE}."
    return _of(value) if isinstance(value, dict) else f"this is not a JSON object; write {_LIKE}."


def _of(value: dict[str, Any]) -> Message | str:
    name, text, language = value.get("id"), value.get("text"), value.get("lang")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        return f"`id` is missing or not a text; write {_LIKE}."
    if not isinstance(text, str):
        return f"`text` is missing or not a text; write {_LIKE}."
    if language is not None and not isinstance(language, str):
        return f"`lang` is not a text; use one of {', '.join(LANGUAGES)}, or leave it out."
    return Message(str(name), text, (language or "").lower().replace("_", "-").split("-")[0])
