"""What somebody probably meant: this module is the nearest known word, letters from other alphabets seen through."""

import difflib
import unicodedata
from collections.abc import Iterable

WORD_MAX = 60
CHOICES_MAX = 100
# Letters that look like Latin ones and arrive by copy and paste.
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u0251\u0261\u03bf\u03b1\u03b5\u03bd\u0131\u2010\u2011\u2012\u2013\u2014\u2212\xa0",
    "aeopcyxijshdqwagoaevi------ ",
)


def latin(text: str) -> str:
    """Return the text in the plain letters it seems to be written with."""
    decomposed = unicodedata.normalize("NFKC", text).casefold().translate(_LOOK_ALIKES)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Cf").strip()


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the known word that is nearest to this one, or None when none is near."""
    if len(word) > WORD_MAX:
        return None
    choices = list(choices)
    if len(choices) > CHOICES_MAX:  # comparing with thousands of names would take seconds in a bad file
        choices = [c for c in choices if c[:1] == word[:1] and abs(len(c) - len(word)) <= 3][:CHOICES_MAX]
    plain = latin(word).replace("_", "-").replace(" ", "-")
    known = {latin(choice).replace("_", "-").replace(" ", "-"): choice for choice in choices}
    if plain in known:
        return known[plain]
    best = difflib.get_close_matches(plain, known, n=1, cutoff=0.6)
    return known[best[0]] if best else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return the fix for a misspelt word: the nearest one, else the list of those that exist."""
    names = list(choices)
    found = nearest(word, names)
    if found is not None and latin(word) == latin(found) and word.casefold() != found.casefold():
        return f"Type `{found}` again by hand: it holds a letter that only looks the same."
    if found is not None:
        return f"Did you mean `{found}`?"
    return f"Use one of: {_listed(names)}." if names else "Leave it out: none is defined yet."


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:12])
    return shown if len(names) <= 12 else f"{shown} and {len(names) - 12} more"
