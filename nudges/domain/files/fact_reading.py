"""Rules beyond the people file as people write them: this module reads `{used: {tool: X, at_least: 3, in: 28d}}`."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from nudges.domain.checks.findings import Code
from nudges.domain.files.scalar_values import (
    Unreadable,
    read_duration,
    read_name,
    read_reference,
    read_share,
    read_whole,
)
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import MapNode, Node, ScalarNode
from nudges.domain.people.fact_rules import (
    Answered,
    DidNotAnswer,
    InChannel,
    InUserGroup,
    JoinedWithin,
    QuizBelow,
    Sampled,
    Used,
    steps_of,
)
from nudges.domain.people.rule_words import BLOCKS, BY_WORD, BlockKey, Sort, Takes
from nudges.domain.people.segments import FactRule

WEEK, DAY = timedelta(days=7), timedelta(days=1)
_GROUP_ID = re.compile(r"S[A-Z0-9]{2,20}", re.ASCII)
_READ: Mapping[Sort, Callable[[str], Any]] = {
    Sort.TEXT: read_reference,
    Sort.NAME: read_name,
    Sort.SHARE: read_share,
    Sort.WHOLE: read_whole,
    Sort.SPAN: read_duration,
}


def read_named(word: str, texts: Sequence[str], nodes: Sequence[ScalarNode], report: Report) -> FactRule | None:
    """Return the rule over nudges, user groups or channels, or None when a name is faulty."""
    if not texts:  # the report says why
        return None
    check = {"user_group": _group_fault, "channel": _channel_fault}.get(word, _nudge_fault)
    faults = [(node, fault) for node, text in zip(nodes, texts, strict=True) if (fault := check(text)) is not None]
    for node, fault in faults:
        report.add(fault.code, node, fault.sentence, fault.fix)
    if faults:
        return None
    kinds: Mapping[str, Callable[[tuple[str, ...]], FactRule]] = {
        "answered": Answered,
        "did_not_answer": DidNotAnswer,
        "user_group": InUserGroup,
        "channel": InChannel,
    }
    return kinds[word](tuple(texts))


def read_block(key: ScalarNode, value: Node, report: Report) -> FactRule | None:
    """Return the rule of a word that takes a span, a share or a block of keys, or None when it is faulty."""
    found = _read_values(key, value, report)
    if found is None:
        return None
    match key.text:
        case "joined_within":
            return _joined(value, found["in"], report)
        case "quiz_below":
            return _quiz_below(value, report, **found)
        case "used":
            return _used(value, found, report)
        case _:
            return _sampled(value, report, **found)


def _read_values(key: ScalarNode, value: Node, report: Report) -> dict[str, Any] | None:
    takes = BY_WORD[key.text].takes
    if isinstance(value, MapNode) and takes in BLOCKS:
        return _read_keys(key, value, BLOCKS[takes], report)
    lone = {Takes.SPAN: ("in", Sort.SPAN), Takes.SAMPLE: ("share", Sort.SHARE)}.get(takes)
    if lone is None or not isinstance(value, ScalarNode):
        sentence = f"`{key.text}` takes {takes.value}."
        report.add(Code.WRONG_SHAPE, value, sentence, f"Write it as {BY_WORD[key.text].example}.")
        return None
    read = _read_scalar(value, lone[1], report)
    return None if read is None else {lone[0]: read}


def _read_keys(key: ScalarNode, block: MapNode, keys: Sequence[BlockKey], report: Report) -> dict[str, Any] | None:
    by_name = {one.name: one for one in keys}
    found: dict[str, Any] = {}
    is_sound = True
    for name, value in block.entries:
        known = by_name.get(name.text)
        if known is None:
            sentence = f"`{name.text[:60]}` is not a key of `{key.text}`."
            report.add(Code.UNKNOWN_KEY, name, sentence, did_you_mean(name.text, by_name))
        read = _read_key(known, name, value, report) if known else None
        is_sound = is_sound and read is not None
        found[name.text] = read
    strangers = found.keys() - by_name.keys()
    for one in keys:
        # A misspelt key is probably the one that is missing: one fault, said once.
        if one.is_required and one.name not in found and not strangers:
            sentence, fix = f"`{key.text}` has no `{one.name}`.", f"Add `{one.name}: {one.example}`."
            report.add(Code.MISSING_KEY, block, sentence, fix)
            is_sound = False
    return found if is_sound else None


def _read_key(known: BlockKey, name: ScalarNode, value: Node, report: Report) -> Any:
    fix = f"Write `{known.name}: {known.example}`."
    if not isinstance(value, ScalarNode):
        report.add(Code.WRONG_SHAPE, value, f"`{known.name}` takes one value.", fix)
        return None
    if value.is_empty:
        report.add(Code.NO_VALUE, name, f"`{known.name}` has no value.", fix)
        return None
    return _read_scalar(value, known.sort, report)


def _read_scalar(node: ScalarNode, sort: Sort, report: Report) -> Any:
    try:
        return _READ[sort](node.text.strip())
    except Unreadable as fault:
        report.add(fault.code, node, fault.sentence, fault.fix)
        return None


def _joined(node: Node, within: timedelta, report: Report) -> FactRule | None:
    if within < DAY:
        report.add(Code.BAD_DURATION, node, "Joining is counted in days.", "Write a day or more, such as 30d.")
        return None
    return JoinedWithin(within)


def _quiz_below(node: Node, report: Report, *, playbook: str, share: float) -> FactRule | None:
    return None if _is_nothing(node, share, report) else QuizBelow(playbook, share)


def _sampled(node: Node, report: Report, *, share: float, draw: str = "") -> FactRule | None:
    return None if _is_nothing(node, share, report) else Sampled(share, draw)


def _is_nothing(node: Node, share: float, report: Report) -> bool:
    if steps_of(share) > 0:
        return False
    place = node.get("share") or node if isinstance(node, MapNode) else node
    report.add(Code.BAD_SHARE, place, "A share of nothing fits nobody.", "Write more than 0%, such as 10%.")
    return True


def _used(node: Node, found: Mapping[str, Any], report: Report) -> FactRule | None:
    within, at_least = found["in"], found["at_least"]
    if within < WEEK:
        report.add(Code.BAD_DURATION, _at(node, "in"), "Usage is known by the week.", "Write 7d or more, such as 28d.")
        return None
    # A span that is no whole number of weeks may hold one Monday more.
    most = 7 * -(-within.days // 7)
    if not 1 <= at_least <= most:
        sentence = f"Nobody can use a tool on {at_least} days in {within.days}."
        sentence = sentence if at_least else "Everybody uses a tool on 0 days or more."
        report.add(Code.BAD_NUMBER, _at(node, "at_least"), sentence, f"Write a number from 1 to {most}.")
        return None
    return Used(at_least, within, found.get("tool", ""))


def _at(node: Node, key: str) -> Node:
    return (node.get(key) if isinstance(node, MapNode) else None) or node


def _nudge_fault(text: str) -> Unreadable | None:
    playbook, slash, nudge = text.partition("/")
    try:
        read_name(playbook)
        read_name(nudge if slash else playbook)
    except Unreadable as fault:
        fix = "Write playbook/nudge, such as find-an-expert/ask-before-you-search, or a playbook's name alone."
        return Unreadable(fault.code, f"`{text[:60]}` names no nudge and no playbook.", fix)
    return None


def _group_fault(text: str) -> Unreadable | None:
    if _GROUP_ID.fullmatch(text):
        return None
    fix = "Copy it from the user group's page in Slack: More, Copy group ID. It looks like S0615G0KT."
    return Unreadable(Code.BAD_ID, f"`{text[:60]}` is not the id of a user group.", fix)


def _channel_fault(text: str) -> Unreadable | None:
    if not text.startswith("#"):
        return None
    return Unreadable(Code.BAD_NAME, "Channel names are written without #.", f"Write `{text.lstrip('#')[:60]}`.")
