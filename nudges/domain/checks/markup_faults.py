"""What in an author's text would not do what it seems to: this module finds mentions, bad links and variables."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from nudges.domain.checks.finding_codes import Code
from nudges.domain.files.suggest import nearest
from nudges.domain.playbooks.limits import SCAN_MAX
from nudges.domain.playbooks.links import link_fault
from nudges.domain.playbooks.markup import VARIABLES

_CODE = re.compile(r"```.+?```|`[^`\n]+`", re.DOTALL)
_ANGLE = re.compile(r"<([^<>\n]*)>")
_OPEN_LINK = re.compile(r"<(?=https?:|[!@#])(?![^<>\n]*>)")
_BRACES = re.compile(r"\{([^{}\n]{1,40})\}")
_WORD = re.compile(r"[\w\s.-]+")
_BARE_LINK = re.compile(r"(?<![<\w/|])(https?|ftp|file|javascript)://[^\s<>|]+", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[[^\[\]\n]{1,200}\]\(\s*[^()\s]+\s*\)")
_MARKDOWN_BOLD = re.compile(r"\*\*(?=\S)[^*\n]{1,200}\*\*")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:|www\.|[\w-]+\.[\w.-]*\w/)", re.IGNORECASE)


class TextFault(NamedTuple):
    """A fault of a text: its code, the words at fault and where they begin, one sentence, one fix."""

    code: Code
    snippet: str
    offset: int
    sentence: str
    fix: str


def faults(text: str, *, has_markup: bool = True, has_variables: bool = True) -> list[TextFault]:
    """Return the faults of a text in their order; code spans are left alone, as Slack leaves them."""
    scanned = _CODE.sub(lambda match: " " * len(match[0]), text[:SCAN_MAX])
    if not _may_have_faults(scanned):
        return []
    found = [*_angles(scanned, has_markup=has_markup), *_braces(scanned, has_variables=has_variables)]
    if has_markup:
        found += [*_bare_links(scanned), *_markdown(scanned)]
    return sorted(found, key=lambda fault: fault.offset)


def _may_have_faults(text: str) -> bool:
    return "<" in text or "{" in text or "://" in text or "**" in text or "](" in text


def _angles(text: str, *, has_markup: bool) -> Iterator[TextFault]:
    for match in _ANGLE.finditer(text):
        fault = _mention(match[1]) or (_link(match[1]) if has_markup else _idle_link(match[1]))
        if fault:
            yield TextFault(fault[0], match[0], match.start(), fault[1], fault[2])
    for match in _OPEN_LINK.finditer(text):
        snippet = text[match.start() :].split("\n")[0][:40]
        sentence = "A link or mention opens here with < and is never closed with >."
        fix = "Write <https://the.address|the words to show>, closed with >."
        yield TextFault(Code.BAD_LINK, snippet, match.start(), sentence, fix)


def _mention(inside: str) -> tuple[Code, str, str] | None:
    if inside.startswith("!date"):
        return Code.MENTION, "Slack's date formats are not used in playbooks.", "Write the day in words."
    if inside.startswith("!"):
        return Code.MENTION, f"`<{inside[:40]}>` would call everybody or a whole group.", "Take the mention out."
    if inside.startswith("@"):
        sentence = f"`<{inside[:40]}>` would call a person into a message that many people get."
        return Code.MENTION, sentence, "Write the person's name."
    if inside.startswith("#"):
        return Code.MENTION, f"`<{inside[:40]}>` is Slack's own form of a channel.", "Write *#name* in its place."
    return None


def _link(inside: str) -> tuple[Code, str, str] | None:
    address, bar, label = inside.partition("|")
    if not bar and not _ADDRESS.match(address):
        return None  # only a word in angle brackets: shown as it stands
    if bar and not _ADDRESS.match(address) and _ADDRESS.match(label.strip()):
        fix = f"Turn it round: <{label.strip()}|{address.strip()}>."
        return Code.BAD_LINK, "In this link the words come first and the address second.", fix
    if bar and (not label.strip() or "|" in label):
        return Code.BAD_LINK, "This link has no words to show, or two bars.", "Write <https://the.address|the words>."
    return link_fault(address)


def _idle_link(inside: str) -> tuple[Code, str, str] | None:
    if not _ADDRESS.match(inside):
        return None
    return Code.IDLE_MARKUP, "Links do not work in this place; Slack would show them as typed.", "Write words only."


def _braces(text: str, *, has_variables: bool) -> Iterator[TextFault]:
    for match in _BRACES.finditer(text):
        if not _WORD.fullmatch(match[1]):
            continue
        if match[1] not in VARIABLES:
            meant = nearest(match[1], VARIABLES)
            fix = f"Did you mean {{{meant}}}?" if meant else "There are {first_name}, {team} and {place}."
            sentence = f"`{match[0]}` is not a variable."
            yield TextFault(Code.UNKNOWN_VARIABLE, match[0], match.start(), sentence, fix)
        elif not has_variables:
            sentence = f"`{match[0]}` is not filled in here; people would read it as typed."
            fix = "Variables work in text, question and the personal wins."
            yield TextFault(Code.IDLE_MARKUP, match[0], match.start(), sentence, fix)


def _bare_links(text: str) -> Iterator[TextFault]:
    for match in _BARE_LINK.finditer(text):
        if match[1].lower() != "https":
            fix = "Use an https address, written <https://the.address|the words to show>."
            sentence = f"The link `{match[0][:60]}` is not https."
            yield TextFault(Code.UNSAFE_LINK, match[0], match.start(), sentence, fix)
        elif text[max(0, match.start() - 2) : match.start()] != "](":
            fix = f"Write <{match[0].rstrip('.,;:!?)')}|the words to show>."
            sentence = "A bare address is hard to read and cannot be clicked everywhere."
            yield TextFault(Code.OTHER_MARKUP, match[0], match.start(), sentence, fix)


def _markdown(text: str) -> Iterator[TextFault]:
    for match in _MARKDOWN_LINK.finditer(text):
        sentence = "Slack shows this Markdown link as typed."
        fix = "Write <https://the.address|the words to show>."
        yield TextFault(Code.OTHER_MARKUP, match[0], match.start(), sentence, fix)
    for match in _MARKDOWN_BOLD.finditer(text):
        sentence = "Slack shows two stars as typed; bold takes one."
        yield TextFault(Code.OTHER_MARKUP, match[0], match.start(), sentence, f"Write *{match[0].strip('*')}*.")
