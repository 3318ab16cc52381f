"""Previews as a page: this module makes one file that needs nothing else, runs no script and escapes everything."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from bot.preview.cards import Card, card_of, reader_line
from bot.preview.mrkdwn import Line, lines_of, plain_line
from nudges.services.authoring.preview_nudge import Preview

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Page:
    """What the page says above the nudges."""

    playbook: str
    title: str
    reader: str
    cards: tuple[Card, ...]


def page(previews: Sequence[Preview]) -> str:
    """Return the nudges of one playbook, in their order, as one HTML document."""
    first = previews[0]
    cards = tuple(card_of(preview) for preview in previews)
    return render(Page(first.playbook, first.title, reader_line(first), cards))


def render(shown: Page) -> str:
    """Return the document; its policy lets nothing in but its own style."""
    import jinja2  # slow to load, and only this needs it

    style = (_TEMPLATES / "page.css").read_text("utf-8")
    engine = jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True)
    engine.globals |= {"lines": text_lines, "label": button_label, "openable": openable, "words": unescape}
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return engine.get_template("page.html").render(page=shown, style=_Trusted(style), policy=policy)


def text_lines(text: dict[str, Any] | None) -> tuple[Line, ...]:
    """Return a text object of Block Kit as lines of spans."""
    said = str((text or {}).get("text", ""))
    return lines_of(said) if (text or {}).get("type") == "mrkdwn" else (plain_line(said),)


def button_label(element: dict[str, Any]) -> str:
    """Return what stands on a button; a menu shows its dots alone."""
    if element.get("type") == "overflow":
        return "⋯"
    words = element.get("text") or element.get("placeholder") or {}
    label = unescape(str(words.get("text", "")))
    return f"{label} ▾" if element.get("type") == "static_select" else label


def openable(address: object) -> bool:
    """Return whether an address may become a link: nothing that could run."""
    return isinstance(address, str) and address.lower().startswith(("https://", "http://", "mailto:"))


class _Trusted(str):
    """Our own style sheet, the one text that goes into the page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)
