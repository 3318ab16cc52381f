"""Words without their endings: this module asks the stemmer of a language, and remembers what it said."""

import sys
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from types import ModuleType
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
_PACKAGE = "snowballstemmer"
_REMEMBERED = 2_000  # what a word is looked up by is remembered beside it, see terms.py
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
    _load_only_what_is_asked_for()
    module = import_module(f"{_PACKAGE}.{name}_stemmer")
    return getattr(module, f"{name.capitalize()}Stemmer")()


def _load_only_what_is_asked_for() -> None:
    """Keep the package from loading the rules of its 36 languages for one: together they are three megabytes.

    Each language is a module of its own; only the package itself names them all. So that stands empty here, and a test
    asks for every language.
    """
    found = find_spec(_PACKAGE) if _PACKAGE not in sys.modules else None
    if found is not None:
        empty = ModuleType(_PACKAGE)
        empty.__path__ = list(found.submodule_search_locations or ())
        sys.modules[_PACKAGE] = empty
