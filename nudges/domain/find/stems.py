"""Words without their endings: this module asks the stemmer of a language, and remembers what it said."""

from functools import lru_cache
from threading import Lock
from typing import Any

from nudges.domain.find.folding import plain

_NAMES = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "nb": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_REMEMBERED = 50_000
# A stemmer works inside itself, so two threads must not ask the same one at once.
_LOCK = Lock()


@lru_cache(maxsize=_REMEMBERED)
def stem(word: str, language: str) -> str:
    """Return the word without its ending and accents; without accents only, for a language we have no stemmer of."""
    name = _NAMES.get(language)
    if name is None:
        return plain(word)
    with _LOCK:
        return plain(str(_stemmer(name).stemWord(word)))


@lru_cache(maxsize=len(_NAMES))
def _stemmer(name: str) -> Any:
    import snowballstemmer  # here, since it brings the rules of all its languages

    return snowballstemmer.stemmer(name)
