"""Is somebody looking for something? This module is how a question is told from something told.

In the conversation people also answer, thank and complain. `find ...` asks outright; a text that begins as questions
do, or a few words that speak of nobody, may ask; all else is somebody's own word and is left to be heard as that.
"""

from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from nudges.domain.find.folding import spoken
from nudges.domain.told.classify import classify

LONGEST_QUESTION = 300  # characters; who writes more is telling something
FEWEST_WORDS, MOST_PLAIN_WORDS = 2, 8
_EDGES = " .,;:!?¿¡\"'“”„«»"


def asked_for(text: str) -> str:
    """Return what follows `find`, `search for` or the same in another language; empty for any other text."""
    plain = spoken(text).strip(_EDGES)
    lowered = plain.casefold()
    words = [word for word in _words("find") if lowered.startswith((f"{word} ", f"{word}: "))]
    return plain[len(max(words, key=len)) :].strip(_EDGES) if words else ""


def may_ask(text: str) -> bool:
    """Return whether the text may be a question to look up."""
    plain = spoken(text)
    words = plain.casefold().strip(_EDGES).split()
    if len(plain) > LONGEST_QUESTION or len(words) < FEWEST_WORDS:
        return False
    line = " ".join(words) + " "
    begins = plain.rstrip().endswith("?") or any(line.startswith(f"{start} ") for start in _words("begins"))
    is_plain = len(words) <= MOST_PLAIN_WORDS and not {word.strip(_EDGES) for word in words} & _words("personal")
    return begins or is_plain


def tells_what_is_in_the_way(text: str, language: str = "") -> bool:
    """Return whether it sounds as if something were in the way; then somebody wants to be heard, not looked up."""
    return bool(classify(spoken(text), language.partition("-")[0]).labels)


@lru_cache(maxsize=4)
def _words(name: str) -> frozenset[str]:
    text = (resources.files("nudges.domain.find") / "words" / "questions.yaml").read_text(encoding="utf-8")
    # The base loader keeps every scalar as text, so that `no` stays a word.
    lists: Any = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text only
    return frozenset(str(word) for word in lists[name])
