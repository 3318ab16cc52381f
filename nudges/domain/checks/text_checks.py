"""Texts people will read, checked where they stand: this module joins markup, lengths and characters with places."""

import re

from nudges.domain.checks.finding_codes import Code
from nudges.domain.checks.markup_faults import TextFault, faults
from nudges.domain.files.source import At, Report, Source
from nudges.domain.files.yaml_nodes import ScalarNode
from nudges.domain.playbooks.fields import Words
from nudges.domain.playbooks.limits import SCAN_MAX, counted
from nudges.domain.playbooks.markup import VALUE_MAX, VARIABLES, escape, render_mrkdwn

FAULTS_MAX = 20  # of one text; whoever has more has pasted something else
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]")
_CHANGED_BY_RENDERING = re.compile(r"[&<>{@]")
_LONGEST_VALUES = dict.fromkeys(VARIABLES, "W" * VALUE_MAX)


def check_words(node: ScalarNode, words: Words, key: str, report: Report) -> bool:
    """Note what is wrong with a text people will read; return whether it can be used."""
    if _is_plain(node.text) and len(node.text) * 5 <= (words.shown or words.limit):
        return True
    before = report.errors
    if _CONTROL.search(node.text):
        sentence = "The text holds a control character, written with a backslash."
        report.add(Code.BAD_CHARACTER, node, sentence, "Take the backslash and what belongs to it out.")
    found = faults(node.text, has_markup=words.has_markup, has_variables=words.has_variables)
    for fault in found[:FAULTS_MAX]:
        place = place_in(node, fault, report.source)
        report.add(fault.code, place, fault.sentence, fault.fix)
    _check_length(node, words, key, report)
    return report.errors == before


def _is_plain(text: str) -> bool:
    """Return whether there is nothing in a text that could be at fault: by far the most texts, told apart quickly."""
    if "<" in text or "{" in text or "://" in text or "**" in text or "](" in text:
        return False
    return text.isprintable() or text.replace("\n", "").isprintable()


def place_in(node: ScalarNode, fault: TextFault, source: Source) -> At:
    """Return where in the file a piece of a scalar's text stands; the scalar's own place when it is written apart."""
    start = source.offset_of(node.line, node.column)
    end = source.offset_of(node.end_line, node.end_column)
    occurrence = node.text.count(fault.snippet, 0, fault.offset)
    for _ in range(occurrence + 1):
        found = source.text.find(fault.snippet, start, end)
        if found < 0:
            return At(node.line, node.column)
        start = found + 1
    return source.place_of(found)


def sent_length(text: str, *, has_markup: bool) -> int:
    """Return how many characters the text takes at Slack, variables at their longest."""
    text = text.strip()[:SCAN_MAX]
    if not _CHANGED_BY_RENDERING.search(text):
        return counted(text)
    return counted(render_mrkdwn(text, _LONGEST_VALUES) if has_markup else escape(text))


def _check_length(node: ScalarNode, words: Words, key: str, report: Report) -> None:
    if "{" not in node.text and len(node.text) * 5 <= (words.shown or words.limit):
        return  # short enough even when every character is escaped and counts double; a variable grows more
    length = sent_length(node.text, has_markup=words.has_markup)
    if length > words.limit:
        sentence = f"`{key}` takes {length:,} characters at Slack, where {words.limit:,} is the most."
        report.add(Code.TOO_LONG, node, sentence, f"Shorten it by {length - words.limit:,} characters.")
    elif words.shown and length > words.shown:
        sentence = f"The button's words are {length} characters long; phones show about {words.shown}."
        report.add(Code.LONG_LABEL, node, sentence, "Put the word that matters first, or shorten it.")
