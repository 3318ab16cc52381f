"""What the YAML parser stumbled over, said for people who write texts: this module is that translation."""

import re
from typing import NamedTuple

import yaml

from nudges.domain.checks.findings import Code
from nudges.domain.files.source import At, Report, Source

_QUOTE_FIX = "Put the whole text in double quotes, or write `|` after the key and the text indented below it."
_KEY_LINE = re.compile(r"^(?P<lead>\s*(?:- +)*[^\s:#'\"{\[][^:#'\"]*:\s+)(?P<value>\S.*)$")
_COMMENT = re.compile(r"[ \t](#)")
LINE_MAX = 1_000  # characters and lines looked at for a quote left open
LINES_MAX = 300
_OPENING_QUOTE = re.compile(
    r"""\s*(?:- +)?[\w-]+: +(?:[\[{][^"'#]*)?(?P<quote>["'])(?:(?!(?P=quote))[^\\]|\\.|(?P=quote){2})*$"""
)
_LIKE_A_KEY = re.compile(r"\s*(?:- +)?[\w-]+:(?:\s|$)")
_NO_SPACE = re.compile(r"^\s*(?:- +)?[A-Za-z_][\w-]*:[^\s/]")


def explain(error: yaml.YAMLError, source: Source, report: Report, bracket: At | None) -> At:
    """Note the parser's complaint in words that an author understands, and return the place that is to blame.

    `bracket` is where a [ or { opens that was not closed before the parser stumbled.
    """
    problem = getattr(error, "problem", None) or ""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    place = At(mark.line + 1, mark.column + 1) if mark else At(1, 1)
    start = At(context.line + 1, context.column + 1) if context else place
    if not source.line(place.line).strip() and place.line > 1:
        place = _end_of_text(source, place)
    complaint = _Complaint(problem, str(getattr(error, "context", "")), place, start, bracket)
    code, where, sentence, fix = _translate(complaint, source)
    report.add(code, where, sentence, fix)
    return where


class _Complaint(NamedTuple):
    """What the parser says: its problem and context, the place, where the construct starts, an open bracket."""

    problem: str
    context: str
    place: At
    start: At
    bracket: At | None


def _translate(complaint: _Complaint, source: Source) -> tuple[Code, At, str, str]:
    problem, context, place, start, bracket = complaint
    line = source.line(place.line)
    opening = _quote_left_open(source, place.line)
    if opening is not None:
        return _about_quotes("unexpected end", place, opening)
    if "quoted scalar" in context:
        return _about_quotes(problem, place, start)
    if "\t" in line[: place.column] and not line[: place.column].strip():
        sentence = "The line is indented with a tab; YAML takes only spaces."
        return Code.TAB, At(place.line, line.index("\t") + 1), sentence, "Replace the tab by spaces."
    if bracket and line[place.column - 1 : place.column] == ":" and place.line == bracket.line:
        return (*_colon_in_text(place)[:3], "Put the whole text in double quotes.")
    if bracket and (bracket.line < place.line or "expected key" not in problem):
        return _about_brackets(source, bracket)
    if not bracket and line[place.column - 1 : place.column] in ("]", "}"):
        sentence = f"A {line[place.column - 1]} stands here that nothing has opened."
        return Code.BAD_YAML, place, sentence, "Delete it, or put the whole text in double quotes."
    special = _starts_with_special(problem, source, place, start)
    if special:
        return special
    if "mapping values are not allowed" in problem:
        return _about_colon(source, place)
    if "could not find expected ':'" in problem:
        if _NO_SPACE.match(source.line(start.line)):
            return _about_missing_space(source, start.line)
        sentence = "This line is neither `key: value` nor a list entry `- ...`."
        return Code.BAD_YAML, start, sentence, "Indent it as part of the text above, or add the colon and a space."
    return _about_layout(source, place)


def _quote_left_open(source: Source, last: int) -> At | None:
    # The parser stumbles at the next quote, often many lines below the one that was never closed.
    for number in range(max(1, last - LINES_MAX), last + 1):
        match = _OPENING_QUOTE.match(source.line(number)[:LINE_MAX])
        if match is not None and _LIKE_A_KEY.match(source.line(number + 1)[:LINE_MAX]):
            return At(number, match.start("quote") + 1)
    return None


