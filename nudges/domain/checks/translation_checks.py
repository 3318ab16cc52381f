"""A playbook in several languages: this module checks that translations fit the original, and that none is missing.

The languages promised stand under `languages`; what is under `translations` must be there in the original too.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from nudges.domain.checks.commit_checks import NEEDS as COMMIT_NEEDS
from nudges.domain.checks.commit_checks import lacking as commit_lacks
from nudges.domain.checks.findings import Code
from nudges.domain.checks.kind_translations import check_kind_words
from nudges.domain.checks.kind_translations import lacking as kinds_lack
from nudges.domain.checks.quiz_translations import NEEDS as QUIZ_NEEDS
from nudges.domain.checks.quiz_translations import check_quiz_words
from nudges.domain.checks.quiz_translations import lacking as quiz_lacks
from nudges.domain.files.nodes import blocks, items, named
from nudges.domain.files.nudge_shapes import kind_of
from nudges.domain.files.scalar_values import Unreadable, read_language
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import MapNode, Node, ScalarNode
from nudges.domain.playbooks.kind_words import NEEDS
from nudges.domain.playbooks.markup import VARIABLES
from nudges.domain.playbooks.playbook import NudgeWords

_VARIABLE = re.compile(r"\{(" + "|".join(VARIABLES) + r")\}")
# What a translation may hold, and the key of the nudge without which it translates nothing.
_NEEDS = {
    "text": "text",
    "question": "question",
    "choices": "choices",
    "label": "try_it",
    "alt": "image",
    **NEEDS,
    **QUIZ_NEEDS,
    **COMMIT_NEEDS,
}


class _Languages(NamedTuple):
    own: str
    promised: tuple[str, ...]
    is_whole: bool  # whether every promise could be read


def check_translations(root: MapNode, report: Report) -> None:
    """Note translations of what is not there or not promised, and promises that are not kept."""
    languages = _languages(root)
    _check_titles(root, languages, report)
    wins = root.get("personal_wins")
    for name, win in named(wins):
        if isinstance(win, MapNode):
            for worded in (win, *blocks(win.get("also"))):
                _check_win(name, worded, languages, report)
    for nudge in blocks(root.get("nudges")):
        _check_nudge(nudge, languages, report)


def _languages(root: MapNode) -> _Languages:
    own = root.get("language")
    listed = root.get("languages")
    promised = [_code(node) for node in items(listed) if isinstance(node, ScalarNode)]
    own_code = _code(own) if isinstance(own, ScalarNode) else "en"
    is_whole = listed is None or (bool(promised) and all(promised))
    return _Languages(own_code or "en", tuple(dict.fromkeys(code for code in promised if code)), is_whole)


def _code(node: ScalarNode) -> str:
    try:
        return read_language(node.text.strip())
    except Unreadable:
        return ""  # said where it is read


def _check_titles(root: MapNode, languages: _Languages, report: Report) -> None:
    given = [_code(key) for key, _ in _given(root, languages, report, under="titles")]
    title = root.key("title")
    if title is None:
        return  # said where the keys are read
    for missing in _missing(given, languages):
        sentence = f"`{missing}` is promised under `languages`, and the title has no words in it."
        report.add(Code.NO_TRANSLATION, title, sentence, f"Add `titles: {{{missing}: ...}}` below it.")


def _check_win(name: ScalarNode, win: MapNode, languages: _Languages, report: Report) -> None:
    given = list(_given(win, languages, report))
    original = win.get("text")
    for key, words in given:
        if isinstance(words, ScalarNode) and isinstance(original, ScalarNode):
            _compare_variables(original, words, key, report)
    for missing in _missing([_code(key) for key, _ in given], languages):
        sentence = f"`{missing}` is promised under `languages`, and this personal win has no words in it."
        fix = f"Add `translations: {{{missing}: ...}}` beside its text."
        report.add(Code.NO_TRANSLATION, name, sentence, fix)


def _check_nudge(nudge: MapNode, languages: _Languages, report: Report) -> None:
    given = list(_given(nudge, languages, report))
    for key, words in given:
        if isinstance(words, MapNode):
            _check_words(nudge, key, words, languages, report)
    for missing in _missing([_code(key) for key, _ in given], languages):
        sentence = f"`{missing}` is promised under `languages`, and this nudge has no words in it."
        report.add(
            Code.NO_TRANSLATION,
            kind_of(nudge).name or nudge,
            sentence,
            f"Add its words under `translations`, below `{missing}`.",
        )


def _given(
    block: MapNode, languages: _Languages, report: Report, *, under: str = "translations"
) -> Iterator[tuple[ScalarNode, Node]]:
    for key, words in named(block.get(under)):
        code = _code(key)
        if code == languages.own:
            sentence = f"`{code}` is the playbook's own language, whose words stand above already."
            report.add(Code.STRAY_TRANSLATION, key, sentence, "Delete these words, or set `language` at the top.")
        elif code and languages.promised and languages.is_whole and not _is_met(code, languages.promised):
            others = [one for one in languages.promised if one != languages.own]
            fix = f"{did_you_mean(code, others)} Or add it" if others else "Add it"
            sentence = f"`{code}` is not among the `languages` that the playbook promises."
            report.add(Code.UNPROMISED_LANGUAGE, key, sentence, f"{fix} to `languages`.")
        if code:
            yield key, words


def _missing(given: list[str], languages: _Languages) -> list[str]:
    return [code for code in languages.promised if not _is_met(code, (languages.own, *given))]


def _is_met(code: str, given: tuple[str, ...]) -> bool:
    # People who read pt-BR are served by pt, and the other way round.
    return code.partition("-")[0] in {one.partition("-")[0] for one in given}


def _check_words(nudge: MapNode, key: ScalarNode, words: MapNode, languages: _Languages, report: Report) -> None:
    for name, value in words.entries:
        needed = _NEEDS.get(name.text)
        if needed is not None and nudge.key(needed) is None:
            sentence = f"This translates `{name.text}`, but the nudge itself has no `{needed}`."
            fix = f"Add `{needed}` to the nudge, or delete this."
            report.add(Code.STRAY_TRANSLATION, name, sentence, fix)
        original = nudge.get(name.text)
        if isinstance(value, ScalarNode) and isinstance(original, ScalarNode) and name.text in ("text", "question"):
            _compare_variables(original, value, value, report)
    choices = {str(_text(choice, "key")): choice for choice in blocks(nudge.get("choices"))}
    told = words.get("choices")
    keys = [name for name, _ in named(told)]
    for name in keys if nudge.key("choices") is not None else ():
        if name.text.strip() not in choices and not report.is_full:
            sentence = f"The quiz has no choice `{name.text[:60]}`, so nobody would read these words."
            report.add(Code.STRAY_TRANSLATION, name, sentence, did_you_mean(name.text, choices))
    check_kind_words(nudge, words, report)
    check_quiz_words(nudge, words, report)
    # Behind a misspelt key may stand what seems to be missing.
    is_sound = all(name.text in NudgeWords.model_fields for name, _ in words.entries)
    if is_sound and (not languages.promised or _is_met(_code(key), languages.promised)):
        _check_complete(nudge, key, words, {name.text.strip() for name in keys}, report)


def _check_complete(nudge: MapNode, key: ScalarNode, words: MapNode, told: set[str], report: Report) -> None:
    lacking = [f"`{part}`" for part in ("text", "question") if nudge.key(part) and words.get(part) is None]
    choices = blocks(nudge.get("choices")) if isinstance(words.get("choices"), MapNode | None) else ()
    lacking += [
        f"the choice `{name[:60]}`" for choice in choices if (name := _text(choice, "key")) and name not in told
    ]
    lacking += [*kinds_lack(nudge, words), *quiz_lacks(nudge, words), *commit_lacks(nudge, words)]
    if nudge.key("try_it") and words.get("label") is None:
        lacking.append("`label`, the button's words")
    if isinstance(image := nudge.get("image"), MapNode) and image.get("alt") and words.get("alt") is None:
        lacking.append("`alt`")
    if lacking:
        sentence = f"The words in `{key.text[:10]}` are not complete: {', '.join(lacking)} would be shown untranslated."
        report.add(Code.NO_TRANSLATION, key, sentence, "Add what is missing, or delete the whole translation.")


def _compare_variables(original: ScalarNode, words: ScalarNode, place: ScalarNode, report: Report) -> None:
    there, here = set(_VARIABLE.findall(original.text)), set(_VARIABLE.findall(words.text))
    if there == here:
        return
    missing = [f"{{{name}}} is missing" for name in sorted(there - here)]
    more = [f"{{{name}}} is not in the original" for name in sorted(here - there)]
    sentence = f"The translation uses other variables than the original: {', '.join([*missing, *more])}."
    report.add(Code.OTHER_VARIABLES, place, sentence, "Use the same variables in both, or waive this with your reason.")


def _text(block: MapNode, key: str) -> str:
    node = block.get(key)
    return node.text.strip() if isinstance(node, ScalarNode) else ""
