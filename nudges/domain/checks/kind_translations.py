"""Translations of what only one kind has: this module checks that steps and options fit those of the original."""

from collections.abc import Iterator

from nudges.domain.checks.findings import Code
from nudges.domain.files.nodes import blocks, items, named
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import ListNode, MapNode, ScalarNode
from nudges.domain.playbooks.kind_words import NEEDS


def check_kind_words(nudge: MapNode, words: MapNode, report: Report) -> None:
    """Note options nobody would read, and steps that are more or fewer than the original's."""
    keys = _keys(nudge)
    for name, _ in named(words.get("options")) if nudge.key("options") is not None else ():
        if name.text.strip() not in keys and not report.is_full:
            sentence = f"The poll has no option `{name.text[:60]}`, so nobody would read these words."
            report.add(Code.STRAY_TRANSLATION, name, sentence, did_you_mean(name.text, keys))
    own, told = nudge.get("steps"), words.get("steps")
    if isinstance(own, ListNode) and isinstance(told, ListNode) and len(items(own)) != len(items(told)):
        sentence = f"The how-to has {len(own.items)} steps and its translation {len(told.items)}."
        fix = "Translate each step; until then the steps are shown in the playbook's own language."
        report.add(Code.NO_TRANSLATION, words.key("steps") or words, sentence, fix)


def lacking(nudge: MapNode, words: MapNode) -> Iterator[str]:
    """Give what these words leave untranslated of what only this kind has."""
    for key in ("title", "steps", "task"):
        if key in NEEDS and nudge.key(key) is not None and words.get(key) is None:
            yield f"`{key}`"
    told = {name.text.strip() for name, _ in named(words.get("options"))}
    if isinstance(words.get("options"), MapNode | None):
        yield from (f"the option `{key[:60]}`" for key in _keys(nudge) if key not in told)


def _keys(poll: MapNode) -> tuple[str, ...]:
    nodes = (option.get("key") for option in blocks(poll.get("options")))
    return tuple(node.text.strip() for node in nodes if isinstance(node, ScalarNode))