def _about_quotes(problem: str, place: At, start: At) -> tuple[Code, At, str, str]:
    if "unexpected end" in problem or "document indicator" in problem:
        return Code.OPEN_QUOTE, start, "The quote that opens here is never closed.", "Add the closing quote."
    sentence = "A backslash in double quotes starts a special character, and this one is not known."
    return Code.BAD_YAML, place, sentence, "Write the backslash twice, or use single quotes."


def _about_brackets(source: Source, start: At) -> tuple[Code, At, str, str]:
    comment = _COMMENT.search(source.line(start.line), start.column)
    if comment is not None:
        place = At(start.line, comment.start(1) + 1)
        sentence = "A # after a space starts a comment, so the rest of this line is not read, its ] or } included."
        return Code.CUT_BY_COMMENT, place, sentence, 'Put the text with the # in quotes: "#ask-billing".'
    sentence = "A list in [ ] or a block in { } that starts here is not closed, or a comma is missing in it."
    return Code.BAD_YAML, start, sentence, "Close it with ] or }, and put texts with commas or # in quotes."


def _about_missing_space(source: Source, line: int) -> tuple[Code, At, str, str]:
    column = source.line(line).index(":") + 1
    fix = "Write `key: value` with a space after the colon."
    return Code.BAD_YAML, At(line, column), "A space is missing after the colon.", fix


def _starts_with_special(problem: str, source: Source, place: At, start: At) -> tuple[Code, At, str, str] | None:
    for line_number in dict.fromkeys((place.line, start.line)):
        match = _KEY_LINE.match(source.line(line_number))
        if match is None or match["value"][0] not in "*@`%&!{[\"'>|":
            continue
        first, column = match["value"][0], match.start("value") + 1
        if first in "\"'":
            if line_number != place.line or place.column <= column:
                continue
            sentence = "The quoted text ends here, and more words follow after the closing quote."
            fix = "Put the closing quote at the very end; quotes inside the text are written \\\" or ''."
            return Code.NEEDS_QUOTES, place, sentence, fix
        if first in "{[" and place.line == line_number and "}" not in match["value"] and "]" not in match["value"]:
            continue
        if first in "{[>|" and (line_number != place.line or "expected key" not in problem):
            continue
        if first in "{[" and place.column <= column:
            continue  # the parser stumbled over where the line stands
        sentence = f"A text that starts with {first} means something else in YAML."
        return Code.NEEDS_QUOTES, At(line_number, column), sentence, _QUOTE_FIX
    return None


def _about_colon(source: Source, place: At) -> tuple[Code, At, str, str]:
    line = source.line(place.line)
    match = _KEY_LINE.match(line)
    if match is not None and match.end("lead") < place.column:
        return _colon_in_text(place)
    above = _line_above(source, place.line)
    if _NO_SPACE.match(source.line(above)):
        return _about_missing_space(source, above)
    indent = len(line) - len(line.lstrip(" "))
    sentence = "The line is indented deeper than the one above, which already has a value."
    return Code.BAD_YAML, At(place.line, indent + 1), sentence, "Move it left until it stands under its neighbours."


def _colon_in_text(place: At) -> tuple[Code, At, str, str]:
    sentence = "The text holds a colon followed by a space, which YAML takes for another key."
    return Code.NEEDS_QUOTES, place, sentence, _QUOTE_FIX


def _about_layout(source: Source, place: At) -> tuple[Code, At, str, str]:
    line = source.line(place.line)
    indent = len(line) - len(line.lstrip(" "))
    if line.lstrip(" ").startswith("-") and place.column == indent + 1:
        sentence = "This list entry does not stand under the other entries of its list."
        return Code.BAD_YAML, At(place.line, indent + 1), sentence, "Indent each `-` of a list by the same spaces."
    if place.column == indent + 1:
        sentence = "The line does not stand under its neighbours: its indentation fits no line above."
        return Code.BAD_YAML, place, sentence, "Indent it by as many spaces as the lines it belongs with."
    sentence = "YAML cannot read on from here."
    return Code.BAD_YAML, place, sentence, _QUOTE_FIX


def _line_above(source: Source, line: int) -> int:
    return next((number for number in range(line - 1, 0, -1) if source.line(number).strip()), line)


def _end_of_text(source: Source, place: At) -> At:
    above = _line_above(source, place.line)
    return At(above, len(source.line(above)) + 1)
