"""A playbook's text in pieces that fit into a form: this module cuts it before nudges, and joins the pieces again.

No line is lost or added on the way: what `joined` gives back is the text that `pieces` was given.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nudges.domain.files.nudge_shapes import KINDS
from nudges.domain.files.source import Report, Source
from nudges.domain.files.yaml_nodes import ListNode, MapNode, Node, ScalarNode
from nudges.domain.files.yaml_recovery import parse_all
from nudges.domain.playbooks.limits import counted

PIECE_MAX = 3_000  # what one field of a form holds
ROOMY = 2_200  # a piece that is filled on purpose stays below this, so that there is room to write
_STARTS = re.compile(rf"\s*-\s+(?:\{{\s*)?(?:{'|'.join(KINDS)})\s*:\s*[\"']?(?P<name>[\w-]*)")


@dataclass(frozen=True)
class Piece:
    """Some whole lines of a text; `first` is the number of the first, `names` are the nudges that begin in it."""

    first: int
    lines: tuple[str, ...]
    names: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + len(self.lines) - 1

    @property
    def indent(self) -> int:
        """How many spaces the first line begins with; a form may lose them."""
        return len(self.lines[0]) - len(self.lines[0].lstrip(" ")) if self.lines else 0


def pieces(text: str) -> tuple[Piece, ...] | None:
    """Return the text in pieces, cut before nudges; None when a single line is too long for a form."""
    lines = text.split("\n")
    if any(counted(line) > PIECE_MAX for line in lines):
        return None
    found: list[Piece] = []
    for part in _parts(lines):
        previous = found[-1] if found else None
        is_head = len(found) == 1  # what stands before the nudges keeps a field of its own
        if previous is not None and not is_head and counted(previous.text) + counted(part.text) < ROOMY:
            found[-1] = Piece(previous.first, previous.lines + part.lines, previous.names + part.names)
        else:
            found += _small(part)
    return tuple(found)


def joined(texts: Sequence[str], indents: Sequence[int]) -> str:
    """Return the fields' texts as one; spaces that a form took off the start of a field are put back."""
    mended = [_indented(text, indents[place] if place < len(indents) else 0) for place, text in enumerate(texts)]
    return "\n".join(text for text in mended if text.strip() or len(mended) == 1)


def numbered(texts: Sequence[str]) -> tuple[Piece, ...]:
    """Return the texts as pieces with the numbers that their lines have once they are joined."""
    found: list[Piece] = []
    line = 1
    for text in texts:
        lines = tuple(text.split("\n"))
        names = tuple(match["name"] for one in lines if (match := _STARTS.match(one)))
        found.append(Piece(line, lines if text.strip() else (), names))
        line += len(found[-1].lines)
    return tuple(found)


def piece_at(found: Sequence[Piece], line: int) -> int | None:
    """Return the place of the piece in which this line stands, or None."""
    return next((place for place, piece in enumerate(found) if piece.first <= line <= piece.last), None)


def nudge_spans(text: str) -> Mapping[str, range]:
    """Return the lines of each nudge by its name, as far as the text can be read."""
    source = Source("", text.replace("\r\n", "\n"))
    root = parse_all(source, Report(source)).root
    listed = root.get("nudges") if isinstance(root, MapNode) else None
    items = [item for item in listed.items if isinstance(item, MapNode)] if isinstance(listed, ListNode) else []
    if not items:
        return {}
    ends = [*(item.line for item in items[1:]), _end_of_list(root, items, len(source.lines))]
    return {name: range(item.line, end) for item, end in zip(items, ends, strict=True) if (name := _name(item))}


def _name(item: MapNode) -> str:
    values: list[Node | None] = [item.get(kind) for kind in KINDS]
    return next((value.text.strip() for value in values if isinstance(value, ScalarNode)), "")


def _end_of_list(root: Node | None, items: Sequence[MapNode], lines: int) -> int:
    last = items[-1].line
    keys = [key.line for key, _ in root.entries] if isinstance(root, MapNode) else []
    return min((line for line in keys if line > last), default=lines + 1)


def _parts(lines: Sequence[str]) -> list[Piece]:
    """The text cut before each line that begins a nudge."""
    starts = [0, *(place for place, line in enumerate(lines) if place and _STARTS.match(line))]
    ends = [*starts[1:], len(lines)]
    names = [match["name"] if (match := _STARTS.match(lines[start])) else "" for start in starts]
    return [
        Piece(start + 1, tuple(lines[start:end]), (name,) if name else ())
        for start, end, name in zip(starts, ends, names, strict=True)
    ]


def _small(part: Piece) -> list[Piece]:
    """The part itself, or when it is too long for one field its lines in several."""
    found: list[Piece] = []
    kept: list[str] = []
    size, first = 0, part.first
    for line in part.lines:
        if kept and size + counted(line) + 1 > PIECE_MAX:
            found.append(Piece(first, tuple(kept), () if found else part.names))
            first, size, kept = first + len(kept), 0, []
        kept.append(line)
        size += counted(line) + 1
    return [*found, Piece(first, tuple(kept), () if found else part.names)]


def _indented(text: str, indent: int) -> str:
    lines = text.split("\n")
    if not indent or text.startswith(" ") or len(lines) == 1:
        return text
    # Only a first line that lost its spaces stands so far left of what belongs to it.
    inner = next((len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip()), 0)
    has_lost = inner >= indent + 2 if text.startswith("- ") else inner >= indent
    return " " * indent + text if has_lost else text
