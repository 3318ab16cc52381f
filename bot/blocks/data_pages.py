"""All that is stored about a person as JSON: this module puts it into a modal, page by page, whole and to be copied.

Slack takes a file only from an app that may post files for everybody, and a link would want a page that knows who
asks. A modal needs no further scope, is seen by one person alone, and nothing of it stays anywhere.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
)
from slack_sdk.models.views import View

from bot.blocks.actions import ActionId
from bot.blocks.forms import note
from bot.blocks.own_values import PageValue
from bot.blocks.parts import button, context, say
from bot.texts import DEFAULT_LANGUAGE, text

BLOCK_MAX = 2_500  # characters to a block: Slack counts a text's UTF-16 units, and every mark once more
PAGE_BLOCKS = 24  # of at most 250 kB a view, even where each character takes four bytes


def as_json(stored: Mapping[str, Any]) -> str:
    """Return it as JSON that any program reads: instants in UTC, texts as they are."""
    return json.dumps(stored, indent=1, ensure_ascii=False, default=_plain)


def data_page(stored: Mapping[str, Any], page: int, language: str = DEFAULT_LANGUAGE) -> View:
    """Return one page; a number that there is none of gives the last."""
    chunks = list(_chunks(as_json(stored)))
    pages = [chunks[start : start + PAGE_BLOCKS] for start in range(0, len(chunks), PAGE_BLOCKS)]
    place = min(page, len(pages) - 1)
    head = context(say("my_data.page", language, page=place + 1, pages=len(pages)))
    blocks: list[Block] = [head, *(_preformatted(chunk) for chunk in pages[place])]
    return note(text("my_data.title", language), [*blocks, *_turns(place, len(pages), language)], language)


def _chunks(told: str) -> Iterator[str]:
    """Give the text in pieces that end with a line where they can, so that nothing is cut within a word."""
    kept = ""
    for line in told.splitlines(keepends=True):
        while _size(line) > BLOCK_MAX:
            if kept:
                yield kept
            kept = ""
            yield line[: BLOCK_MAX // 2]
            line = line[BLOCK_MAX // 2 :]
        if _size(kept) + _size(line) > BLOCK_MAX:
            yield kept
            kept = ""
        kept += line
    if kept:
        yield kept


def _size(told: str) -> int:
    return len(told.encode("utf-16-le")) // 2


def _preformatted(chunk: str) -> RichTextBlock:
    # Rich text is shown as it is: nothing in it becomes a mention, a link or a style.
    words = RichTextElementParts.Text(text=chunk.rstrip("\n"))
    return RichTextBlock(elements=[RichTextPreformattedElement(elements=[words])])


def _turns(place: int, pages: int, language: str) -> list[Block]:
    turns = {"earlier": place - 1, "later": place + 1}
    buttons = [
        button(text(f"my_data.{name}", language), f"{ActionId.DATA_PAGE}.{name}", value=PageValue(to).encode())
        for name, to in turns.items()
        if 0 <= to < pages
    ]
    return [ActionsBlock(block_id=f"my_data.turn.{place}", elements=buttons)] if buttons else []


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
