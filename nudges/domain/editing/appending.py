"""One more nudge at the end of a playbook: this module finds the place in the text and leaves the rest as it is."""

import yaml

from nudges.domain.editing.layout_leaves import Lines, tree_of
from nudges.domain.editing.templates import indented
from nudges.domain.files.nudge_shapes import KINDS


class NoPlace(ValueError):
    """The playbook's list of nudges is not written in a way that a nudge can be added to."""


def with_nudge(text: str, nudge: str) -> str:
    """Return the text with an entry added at the end of `nudges`; NoPlace where there is no such end."""
    root = tree_of(text)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise NoPlace("it is not written as lines of `key: value`")
    listed = next((value for key, value in root.value if key.value == "nudges"), None)
    if listed is None:
        return f"{text.rstrip()}\n\nnudges:\n{indented(nudge, 2)}"
    lines = Lines(text)
    if isinstance(listed, yaml.ScalarNode) and not listed.value:
        return _inserted(lines, listed.start_mark.line, indented(nudge, 2), is_apart=False)
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style:
        raise NoPlace("its nudges stand in brackets and not on lines that start with `- `")
    column = listed.start_mark.column
    last = _past_comments(lines, _last_line(lines, listed), column)
    return _inserted(lines, last, indented(nudge, column), is_apart=_is_spaced(lines, listed))


def names_in(text: str) -> frozenset[str]:
    """Return the names that the nudges of a playbook have."""
    return frozenset(value.value for nudge in _nudges(text) for key, value in nudge.value if key.value in KINDS)


def next_week(text: str) -> int:
    """Return the week after the last one in which something is planned."""
    whens = (value for nudge in _nudges(text) for key, value in nudge.value if key.value == "when")
    pairs = (pair for when in whens if isinstance(when, yaml.MappingNode) for pair in when.value)
    weeks = [int(value.value) for key, value in pairs if key.value == "week" and str(value.value).isdecimal()]
    return min(max(weeks, default=0) + 1, 104)


def _nudges(text: str) -> list[yaml.MappingNode]:
    root = tree_of(text)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    listed = next((value for key, value in pairs if key.value == "nudges"), None)
    found = listed.value if isinstance(listed, yaml.SequenceNode) else []
    return [nudge for nudge in found if isinstance(nudge, yaml.MappingNode)]


def _last_line(lines: Lines, node: yaml.Node) -> int:
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(lines, last[1] if isinstance(last, tuple) else last)
    return lines.last_of(node)


def _past_comments(lines: Lines, last: int, column: int) -> int:
    # A comment that stands deeper than the dashes belongs to the nudge above it.
    for number in range(last + 1, len(lines.all)):
        words = lines.all[number].lstrip(" ")
        if words and (not words.startswith("#") or len(lines.all[number]) - len(words) <= column):
            break
        last = number if words else last
    return last


def _is_spaced(lines: Lines, listed: yaml.SequenceNode) -> bool:
    starts = [item.start_mark.line for item in listed.value[1:]]
    return not starts or not lines.all[starts[-1] - 1].strip()


def _inserted(lines: Lines, after: int, nudge: str, *, is_apart: bool) -> str:
    new = nudge.rstrip("\n").split("\n")
    return "\n".join([*lines.all[: after + 1], *([""] if is_apart else []), *new, *(lines.all[after + 1 :] or [""])])
