"""Words the app says by itself: this module is the lookup of a sentence by its key and language."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from babel.core import Locale
from babel.numbers import format_decimal

DEFAULT_LANGUAGE = "en"
QUICK_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def text(key: str, language: str = DEFAULT_LANGUAGE, **values: object) -> str:
    """Return the sentence with its values in place, numbers as the language writes them; KeyError if unknown."""
    used, sentence = template(key, language)
    return fill(sentence, used, values)


def shown(language: str) -> str:
    """Return which of our languages is meant: the language asked, its parent, or the default."""
    for candidate in (language, language.partition("-")[0]):
        if candidate in languages():
            return candidate
    return DEFAULT_LANGUAGE


def fill(sentence: str, language: str, values: Mapping[str, object]) -> str:
    """Return a sentence with its values in place."""
    return sentence.format(**{name: _written(value, language) for name, value in values.items()})


def template(key: str, language: str) -> tuple[str, str]:
    """Return the language used and its sentence, not filled in: the language asked, its parent, or the default."""
    for candidate in (language, language.partition("-")[0], DEFAULT_LANGUAGE):
        if candidate in languages() and key in sentences(candidate):
            return candidate, sentences(candidate)[key]
    raise KeyError(key)


def plural(key: str, count: int, language: str = DEFAULT_LANGUAGE, **values: object) -> str:
    """Return the form of the sentence (`key.one`, `key.other`, ...) that the language uses for this count."""
    used, _ = template(f"{key}.other", language)
    form = str(Locale.parse(used).plural_form(count))
    known = form if f"{key}.{form}" in sentences(used) else "other"
    return text(f"{key}.{known}", language, count=count, **values)


def has_text(key: str) -> bool:
    """Return whether there is a sentence with this key; the default language has all of them."""
    return key in sentences(DEFAULT_LANGUAGE)


def untranslated(language: str) -> list[str]:
    """Return the keys that the default language has and this one lacks."""
    return sorted(sentences(DEFAULT_LANGUAGE).keys() - sentences(language).keys())


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a file here."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return every sentence of one language by its dotted key."""
    # The base loader keeps every scalar as text, so that `no:` stays a word.
    tree = yaml.load(files(__name__).joinpath(f"{language}.yaml").read_text("utf-8"), Loader=QUICK_LOADER)  # noqa: S506 - text only
    return dict(_flat("", tree))


def _flat(prefix: str, tree: Mapping[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        key = f"{prefix}.{name}" if prefix else name
        pairs.extend(_flat(key, value) if isinstance(value, Mapping) else [(key, str(value).strip())])
    return pairs


def _written(value: object, language: str) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    return format_decimal(value, locale=language)
