"""What the buttons and forms of stories carry: this module writes these values and reads them back; never any words."""

import re
from dataclasses import dataclass

_STORY = re.compile(r"([0-9a-f]{32}):([0-9a-f]{16})", re.ASCII)
_REVIEW = re.compile(r"([0-9a-f]{32}):([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True)
class StoryValue:
    """One's own story, and the digest of the words that were shown with it."""

    story_id: str
    digest: str

    def encode(self) -> str:
        """Return what the button or the form carries."""
        return f"{self.story_id}:{self.digest}"

    @classmethod
    def decode(cls, value: str) -> "StoryValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = _STORY.fullmatch(value)
        return cls(found[1], found[2]) if found else None


@dataclass(frozen=True)
class ReviewValue:
    """A story that waits, and the revision that was shown."""

    story_id: str
    revision: int

    def encode(self) -> str:
        """Return what the button or the form carries."""
        return f"{self.story_id}:{self.revision}"

    @classmethod
    def decode(cls, value: str) -> "ReviewValue | None":
        """Return the value read back, or None for anything that we did not write."""
        found = _REVIEW.fullmatch(value)
        return cls(found[1], int(found[2])) if found else None
