"""What previews and the playbook form carry: this module is their values, written by us and read back with care."""

import re
from dataclasses import dataclass

from nudges.domain.delivery.previews import PreviewId

NEXT_STEPS = ("preview", "plan", "publish", "check", "approve")
INDENTS_MAX = 100
_PLAYBOOK = r"\w[\w-]{0,59}"
_LONGEST_VALUE = 300
_LONGEST_ORIGIN = 3_000
_NUDGE = r"\w[\w.-]{0,79}"  # what follows by itself has a dot in its name
_PREVIEW = re.compile(rf"({_PLAYBOOK})/({_NUDGE})/({_PLAYBOOK}|)")
_ASK = re.compile(rf"({'|'.join(NEXT_STEPS)}) ({_PLAYBOOK})")
_ORIGIN = re.compile(r"([0-9]{1,4}):([0-9a-f]{64}|):((?:[0-9]{1,3}(?:,[0-9]{1,3})*)?):([^:/\\]{0,120})")


@dataclass(frozen=True)
class PreviewValue:
    """Which nudge is to be shown, and to readers of which segment."""

    playbook: str
    nudge: str
    segment: str = ""

    def encode(self) -> str:
        """Return the button's value."""
        return f"{self.playbook}/{self.nudge}/{self.segment}"

    @classmethod
    def decode(cls, value: str) -> "PreviewValue | None":
        """Return the value read back, or None for anything that we did not write."""
        match = _PREVIEW.fullmatch(value[:_LONGEST_VALUE])
        return cls(*match.groups()) if match else None


@dataclass(frozen=True)
class AskValue:
    """A command that a button stands for: one of the next steps with a playbook."""

    command: str
    playbook: str

    def encode(self) -> str:
        """Return the button's value."""
        return f"{self.command} {self.playbook}"

    @classmethod
    def decode(cls, value: str) -> "AskValue | None":
        """Return the value read back, or None for anything that we did not write."""
        match = _ASK.fullmatch(value[:_LONGEST_VALUE])
        return cls(match[1], match[2]) if match else None


@dataclass(frozen=True)
class DraftOrigin:
    """What a form was opened with: which file in which version, how its fields began, and how often it was shown."""

    file: str
    version: str = ""
    indents: tuple[int, ...] = ()
    shown: int = 0

    def encode(self) -> str:
        """Return what travels with the form; never a word of the text."""
        return f"{self.shown}:{self.version}:{','.join(map(str, self.indents))}:{self.file}"

    @classmethod
    def decode(cls, value: str) -> "DraftOrigin | None":
        """Return the origin read back, or None for anything that we did not write."""
        match = _ORIGIN.fullmatch(value) if len(value) <= _LONGEST_ORIGIN else None
        if match is None:
            return None
        return cls(match[4], match[2], tuple(int(one) for one in match[3].split(",") if one), int(match[1]))


def preview_in(value: str) -> tuple[PreviewId, str] | None:
    """Return which preview a button stands under and which choice it is, or None for a button of a real message."""
    preview_id, _, choice_key = value[:_LONGEST_VALUE].partition(":")
    found = PreviewId.decode(preview_id)
    return (found, choice_key) if found else None
