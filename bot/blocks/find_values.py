"""What the buttons of search results carry: this module writes names of nudges, never words, and reads them back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nudges.domain.find.views import FoundRef

_REF = re.compile(r"([0-9]{1,15}):([A-Za-z0-9][A-Za-z0-9_.-]{0,99})", re.ASCII)
_LONGEST_VALUE = 2_000  # Slack's
_MOST = 10


@dataclass(frozen=True)
class FoundValue:
    """One nudge to show, or those that follow the first results."""

    refs: tuple[FoundRef, ...]

    @classmethod
    def of(cls, refs: Iterable[FoundRef]) -> "FoundValue":
        """Return the value of as many as fit."""
        kept: list[FoundRef] = []
        for ref in list(refs)[:_MOST]:
            if len(cls((*kept, ref)).encode()) <= _LONGEST_VALUE:
                kept.append(ref)
        return cls(tuple(kept))

    def encode(self) -> str:
        """Return the button's value."""
        return ",".join(f"{ref.campaign_id}:{ref.nudge_key}" for ref in self.refs)

    @classmethod
    def decode(cls, value: str) -> "FoundValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = [_REF.fullmatch(part) for part in value[:_LONGEST_VALUE].split(",")[:_MOST]]
        if not all(found):
            return None
        return cls(tuple(FoundRef(int(one[1]), one[2]) for one in found if one))
