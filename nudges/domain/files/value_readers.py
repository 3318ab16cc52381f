"""Readers of single values: this module makes a function for each sort of value that takes a node and reads it.

A reader takes a node, the key it stands under and the report; it returns the value or FAULTY, after noting why, so
that reading goes on and all faults are listed at once.
"""

from collections.abc import Callable
from enum import Enum, StrEnum
from typing import Any, Final

from annotated_types import Ge, Le, MaxLen, MinLen

from nudges.domain.checks.findings import Code
from nudges.domain.checks.text_checks import check_words
from nudges.domain.editing.examples import example_of
from nudges.domain.files.scalar_values import Unreadable
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import ENTRIES_MAX, ListNode, MapNode, Node, ScalarNode
from nudges.domain.playbooks.fields import Words


class Faulty(Enum):
    """Stands for a value that could not be read; the report says why."""

    FAULTY = "faulty"


FAULTY: Final = Faulty.FAULTY
Reader = Callable[[Node, str, Report], Any]


def no_value(name: ScalarNode, report: Report) -> None:
    rest = report.source.line(name.end_line)[name.end_column :].strip()
    if rest.startswith("#"):
        sentence = f"`{name.text[:60]}` has no value: what follows # is a comment and is not read."
        report.add(Code.NO_VALUE, name, sentence, "Put the text in quotes.")
        return
    fix = f"Write a value, such as `{example_of(name.text)}`, or delete the key."
    report.add(Code.NO_VALUE, name, f"`{name.text[:60]}` has no value.", fix)


def scalar_reader(read: Callable[[str], object]) -> Reader:
    def read_scalar(node: Node, key: str, report: Report) -> Any:
        if not isinstance(node, ScalarNode):
            return _not_a_text(node, key, report)
        try:
            return read(node.text.strip())
        except Unreadable as fault:
            report.add(fault.code, node, fault.sentence, fault.fix)
            return FAULTY

    return read_scalar


def words_reader(words: Words) -> Reader:
    def read_words(node: Node, key: str, report: Report) -> Any:
        if not isinstance(node, ScalarNode):
            return _not_a_text(node, key, report)
        return node.text.strip() if check_words(node, words, key, report) or report.is_lenient else FAULTY

    return read_words


def word_reader(words: type[StrEnum]) -> Reader:
    by_value = {word.value: word for word in words}

    def read_word(node: Node, key: str, report: Report) -> Any:
        if not isinstance(node, ScalarNode):
            return _not_a_text(node, key, report)
        word = by_value.get(node.text.strip())
        if word is None:
            sentence = f"`{node.text[:60]}` is not one of the words that `{key}` takes."
            report.add(Code.UNKNOWN_WORD, node, sentence, did_you_mean(node.text, by_value))
        return FAULTY if word is None else word

    return read_word


def list_reader(read: Reader) -> Reader:
    def read_list(node: Node, key: str, report: Report) -> Any:
        if not isinstance(node, ListNode):
            shown = f"[{node.text}]" if isinstance(node, ScalarNode) and len(node.text) < 30 else "[one, another]"
            fix = f"Write `{key}: {shown}`, or each entry on a line of its own that starts with `- `."
            report.add(Code.WRONG_SHAPE, node, f"`{key}` takes a list.", fix)
            return FAULTY
        if len(node.items) > ENTRIES_MAX:
            return _too_many(node, key, report)
        items = tuple(_read_item(read, item, key, report) for item in node.items)
        return FAULTY if FAULTY in items else items

    return read_list


def _read_item(read: Reader, item: Node, key: str, report: Report) -> Any:
    if isinstance(item, ScalarNode) and item.is_empty:
        report.add(Code.NO_VALUE, item, f"An entry of `{key}` is empty.", "Fill it in or delete the line.")
        return FAULTY
    return read(item, key, report)


def map_reader(read_key: Reader, read: Reader) -> Reader:
    def read_map(node: Node, key: str, report: Report) -> Any:
        if not isinstance(node, MapNode):
            fix = f"Write the names below `{key}`, indented, each with a colon and its value."
            report.add(Code.WRONG_SHAPE, node, f"`{key}` is a block of names and values.", fix)
            return FAULTY
        if len(node.entries) > ENTRIES_MAX:
            return _too_many(node, key, report)
        found = {}
        for name, value in node.entries:
            if isinstance(value, ScalarNode) and value.is_empty:
                no_value(name, report)
                found[FAULTY] = FAULTY
                continue
            name_read = read_key(name, key, report)
            if name_read in found and name_read is not FAULTY:
                sentence = f"`{name.text[:60]}` means the same as a name above it."
                report.add(Code.DUPLICATE_KEY, name, sentence, "Keep one of the two and delete the other.")
            found[name_read] = read(value, name.text, report)
        return FAULTY if FAULTY in found or FAULTY in found.values() else found

    return read_map


def _too_many(node: Node, key: str, report: Report) -> Faulty:
    sentence = f"`{key}` has more than {ENTRIES_MAX:,} entries, so they were not read."
    report.add(Code.BAD_COUNT, node, sentence, "Split the file, or take some out.")
    return FAULTY


def _not_a_text(node: Node, key: str, report: Report) -> Faulty:
    kind = "list" if isinstance(node, ListNode) else "block"
    fix = f"Write `{example_of(key)}`; a text that starts with [ or {{ needs quotes."
    report.add(Code.WRONG_SHAPE, node, f"`{key}` takes one value, and here stands a {kind}.", fix)
    return FAULTY


def bounded(read: Reader, marks: tuple[object, ...]) -> Reader:
    def read_bounded(node: Node, key: str, report: Report) -> Any:
        result = read(node, key, report)
        if result is FAULTY:
            return FAULTY
        complaint = next((c for c in (_out_of_bounds(result, mark, key) for mark in marks) if c), None)
        if complaint:
            report.add(complaint[0], node, complaint[1], complaint[2])
        return FAULTY if complaint and not report.is_lenient else result

    return read_bounded


def _out_of_bounds(value: Any, mark: object, key: str) -> tuple[Code, str, str] | None:
    if isinstance(mark, Ge | Le):
        limit: Any = mark.ge if isinstance(mark, Ge) else mark.le
        return _out_of_range(value, limit, key, is_least=isinstance(mark, Ge))
    if isinstance(mark, MinLen) and len(value) < mark.min_length:
        sentence = f"`{key}` has {_entries(len(value))} and needs at least {mark.min_length}."
        return Code.BAD_COUNT, sentence, "Add what is missing."
    if isinstance(mark, MaxLen) and len(value) > mark.max_length:
        sentence = f"`{key}` has {_entries(len(value))}, and {mark.max_length} is the most."
        return Code.BAD_COUNT, sentence, "Take some out."
    return None


def _out_of_range(value: Any, limit: Any, key: str, *, is_least: bool) -> tuple[Code, str, str] | None:
    if (value >= limit) if is_least else (value <= limit):
        return None
    code, shown = (Code.BAD_SHARE, f"{limit:.0%}") if isinstance(value, float) else (Code.BAD_NUMBER, f"{limit}")
    if is_least:
        return code, f"`{key}` is too small; {shown} is the least.", f"Write {shown} or more."
    return code, f"`{key}` is too large; {shown} is the most.", f"Write {shown} or less."


def _entries(number: int) -> str:
    return f"{number or 'no'} {'entry' if number == 1 else 'entries'}"
