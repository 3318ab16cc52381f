"""Texts for notifications and screen readers: this module is what blocks say when they are read aloud."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from bot.blocks.parts import fit
from bot.blocks.times import BAR_CHARACTERS

# Slack splits longer texts into several messages, and refuses them on an update.
LONGEST_TEXT = 3900
_LINK = re.compile(r"<((?:https?://|mailto:)[^<>|]*)\|([^<>]*)>")
_BARE_LINK = re.compile(r"<((?:https?://|mailto:)[^<>|]*)>")
_STYLED = tuple(
    re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])") for mark in ("\\*", "_", "~")
)
_CODE = re.compile(r"`([^`\n]+)`")
_QUOTE = re.compile(r"^&gt; ?", re.MULTILINE)
_BAR = re.compile(f"[{BAR_CHARACTERS}]+ ?")


def spoken(mrkdwn: str) -> str:
    """Return safe mrkdwn without its marks: links as `label (address)`, entities kept since Slack decodes them."""
    said = _BARE_LINK.sub(r"\1", _LINK.sub(_link_said, mrkdwn))
    said = _CODE.sub("“\\1”", said.replace("```", ""))
    said = _QUOTE.sub("", _BAR.sub("", said))
    for style in _STYLED:
        said = style.sub(r"\1", said)
    return said.strip()


def joined(parts: Iterable[str]) -> str:
    """Return the parts that say something, one a line, within the length that Slack keeps in one piece."""
    return fit("\n".join(part for part in parts if part), LONGEST_TEXT)


def spoken_blocks(blocks: Sequence[Block]) -> str:
    """Return everything the blocks say, in their order, with the labels of their buttons."""
    return joined(spoken(said) for block in blocks for said in _texts(block.to_dict()))


def _texts(block: dict[str, Any]) -> list[str]:
    if block["type"] in ("header", "section"):
        told = [block["text"]["text"]] if block.get("text") else []
        return [*told, *(": ".join(field["text"].split("\n", 1)) for field in block.get("fields") or [])]
    if block["type"] == "context":
        return [element["text"] for element in block["elements"]]
    if block["type"] == "actions":
        return ["; ".join(element["text"]["text"] for element in block["elements"] if element.get("text"))]
    return []


def _link_said(match: re.Match[str]) -> str:
    address, label = match[1], match[2].strip()
    return f"{label} ({address})" if label and label != address else address
