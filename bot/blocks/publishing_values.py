"""What the buttons of publishing carry: this module is how each value is written and read back."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)
_APPROVAL = re.compile(r"([0-9]{1,12}):([0-9a-f]{64})", re.ASCII)
_CHANGE = re.compile(r"([^:]{1,100}):([^:]{0,100}):([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True)
class ApprovalValue:
    """Which question, and the hash of the content that was shown with it."""

    approval_id: int
    content_hash: str

    def encode(self) -> str:
        """Return the button's value."""
        return f"{self.approval_id}:{self.content_hash}"

    @classmethod
    def decode(cls, value: str) -> "ApprovalValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = _APPROVAL.fullmatch(value)
        return cls(int(found[1]), found[2]) if found else None


@dataclass(frozen=True)
class ChangeValue:
    """Which campaign, which nudge (empty: all), and the version that was shown."""

    campaign: str
    nudge_key: str
    version: int

    def encode(self) -> str:
        """Return the button's value."""
        return f"{self.campaign}:{self.nudge_key}:{self.version}"

    @classmethod
    def decode(cls, value: str) -> "ChangeValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = _CHANGE.fullmatch(value)
        if found is None or not _NAME.fullmatch(found[1]) or (found[2] and not _NAME.fullmatch(found[2])):
            return None
        return cls(found[1], found[2], int(found[3]))
