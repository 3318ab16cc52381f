"""The words of a playbook: this module advises on every text for itself, translations included.

Where a text presses, opens with the company's benefit, talks of features more than of work, runs long, or passes on a
link that was meant for one person.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from nudges.domain.checks.benefit import company_first
from nudges.domain.checks.findings import Code
from nudges.domain.checks.link_risks import risky_links
from nudges.domain.checks.pressure import PressingWord, pressing_word, pressing_words
from nudges.domain.checks.task_words import feature_words
from nudges.domain.files.nodes import at, blocks, entries, items, named
from nudges.domain.files.source import At, Place, Report
from nudges.domain.files.yaml_nodes import MapNode, Node, ScalarNode, walk
from nudges.domain.playbooks.limits import SCAN_MAX

WORDS_MAX = 120


class _Text(NamedTuple):
    node: ScalarNode
    opens: bool  # a message begins with it, so its first sentence counts most


def advise_on_texts(root: MapNode, report: Report) -> None:
    """Note advice on each text that people will read."""
    pressing = pressing_words(report.source.text)
    for text in _texts(root):
        _advise_on_words(text, pressing, report)
    advise_on_links(root, report)


def advise_on_links(root: Node, report: Report) -> None:
    """Note links anywhere in the file that should not be passed on."""
    if next(risky_links(report.source.text), None) is None:
        return
    for node in walk(root):
        for address, sentence, fix in risky_links(node.text):
            report.add(Code.SENSITIVE_LINK, _place_of(node, address, report), sentence, fix)


def _advise_on_words(text: _Text, pressing: tuple[PressingWord, ...], report: Report) -> None:
    node = text.node
    may_be_long = node.text.count(" ") + node.text.count("\n") >= WORDS_MAX
    count = len(node.text.split()) if may_be_long else 0
    if count > WORDS_MAX:
        sentence = f"This text has {count} words; few people read more than {WORDS_MAX} in a message."
        report.add(Code.MANY_WORDS, node, sentence, "Say one thing, or make two nudges of it.")
    word = pressing_word(node.text, pressing)
    if word:
        sentence = f"“{word}” sounds like pressure or a contest; people then do as little as they must."
        fix = "Say what the reader gains in their own working day."
        report.add(Code.PRESSURE, _place_of(node, word, report), sentence, fix)
    if text.opens:
        _advise_on_opening(node, report)


def _advise_on_opening(node: ScalarNode, report: Report) -> None:
    company = company_first(node.text)
    if company:
        sentence = f"The text opens with what the company gains (“{company}”); nobody changes habits for that."
        fix = "Begin with what the reader gains: an easier day, a skill, or contact. The company may come later."
        report.add(Code.COMPANY_FIRST, _place_of(node, company, report), sentence, fix)
    features = feature_words(node.text)
    if features:
        named = ", ".join(features[:5])
        sentence = f"The text speaks more of features ({named}) than of a task people have."
        fix = "Start from a job to be done, and name a feature only where it does part of it."
        report.add(Code.FEATURE_WORDS, node, sentence, fix)


def _texts(root: MapNode) -> Iterator[_Text]:
    for _, win in entries(root.get("personal_wins")):
        for worded in (win, *blocks(win.get("also"))):
            yield from _texts_of_win(worded)
    for nudge in blocks(root.get("nudges")):
        yield from _questions_of(nudge)
        for _, words in entries(nudge.get("translations")):
            yield from _questions_of(words)


def _texts_of_win(win: MapNode) -> Iterator[_Text]:
    yield from _scalars(win, "text", opens=True)
    for _, words in named(win.get("translations")):
        if isinstance(words, ScalarNode):
            yield _Text(words, opens=True)


def _questions_of(block: MapNode) -> Iterator[_Text]:
    more = [*(scene for _, scene in entries(block.get("scenes"))), *blocks(block.get("again"))]
    for asked in (block, *more):
        choices = asked.get("choices")
        yield from _texts_of(asked, [*blocks(choices), *(choice for _, choice in entries(choices))])
    yield from _scalars(block, "because", opens=False)


def _texts_of(block: MapNode, choices: list[MapNode]) -> Iterator[_Text]:
    yield from _scalars(block, "text", opens=True)
    yield from _scalars(block, "question", opens=block.get("text") is None)
    yield from _scalars(block, "task", opens=False)
    yield from (_Text(step, opens=False) for step in items(block.get("steps")) if isinstance(step, ScalarNode))
    for choice in choices:
        yield from _scalars(choice, "reply", opens=False)


def _scalars(block: MapNode, key: str, *, opens: bool) -> Iterator[_Text]:
    node = at(block, key)
    if isinstance(node, ScalarNode):
        yield _Text(node, opens)


def _place_of(node: ScalarNode, words: str, report: Report) -> Place:
    # Long texts run over many lines; the mark belongs under the words and not under the key.
    source = report.source
    start, end = source.offset_of(node.line, node.column), source.offset_of(node.end_line, node.end_column)
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    found = re.compile(pattern, re.IGNORECASE).search(source.text, start, min(end, start + SCAN_MAX))
    return source.place_of(found.start()) if found else At(node.line, node.column)
