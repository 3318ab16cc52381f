"""A nudge in a terminal: this module draws Block Kit as a card with Rich, or as plain lines in a pipe."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from bot.preview.mrkdwn import Line, Span, lines_of, plain_line

CARD_WIDTH = 76
_DIM, _BUTTON, _PRIMARY = Style(dim=True), Style(bold=True), Style(bold=True, color="green")

_SIGNS = {"checkboxes": "☐", "radio_buttons": "○"}

Block = dict[str, Any]


def card(blocks: Sequence[Block], *, title: str, width: int = CARD_WIDTH) -> RenderableType:
    """Return the message as a card with a border."""
    rows = [row for block in blocks for row in (*_rows(block), Text(""))]
    return Panel(Group(*rows[:-1]), title=title, title_align="left", width=width, padding=(1, 2), border_style="dim")


def plain_card(blocks: Sequence[Block]) -> str:
    """Return the message as plain text, with addresses beside their labels."""
    parts = ["\n".join(row.plain.rstrip() for row in _rows(block, has_addresses=True)) for block in blocks]
    return "\n\n".join(part for part in parts if part.strip())


def aside(text: str) -> RenderableType:
    """Return a line about the message, set in a little."""
    return Padding(Text(text, style=_DIM), (0, 0, 0, 2))


def _rows(block: Block, *, has_addresses: bool = False) -> Iterator[Text]:
    kind = block.get("type")
    if kind in ("header", "section"):
        yield from _texts(block, has_addresses)
    elif kind == "context":
        for element in block.get("elements") or []:
            yield from _lines(element, has_addresses, _DIM)
    elif kind == "actions":
        yield from _elements(block.get("elements") or [], has_addresses)
    elif kind == "image":
        yield Text(f"[ picture: {block.get('alt_text', '')} ]", style=_DIM)
    elif kind == "divider":
        yield Text("─" * 8, style=_DIM)


def _texts(block: Block, has_addresses: bool) -> Iterator[Text]:
    if block.get("text"):
        yield from _lines(block["text"], has_addresses, _BUTTON if block["type"] == "header" else None)
    for field in block.get("fields") or []:
        yield from _lines(field, has_addresses)
    if block.get("accessory"):
        yield from _elements([block["accessory"]], has_addresses)


def _lines(text: dict[str, Any], has_addresses: bool, style: Style | None = None) -> Iterator[Text]:
    said = str(text.get("text", ""))
    for line in lines_of(said) if text.get("type") == "mrkdwn" else (plain_line(said),):
        yield _line(line, has_addresses, style)


def _line(line: Line, has_addresses: bool, style: Style | None) -> Text:
    row = Text(style=style or "")
    if line.is_quote:
        row.append("▎ ", style=_DIM)
    for span in line.spans:
        row.append(span.text, style=_style(span, has_addresses))
        if span.link and has_addresses and span.link != span.text:
            row.append(f" ({span.link})")
    return row


def _style(span: Span, has_addresses: bool) -> Style:
    return Style(
        bold=span.is_bold or None,
        italic=span.is_italic or None,
        strike=span.is_struck or None,
        underline=bool(span.link) or None,
        color="yellow" if span.is_code else None,
        link=span.link if span.link and not has_addresses else None,
    )


def _elements(elements: Sequence[dict[str, Any]], has_addresses: bool) -> Iterator[Text]:
    """Boxes and circles have a line each; what remains stands in one row."""
    for element in elements:
        yield from (_option(element, option) for option in _options(element))
    rest = [element for element in elements if not _options(element)]
    if rest:
        yield _buttons(rest, has_addresses)


def _options(element: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return element.get("options") or () if element.get("type") in _SIGNS else ()


def _option(element: dict[str, Any], option: dict[str, Any]) -> Text:
    label = plain_line(str((option.get("text") or {}).get("text", ""))).spans[0].text
    return Text(f"{_SIGNS[element['type']]} {label}")


def _label(element: dict[str, Any]) -> str:
    if element.get("type") == "overflow":
        return "⋯"  # the menu: what is in it needs a click
    words = element.get("text") or element.get("placeholder") or {}
    label = plain_line(str(words.get("text", ""))).spans[0].text
    return f"{label} ▾" if element.get("type") == "static_select" else label


def _buttons(elements: Sequence[dict[str, Any]], has_addresses: bool) -> Text:
    row = Text()
    for element in elements:
        row.append("  " if row else "")
        row.append(f"[ {_label(element)} ]", style=_PRIMARY if element.get("style") == "primary" else _BUTTON)
        if element.get("url") and has_addresses:
            row.append(f" ({element['url']})")
    return row
