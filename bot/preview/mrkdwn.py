"""Slack's small markup taken apart: this module is a text as lines of spans, which terminal and page draw alike."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape

_FENCE = "```"
_TOKEN = re.compile(r"(?P<code>`[^`\n]+`)|(?P<link><[^<>\n]+>)")
_QUOTE = re.compile(r"(?:>|&gt;)(?:>>|&gt;&gt;)? ?")
_STYLED = re.compile(r"(?<![\w*_~])(?P<mark>[*_~])(?=\S)(?P<inner>[^\n]*?\S)(?P=mark)(?!\w)")
_OPENABLE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_SLOT = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True)
class Span:
    """Some characters that look alike; `link` is an address that may be opened."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_code: bool = False
    link: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a text; code blocks keep their spaces."""

    spans: tuple[Span, ...]
    is_quote: bool = False
    is_code: bool = False


def lines_of(mrkdwn: str) -> tuple[Line, ...]:
    """Return safe mrkdwn as lines of spans, entities decoded."""
    found: list[Line] = []
    parts = mrkdwn.split(_FENCE)
    if len(parts) % 2 == 0:  # a fence that is never closed is three characters like any other
        parts[-2:] = [_FENCE.join(parts[-2:])]
    for place, part in enumerate(parts):
        is_code = place % 2 == 1
        text = part.strip("\n") if len(parts) > 1 else part
        if text or is_code:
            found += [_code_line(line) if is_code else _line(line) for line in text.split("\n")]
    return tuple(found)


def plain_line(text: str) -> Line:
    """Return a plain text, where no mark means anything, as one line."""
    return Line((Span(unescape(text)),))


def _code_line(line: str) -> Line:
    return Line((Span(unescape(line), is_code=True),), is_code=True)


def _line(line: str) -> Line:
    match = _QUOTE.match(line)
    return Line(tuple(_spans(line[match.end() :] if match else line)), is_quote=match is not None)


def _spans(text: str) -> Iterator[Span]:
    """Tokens first, then emphasis round them: a mark inside code or an address is no mark."""
    tokens: list[Span] = []

    def keep(match: re.Match[str]) -> str:
        tokens.append(_token(match))
        return f"\ue000{len(tokens) - 1}\ue001"

    words = _TOKEN.sub(keep, text.replace("\ue000", "").replace("\ue001", ""))
    yield from _styled(words, tokens, Span(""))


def _styled(words: str, tokens: list[Span], style: Span) -> Iterator[Span]:
    position = 0
    for match in _STYLED.finditer(words):
        yield from _filled(words[position : match.start()], tokens, style)
        yield from _styled(match["inner"], tokens, _marked(style, match["mark"]))
        position = match.end()
    yield from _filled(words[position:], tokens, style)


def _marked(style: Span, mark: str) -> Span:
    if mark == "*":
        return replace(style, is_bold=True)
    return replace(style, is_italic=True) if mark == "_" else replace(style, is_struck=True)


def _filled(words: str, tokens: list[Span], style: Span) -> Iterator[Span]:
    for place, part in enumerate(_SLOT.split(words)):
        if place % 2:
            token = tokens[int(part)]
            yield replace(style, text=token.text, is_code=token.is_code, link=token.link)
        elif part:
            yield replace(style, text=unescape(part))


def _token(match: re.Match[str]) -> Span:
    found = match[0]
    if match.lastgroup == "code":
        return Span(unescape(found[1:-1]), is_code=True)
    address, _, label = unescape(found[1:-1]).partition("|")
    if _OPENABLE.match(address):
        return Span(label or address.removeprefix("mailto:"), link=address)
    if address[:1] in "@#!":
        sign = "#" if address.startswith("#") else "@"
        return Span(label if label.startswith(sign) else f"{sign}{label or address[1:]}", is_bold=True)
    return Span(label or address)
