"""Texts as they arrive: this module checks that nothing was cut off by #."""

import re
from collections.abc import Iterator

from nudges.domain.checks.findings import Code
from nudges.domain.files.source import At, Report
from nudges.domain.files.yaml_nodes import ListNode, Node, ScalarNode

# A # after a space starts a comment. People leave a space after it; where none is, a channel's name may be meant.
_TOUCHING = re.compile(r"[ \t]+#(\w[\w-]*)")


def check_comments(root: Node, channels: frozenset[str], report: Report) -> None:
    """Note texts without quotes whose rest was taken for a comment."""
    if " #" not in report.source.text and "\t#" not in report.source.text:
        return
    lines = report.source.lines
    for node in _plain_values(root):
        line = lines[node.end_line - 1]
        if "#" not in line[node.end_column - 1 :]:
            continue
        match = _TOUCHING.match(line, node.end_column - 1)
        if match is None:
            continue
        place = At(node.end_line, match.start(1))
        if match[1] in channels:
            sentence = f"The text ends before `#{match[1]}`: a # after a space starts a comment, which is not read."
            report.add(Code.CUT_BY_COMMENT, place, sentence, "Put the whole text in quotes.")
        else:
            sentence = f"`#{match[1][:60]}` is a comment here and is not read."
            fix = "If it belongs to the text, put the text in quotes; if it is a comment, write a space after the #."
            report.add(Code.COMMENT_TOUCHES, place, sentence, fix)


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
            stack += [value for _, value in top.pairs.values()]
