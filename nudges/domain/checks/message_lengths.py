"""Whole messages: this module checks that a nudge with all its parts fits into Slack, in each of its languages."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nudges.domain.checks.findings import Code
from nudges.domain.checks.text_checks import sent_length
from nudges.domain.files.nodes import at, blocks, entries, items, named
from nudges.domain.files.source import Place, Report
from nudges.domain.files.yaml_nodes import MapNode, Node, ScalarNode
from nudges.domain.playbooks.limits import MESSAGE_MAX, TEXT_MAX
from nudges.domain.playbooks.markup import VALUE_MAX

SECTION_MAX = TEXT_MAX - 10  # text and question stand in one section, joined by an empty line and stars


class _Message(NamedTuple):
    """A nudge in one language: where it stands, text and question, and the choices with their replies."""

    place: Place
    body: tuple[Node | None, ...]
    choices: tuple[MapNode, ...]
    more: tuple[Node, ...] = ()  # steps, a task, options, a reason: in sections of their own
    reads_all: bool = False  # the replies of all choices stand in it, and not one of them


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
    if win + sum(_at_most(node) for node in (*message.body, *message.more, *texts, *replies)) <= SECTION_MAX:
        return
    body = [_length(node) for node in message.body]
    if max(body) > TEXT_MAX:
        return  # said where the text stands
    read = (sum if message.reads_all else _longest)(map(_length, replies))
    total = win + sum(body) + sum(map(_length, (*texts, *message.more))) + read
    if total > MESSAGE_MAX or sum(body) > SECTION_MAX:
        sentence = f"With the personal win and its answers this nudge takes {total:,} characters at Slack."
        most = min(MESSAGE_MAX, SECTION_MAX) if sum(body) > SECTION_MAX else MESSAGE_MAX
        report.add(Code.TOO_LONG, message.place, sentence, f"Shorten it to {most:,} in all, or make two nudges of it.")


def _messages(nudge: MapNode) -> Iterator[_Message]:
    choices = blocks(nudge.get("choices"))
    body = (nudge.get("text"), nudge.get("question"))
    own = _Message(nudge, body, choices, _more(nudge), reads_all=nudge.key("pick") is not None)
    yield own
    yield from _asked_otherwise(nudge, own)
    for _, words in entries(nudge.get("translations")):
        told = dict(entries(words.get("choices")))
        choices = tuple(told.get(_key(choice), choice) for choice in own.choices)
        body = (words.get("text") or own.body[0], words.get("question") or own.body[1])
        yield own._replace(place=words, body=body, choices=choices, more=_more(words) or own.more)


def _asked_otherwise(nudge: MapNode, own: _Message) -> Iterator[_Message]:
    """A scene stands below the question it follows from, a wording in the place of the quiz."""
    for _, scene in entries(nudge.get("scenes")):
        first = [node for choice in own.choices for node in (choice.get("text"), choice.get("reply")) if node]
        before = tuple(node for node in (*own.body, scene.get("text"), *first) if node)
        yield _Message(scene, (scene.get("question"),), blocks(scene.get("choices")), (*own.more, *before))
    for wording in blocks(nudge.get("again")):
        body = (wording.get("text"), wording.get("question"))
        yield own._replace(place=wording, body=body, choices=blocks(wording.get("choices")) or own.choices)


def _longest(lengths: Iterable[int]) -> int:
    return max(lengths, default=0)


def _more(block: MapNode) -> tuple[Node, ...]:
    options = block.get("options")
    voted = [text for option in blocks(options) if (text := option.get("text"))]
    told = [text for _, text in named(options)]
    lone = (block.get("task"), block.get("because"), block.get("title"), block.get("place"), at(block, "video", "link"))
    return (*items(block.get("steps")), *voted, *told, *(node for node in lone if node is not None))


def _key(choice: MapNode) -> str:
    key = choice.get("key")
    return key.text.strip() if isinstance(key, ScalarNode) else ""


def _wins(wins: Node | None) -> Iterator[Node | None]:
    for _, win in entries(wins):
        for worded in (win, *blocks(win.get("also"))):
            yield worded.get("text")
            yield from (words for _, words in named(worded.get("translations")))


def _length(node: Node | None) -> int:
    return sent_length(node.text, has_markup=True) if isinstance(node, ScalarNode) else 0


def _at_most(node: Node | None) -> int:
    """More than the text can take at Slack, without working it out: most nudges are far from any limit."""
    if not isinstance(node, ScalarNode):
        return 0
    text = node.text
    changed = text.count("&") + text.count("<") + text.count(">") + text.count("@")
    return len(text) * (1 if text.isascii() else 2) + 4 * changed + VALUE_MAX * text.count("{")
