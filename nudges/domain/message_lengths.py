"""Whole messages: this module checks that a nudge with all its parts fits into Slack, in each of its languages."""

from collections.abc import Iterator
from typing import NamedTuple

from nudges.domain.findings import Code
from nudges.domain.limits import MESSAGE_MAX, TEXT_MAX
from nudges.domain.markup import VALUE_MAX
from nudges.domain.nodes import blocks, entries, named
from nudges.domain.source import Place, Report
from nudges.domain.text_checks import sent_length
from nudges.domain.yaml_nodes import MapNode, Node, ScalarNode

SECTION_MAX = TEXT_MAX - 10  # text and question stand in one section, joined by an empty line and stars


class _Message(NamedTuple):
    """A nudge in one language: where it stands, text and question, and the choices with their replies."""

    place: Place
    body: tuple[Node | None, ...]
    choices: tuple[MapNode, ...]


def check_message_lengths(root: MapNode, report: Report) -> None:
    """Note nudges that are too long as a whole: win, text, question, choices and the longest reply together."""
    wins = list(_wins(root.get("personal_wins")))
    longest_win = max((_length(win) for win in wins), default=0)
    for nudge in blocks(root.get("nudges")):
        for message in _messages(nudge):
            _check(message, longest_win, report)


def _check(message: _Message, win: int, report: Report) -> None:
    texts = [choice.get("text") for choice in message.choices]
    replies = [choice.get("reply") for choice in message.choices]
    if win + sum(_at_most(node) for node in (*message.body, *texts, *replies)) <= SECTION_MAX:
        return
    body = [_length(node) for node in message.body]
    if max(body) > TEXT_MAX:
        return  # said where the text stands
    total = win + sum(body) + sum(map(_length, texts)) + max(map(_length, replies), default=0)
    if total > MESSAGE_MAX or sum(body) > SECTION_MAX:
        sentence = f"With the personal win and its answers this nudge takes {total:,} characters at Slack."
        most = min(MESSAGE_MAX, SECTION_MAX) if sum(body) > SECTION_MAX else MESSAGE_MAX
        report.add(Code.TOO_LONG, message.place, sentence, f"Shorten it to {most:,} in all, or make two nudges of it.")


def _messages(nudge: MapNode) -> Iterator[_Message]:
    own = _Message(nudge, (nudge.get("text"), nudge.get("question")), blocks(nudge.get("choices")))
    yield own
    for _, words in entries(nudge.get("translations")):
        told = dict(entries(words.get("choices")))
        choices = tuple(told.get(_key(choice), choice) for choice in own.choices)
        body = (words.get("text") or own.body[0], words.get("question") or own.body[1])
        yield _Message(words, body, choices)


def _key(choice: MapNode) -> str:
    key = choice.get("key")
    return key.text.strip() if isinstance(key, ScalarNode) else ""


def _wins(wins: Node | None) -> Iterator[Node | None]:
    for _, win in entries(wins):
        yield win.get("text")
        yield from (words for _, words in named(win.get("translations")))


def _length(node: Node | None) -> int:
    return sent_length(node.text, has_markup=True) if isinstance(node, ScalarNode) else 0


def _at_most(node: Node | None) -> int:
    """More than the text can take at Slack, without working it out: most nudges are far from any limit."""
    if not isinstance(node, ScalarNode):
        return 0
    text = node.text
    changed = text.count("&") + text.count("<") + text.count(">") + text.count("@")
    return len(text) * (1 if text.isascii() else 2) + 4 * changed + VALUE_MAX * text.count("{")
