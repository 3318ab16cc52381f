"""Which topics a person wants to hear about: this module reads, keeps and asks that wish; a nudge may name topics."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

LONGEST_WISH = 20  # topics that one person may name; a company has a handful


@dataclass(frozen=True)
class TopicWish:
    """All topics but these, or these alone."""

    names: frozenset[str] = frozenset()
    is_only: bool = False

    @classmethod
    def decode(cls, stored: str) -> "TopicWish":
        """Return the wish stored as `not mail files` or `only files`; empty is all."""
        first, *names = stored.split() or [""]
        return cls(frozenset(names), is_only=first == "only")

    def encode(self) -> str:
        """Return the wish in the words it is stored in."""
        return " ".join([_WORDS[self.is_only], *sorted(self.names)]) if self.names or self.is_only else ""

    def allows(self, topics: Collection[str]) -> bool:
        """Return whether a nudge about these topics is wanted; one that names none is for everybody.

        What was switched off stays off, whatever else the nudge is about; of chosen ones, one is enough.
        """
        if not topics:
            return True
        return bool(self.names.intersection(topics)) == self.is_only

    def without(self, names: Iterable[str]) -> "TopicWish":
        """Return the wish with these switched off."""
        if self.is_only:
            return TopicWish(self.names.difference(names), is_only=True)
        return TopicWish(self.names.union(names))

    def including(self, names: Iterable[str]) -> "TopicWish":
        """Return the wish with these switched on."""
        if self.is_only:
            return TopicWish(self.names.union(names), is_only=True)
        return TopicWish(self.names.difference(names))


_WORDS = {False: "not", True: "only"}
ALL_TOPICS = TopicWish()


def topic_named(text: str) -> str:
    """Return what a person typed as a topic is written: `Sharing files` is `sharing-files`."""
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-_")


def topic_in_words(topic: str) -> str:
    """Return a topic as a reader likes to see it."""
    return topic.replace("-", " ").replace("_", " ")
