"""Which language somebody reads: this module picks it from what a nudge carries, and puts the nudge into its words.

A person's language is the people file's, else Slack's. What is not translated stays in the playbook's own language,
field by field.
"""

from collections.abc import Iterable

from nudges.domain.people.people import Person
from nudges.domain.playbooks.kind_words import kind_changes
from nudges.domain.playbooks.playbook import Nudge, NudgeWords, OtherWin, PersonalWin, Playbook, Quiz
from nudges.domain.playbooks.quiz_words import quiz_changes


def language_for(person: Person, playbook: Playbook, nudge: Nudge) -> str:
    """Return the language in which this person reads this nudge; the playbook's own where there is no better one."""
    return _best(person.language, nudge.translations, own=playbook.language) or playbook.language


def reads_own(person: Person, playbook: Playbook, nudge: Nudge) -> bool:
    """Return whether the nudge comes in the person's language; somebody without one reads the playbook's."""
    return not person.language or bool(_best(person.language, nudge.translations, own=playbook.language))


def surface_language(person: Person, playbook: Playbook) -> str:
    """Return the language of the app's own words round a nudge of this playbook."""
    return person.language or playbook.language


def title_for(language: str, playbook: Playbook) -> str:
    """Return the playbook's title as somebody with this language reads it; its own where there is no better one."""
    return playbook.titles.get(_best(language, playbook.titles, own=playbook.language), playbook.title)


def in_language(nudge: Nudge, language: str) -> Nudge:
    """Return the nudge with its words in this language, as far as they are translated."""
    words = nudge.translations.get(language)
    return nudge if words is None else nudge.model_copy(update=_changes(nudge, words))


def win_in_language(win: PersonalWin | OtherWin, language: str, *, own: str) -> str:
    """Return the personal win's text as somebody with this language reads it; `own` is the playbook's language."""
    return win.translations.get(_best(language, win.translations, own=own), win.text)


def _best(wanted: str, known: Iterable[str], *, own: str) -> str:
    """Return `pt-BR`, else `pt`, else another `pt-...`, among these languages; empty when there is none of them."""
    if not wanted:
        return ""
    full = _plain(wanted)
    parent = full.partition("-")[0]
    offered = {_plain(code): code for code in (own, *known)}
    for candidate in (full, parent):
        if candidate in offered:
            return offered[candidate]
    # Slack's `pt-BR` is kept as `pt`, so a sibling is nearer than a foreign language.
    return next((code for plain, code in sorted(offered.items()) if parent and plain.startswith(f"{parent}-")), "")


def _plain(code: str) -> str:
    return code.strip().replace("_", "-").casefold()


def _changes(nudge: Nudge, words: NudgeWords) -> dict[str, object]:
    changed: dict[str, object | None] = {"text": words.text, "fallback": words.fallback, "asked_as": words.asked_as}
    if nudge.try_it is not None and words.label:
        changed["try_it"] = nudge.try_it.model_copy(update={"label": words.label})
    if nudge.image is not None and words.alt:
        changed["image"] = nudge.image.model_copy(update={"alt": words.alt})
    if nudge.commit is not None:
        changed["commit"] = words.commit
    if isinstance(nudge, Quiz):
        changed |= quiz_changes(nudge, words)
    changed |= kind_changes(nudge, words)
    return {name: value for name, value in changed.items() if value}
