"""How much is stored, in plain words: this module counts the parts of a person's data for Home and for forgetting."""

from collections.abc import Iterable

from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text

# Shown whole in `my data`, and no count of it would tell anybody anything.
UNCOUNTED = {"kept_with_nudges", "forgotten", "stood_in", "looked_at", "groups_looked_at", "owner_of", "asked_back"}


def stored_in_words(stored: Iterable[tuple[str, int]], language: str = DEFAULT_LANGUAGE) -> str:
    """Return `2 messages sent or planned, 1 tap or answer`; parts without a sentence of their own show their title."""
    return ", ".join(_part(name, count, language) for name, count in stored if count and name not in UNCOUNTED)


def _part(name: str, count: int, language: str) -> str:
    if has_text(f"stored.{name}.other"):
        return plural(f"stored.{name}", count, language)
    title = text(f"my_data.{name}", language) if has_text(f"my_data.{name}") else name.replace("_", " ")
    return f"{title}: {count}"
