"""The smallest pieces of Block Kit: this module is where data is escaped, cut to Slack's lengths, and put in blocks."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    ImageBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.texts import DEFAULT_LANGUAGE, fill, template
from nudges.domain.playbooks import markup
from nudges.domain.playbooks.limits import BUTTON_MAX, HEADER_MAX, TEXT_MAX, counted

LONGEST_FIELD = 2000
LONGEST_ALT = 2000
FIELDS_A_SECTION = 10
_MORE = "…"
_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}", re.ASCII)
_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,30}", re.ASCII)
# A cut must not leave half an entity or half a link behind.
_BROKEN_END = re.compile(r"(&[a-z]{0,3}|<[^<>]*)\Z", re.ASCII)


class ReadyActions(ActionsBlock):
    """A row of elements whose JSON is made and checked already, for rows that many messages have in common."""

    def __init__(self, made: ActionsBlock) -> None:
        super().__init__(elements=[], block_id=made.block_id)
        self.elements = made.elements
        self._made = made.to_dict()

    def to_dict(self, *_args: object) -> dict[str, Any]:
        """Return what was made."""
        return dict(self._made)


class Safe(str):
    """Text that is already safe mrkdwn; any other text is escaped on its way into a block."""

    __slots__ = ()


def escape(value: str) -> Safe:
    """Return the text with Slack's three characters escaped, once."""
    if isinstance(value, Safe):
        return value
    return Safe(markup.escape(value))


def say(key: str, language: str = DEFAULT_LANGUAGE, **values: object) -> Safe:
    """Return one of our sentences as safe mrkdwn: it and every text put into it are escaped, each once."""
    used, sentence = template(key, language)
    safe = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
    return Safe(fill(escape(sentence), used, safe))


def lines(parts: Iterable[str], separator: str = "\n") -> Safe:
    """Return the parts that are not empty, joined; parts that are not safe are escaped."""
    return Safe(separator.join(escape(part) for part in parts if part))


def bold(value: str) -> Safe:
    """Return the text in bold; asterisks inside would end it early."""
    return Safe(f"*{escape(value).replace('*', '').strip()}*") if value.strip(" *") else Safe("")


def code(value: str) -> Safe:
    """Return the text in code style."""
    return Safe(f"`{escape(value).replace('`', '')}`") if value.strip(" `") else Safe("")


def mention(person_id: str) -> Safe:
    """Return a person's name as Slack shows it, or the id as it is when it is none of Slack's."""
    return Safe(f"<@{person_id}>") if _PERSON.fullmatch(person_id) else escape(person_id)


def is_channel(channel_id: str) -> bool:
    """Return whether this can be a channel's id."""
    return _CHANNEL.fullmatch(channel_id) is not None


def fit(value: str, longest: int) -> str:
    """Return the text, cut with an ellipsis when it is too long; entities and links are never cut in two."""
    if counted(value) <= longest:
        return value
    kept = value.encode("utf-16-le", "surrogatepass")[: 2 * (longest - counted(_MORE))].decode("utf-16-le", "ignore")
    return _BROKEN_END.sub("", kept).rstrip() + _MORE


def mrkdwn(value: str, longest: int = TEXT_MAX) -> MarkdownTextObject:
    """Return a text object in which nothing of the data becomes a link or a mention by itself."""
    return MarkdownTextObject(text=fit(escape(value), longest), verbatim=True)


def plain(value: str, longest: int = TEXT_MAX) -> PlainTextObject:
    """Return a text object without markup."""
    return PlainTextObject(text=fit(escape(value), longest), emoji=True)


def header(value: str) -> HeaderBlock:
    """Return a header."""
    return HeaderBlock(text=plain(value, HEADER_MAX))


def section(value: str, *, block_id: str | None = None, accessory: ButtonElement | None = None) -> SectionBlock:
    """Return a paragraph, with a button beside it if asked."""
    return SectionBlock(text=mrkdwn(value), block_id=block_id, accessory=accessory)


def fields(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Return label over value in two columns, ten to a section."""
    shown = [mrkdwn(lines((bold(label), value)), LONGEST_FIELD) for label, value in pairs]
    starts = range(0, len(shown), FIELDS_A_SECTION)
    return [SectionBlock(fields=shown[start : start + FIELDS_A_SECTION]) for start in starts]


def context(value: str, *, block_id: str | None = None) -> ContextBlock:
    """Return a small grey line."""
    return ContextBlock(elements=[mrkdwn(value)], block_id=block_id)


def picture(link: str, alt: str, *, block_id: str | None = None) -> ImageBlock:
    """Return a picture with the words that stand for it; Slack wants some, so one without shows a dash."""
    return ImageBlock(image_url=link, alt_text=fit(alt or "-", LONGEST_ALT), block_id=block_id)


def divider() -> DividerBlock:
    """Return a thin line."""
    return DividerBlock()


def button(
    label: str, action_id: str, *, value: str = "", style: str | None = None, url: str | None = None, aloud: str = ""
) -> ButtonElement:
    """Return a button; `aloud` is what a screen reader says where the label alone would not do."""
    return ButtonElement(
        text=plain(label, BUTTON_MAX),
        action_id=action_id,
        value=value or None,
        style=style,
        url=url,
        accessibility_label=fit(escape(aloud), BUTTON_MAX) if aloud else None,
    )
