"""The word lists of each language: this module reads them once and knows which kinds a sentence speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib import resources

import yaml

from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.told.patterns import Line, compiled, folded

LANGUAGES = ("en", "de", "es", "fr", "ja")
WITHOUT_SPACES = ("ja",)
CLEAR, HINT = 0.8, 0.4  # how much a line of `clear` and one of `hint` weighs
_PARTS = ("over", "solved", "quoted", "spoken", "cheerful", "mocking", "asking")

# Of its two safe readers the one in C, where it is there: somebody waits for the first text of a language.
_QUICK_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Lexicon:
    """One language: what names a kind, with its weight, and what takes a sentence's weight away."""

    kinds: Mapping[str, tuple[tuple[Line, float], ...]]
    denials: Line  # not, never, no: what turns "works now" round
    harmless: tuple[Line, ...]  # words that look like a barrier and are none: left out before anything else
    over: tuple[Line, ...]  # it was so, and is not any more
    solved: tuple[Line, ...]  # all is well now: what was told before it is over, too
    quoted: tuple[Line, ...]  # somebody else's words, such as a tip's
    spoken: tuple[Line, ...]  # whose quoted words count all the same: a boss's, or those of an error on the screen
    cheerful: tuple[Line, ...]  # praise and thanks
    mocking: tuple[Line, ...]  # praise that means the opposite
    asking: tuple[Line, ...]  # questions about the programme


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(language: str) -> Lexicon:
    """Return the word lists of a language of LANGUAGES."""
    source = resources.files("nudges.domain.told") / "words" / f"{language}.yaml"
    lists = yaml.load(source.read_text(encoding="utf-8"), Loader=_QUICK_LOADER)  # noqa: S506 - safe as well
    groups: Mapping[str, str] = lists.get("groups", {})
    has_spaces = language not in WITHOUT_SPACES

    def matchers(lines: list[str] | None, barred: str = "") -> tuple[Line, ...]:
        one = partial(compiled, groups=groups, has_spaces=has_spaces, barred=barred)
        return tuple(one(folded_line(str(line))) for line in lines or ())

    kinds = {
        kind.value: tuple(
            (line, weight)
            for name, weight in (("clear", CLEAR), ("hint", HINT))
            for line in matchers(lists["kinds"][kind.value].get(name))
        )
        for kind in BarrierKind
    }
    denials = folded_line(lists["denials"])
    harmless, denial = matchers(lists["harmless"], barred=denials), matchers([denials])[0]
    return Lexicon(kinds, denial, harmless, *(matchers(lists.get(part)) for part in _PARTS))


def folded_line(line: str) -> str:
    """Return a line folded like the texts, its signs kept."""
    return " ".join(folded(part) if not part.startswith("{") else part for part in line.split(" "))
