"""Texts as they arrive: this module checks that nothing was cut off by # and that a whole message fits into Slack."""

import re
from collections.abc import Iterator

from nudges.domain.findings import Code
from nudges.domain.limits import MESSAGE_MAX, TEXT_MAX
from nudges.domain.playbook_checks import items
from nudges.domain.source import Report
from nudges.domain.text_checks import sent_length
from nudges.domain.yaml_nodes import ListNode, MapNode, Node, ScalarNode

SECTION_MAX = TEXT_MAX - 10  # text and question stand in one section, joined by an empty line and stars
# A # after a space starts a comment. People leave a space after it; where none is, a channel's name may be meant.
_TOUCHING = re.compile(r"[ \t]+#(\w[\w-]*)")


def check_comments(root: Node, channels: frozenset[str], report: Report) -> None:
    """Note texts without quotes whose rest was taken for a comment."""
    lines = report.source.lines
    for node in _plain_values(root):
        line = lines[node.end_line - 1]
        if "#" not in line[node.end_column - 1 :]:
            continue
        match = _TOUCHING.match(line, node.end_column - 1)
        if match is None:
            continue
        place = node._replace(line=node.end_line, column=match.start(1))
        if match[1] in channels:
            sentence = f"The text ends before `#{match[1]}`: a # after a space starts a comment, which is not read."
            report.add(Code.CUT_BY_COMMENT, place, sentence, "Put the whole text in quotes.")
        else:
            sentence = f"`#{match[1][:60]}` is a comment here and is not read."
            fix = "If it belongs to the text, put the text in quotes; if it is a comment, write a space after the #."
            report.add(Code.COMMENT_TOUCHES, place, sentence, fix)


def check_message_lengths(root: MapNode, report: Report) -> None:
    """Note nudges that are too long as a whole: win, text, question, choices and the longest reply together."""
    wins = root.get("personal_wins")
    win = max((_length(value) for value in _values(wins)), default=0)
    for nudge in items(root.get("nudges")):
        if not isinstance(nudge, MapNode):
            continue
        choices = nudge.get("choices")
        blocks = [choice for choice in items(choices) if isinstance(choice, MapNode)]
        parts = [_length(nudge.get(key)) for key in ("text", "question")]
        if max(parts) > TEXT_MAX:
            continue  # said where the text stands
        parts += [win, *(_length(choice.get("text")) for choice in blocks)]
        total = sum(parts) + max((_length(choice.get("reply")) for choice in blocks), default=0)
        if total > MESSAGE_MAX or sum(parts[:2]) > SECTION_MAX:
            sentence = f"With the personal win and its answers this nudge takes {total:,} characters at Slack."
            most = min(MESSAGE_MAX, SECTION_MAX) if sum(parts[:2]) > SECTION_MAX else MESSAGE_MAX
            report.add(Code.TOO_LONG, nudge, sentence, f"Shorten it to {most:,} in all, or make two nudges of it.")


def _values(node: Node | None) -> Iterator[Node | None]:
    for _, value in node.entries if isinstance(node, MapNode) else ():
        yield value.get("text") if isinstance(value, MapNode) else None


def _length(node: Node | None) -> int:
    return sent_length(node.text, has_markup=True) if isinstance(node, ScalarNode) else 0


def _plain_values(node: Node) -> Iterator[ScalarNode]:
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, ScalarNode):
            if not top.style and top.text:
                yield top
        elif isinstance(top, ListNode):
            stack += top.items
        else:
            stack += [value for _, value in top.entries]
