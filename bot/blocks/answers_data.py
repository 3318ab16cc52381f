"""Everything stored about one person: this module shows them all of it, part by part, in plain words."""

from collections.abc import Iterable, Mapping
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, answer
from bot.blocks.data_sentences import sentence, worded
from bot.blocks.evidence_values import KindValue
from bot.blocks.own_values import PageValue
from bot.blocks.parts import Safe, bold, button, context, escape, header, lines, say, section
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.playbooks.playbook import BarrierKind

FACTS_SHOWN = 20
REPORTED = "reported"
TECHNICAL = "kept_with_nudges"  # of use to nobody as a list of words; the JSON has it


def my_data_answer(stored: Mapping[str, Any], language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return everything stored about a person, with a heading."""
    return answer([header(text("my_data.header", language)), *my_data_blocks(stored, language)])


def my_data_blocks(stored: Mapping[str, Any], language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return everything stored about a person: each part is either names with values, or a list of records.

    What is stored is told in words, what is not in one line; the whole of it as JSON is a button away.
    """
    zone = str(stored.get("person", {}).get("zone", ""))
    told = {name: one for name, one in stored.items() if name != TECHNICAL}
    parts = [block for name, one in told.items() if one for block in _blocks(name, one, zone=zone, language=language)]
    empty = [_title(name, language) for name, one in told.items() if not one]
    nothing = [context(say("my_data.empty", language, parts="; ".join(empty)))] if empty else []
    whole = button(text("my_data.as_json", language), f"{ActionId.DATA_PAGE}.0", value=PageValue(0).encode())
    by_json = ActionsBlock(block_id="my_data", elements=[whole])
    closing = lines([say("my_data.technical", language), say("my_data.only_you", language)])
    return [*parts, *nothing, by_json, context(closing)]


def _blocks(name: str, content: Any, *, zone: str, language: str) -> list[Block]:
    part = section(_part(name, content, zone=zone, language=language))
    return [part, *_take_back(content, language)] if name == REPORTED else [part]


def _take_back(reports: Iterable[Mapping[str, Any]], language: str) -> list[Block]:
    """Return a button for each kind that may still be taken back, and that it may."""
    open_kinds = dict.fromkeys(BarrierKind(one["kind"]) for one in reports if one.get("take_back_until"))
    if not open_kinds:
        return []
    return [context(say("take_back.lead", language)), *(_one_to_take_back(kind, language) for kind in open_kinds)]


def _one_to_take_back(kind: BarrierKind, language: str) -> Block:
    # The kind beside the button and not on it: a label as long as some kinds are would be cut.
    named = text(f"barrier.{kind}", language)
    take_back = button(
        text("take_back.button", language),
        f"{ActionId.TAKE_BACK}.{kind}",
        value=KindValue(kind).encode(),
        aloud=text("take_back.aloud", language, kind=named),
    )
    return section(bold(named), accessory=take_back)


def _part(name: str, content: Any, *, zone: str, language: str) -> Safe:
    title = bold(_title(name, language))
    is_one = isinstance(content, Mapping)
    facts = _facts(content, zone, language) if is_one else _records(name, content, zone, language)
    shown = facts[:FACTS_SHOWN]
    left = len(facts) - len(shown)
    more = escape(plural("my_data.more", left, language)) if left else Safe("")
    return lines([title, *(shown or [say("my_data.nothing", language)]), more])


def _title(name: str, language: str) -> str:
    key = f"my_data.{name}"
    return text(key, language) if has_text(key) else name.replace("_", " ")


def _facts(content: Mapping[str, Any], zone: str, language: str) -> list[Safe]:
    told = [(_name(name, language), worded(value, zone, language)) for name, value in content.items()]
    return [say("my_data.fact", language, name=name, value=value) for name, value in told if value]


def _records(part: str, content: Iterable[Mapping[str, Any]], zone: str, language: str) -> list[Safe]:
    told = [_record(part, record, zone, language) for record in content]
    return list(dict.fromkeys(told))  # in four weeks after four weeks somebody stands in the same groups


def _record(part: str, record: Mapping[str, Any], zone: str, language: str) -> Safe:
    said = sentence(part, record, zone, language)
    return Safe(f"• {said}") if said is not None else Safe("• " + ", ".join(_facts(record, zone, language)))


def _name(name: str, language: str) -> str:
    key = f"field.{name}"
    return text(key, language) if has_text(key) else name.replace("_", " ")
