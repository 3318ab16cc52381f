"""Search results in Slack: this module is the list, a nudge shown from it, and kind words when nothing fits."""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, answer
from bot.blocks.find_values import FoundValue
from bot.blocks.messages import channel_link, message_blocks
from bot.blocks.parts import (
    Safe,
    bold,
    button,
    context,
    divider,
    escape,
    is_channel,
    lines,
    mention,
    say,
    section,
)
from bot.texts import DEFAULT_LANGUAGE, has_text, text
from nudges.domain.delivery.messages import Message
from nudges.domain.find.snippets import Piece
from nudges.domain.find.views import Found, FoundNudge, FoundRef
from nudges.services.own.find_nudges import Shown


class AskedBy(StrEnum):
    """How it was asked: by command, in the conversation, or about a message."""

    COMMAND = "command"
    TYPED = "typed"
    SHORTCUT = "shortcut"


def found_answer(found: Found, asked_by: AskedBy, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return the results with a button each, what is said when there are none, and how to say what is in the way."""
    if not found.results:
        return answer([*_nothing(found, asked_by, language), _ways_on((), language)])
    told = [_result(one, place, language) for place, one in enumerate(found.results)]
    return answer(
        [
            section(say(f"find.found_{asked_by}" if found.is_fitting else "find.found_unsure", language)),
            *told,
            _ways_on(found.more, language),
            context(say(f"find.kept_{asked_by}", language)),
        ]
    )


def more_answer(results: Sequence[FoundNudge], language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return the results that follow the first ones."""
    if not results:
        return answer([section(say("find.gone", language))])
    told = [_result(one, place, language) for place, one in enumerate(results)]
    return answer([section(say("find.found_more", language)), *told])


def shown_answer(found: Shown | None, language: str = DEFAULT_LANGUAGE, *, ref: FoundRef | None = None) -> Answer:
    """Return a nudge as something to read: no button of it counts anything, and a quiz says its answer at once."""
    if found is None:
        return answer([section(say("find.gone", language))])
    # Taps belong to a delivery, and here is none; what can be chosen in a quiz is told with its answer.
    kept = replace(found.message, choices=(), quiz=None)
    blocks = [block for block in message_blocks(kept) if not isinstance(block, ActionsBlock)]
    answers = [section(lines([say("find.right", language, answer=one), Safe(reply)])) for one, reply in found.answers]
    about = context(say("find.shown", language, topic=found.topic))
    return answer([*blocks, *answers, *_place(found.message), *_keeping(ref, language), divider(), about])


def _nothing(found: Found, asked_by: AskedBy, language: str) -> list[Block]:
    if found.is_empty and asked_by is not AskedBy.SHORTCUT:
        return [section(say("find.empty", language))]
    if not found.topics:
        return [section(say("find.bare", language))]
    key = "find.nothing_shortcut" if asked_by is AskedBy.SHORTCUT else "find.nothing"
    topics = say("find.topics", language, topics=", ".join(found.topics))
    who = say("find.ask", language, who=mention(found.ask_id))
    return [section(lines([say(key, language), topics, who], "\n\n"))]


def _result(found: FoundNudge, place: int, language: str) -> Block:
    kind = text(f"kind.{found.kind}", language) if has_text(f"kind.{found.kind}") else found.kind
    told = lines([bold(found.title), _marked(found), say("find.about", language, kind=kind, topic=found.topic)])
    show = button(
        text("find.show", language),
        f"{ActionId.FIND_SHOW}.{place}",
        value=FoundValue((found.ref,)).encode(),
        aloud=text("find.show_aloud", language, title=found.title),
    )
    return section(told, accessory=show)


def _marked(found: FoundNudge) -> Safe:
    """Return the place that answers, its words in bold; what only says the title again is left out."""
    plain = "".join(piece for piece, _ in found.snippet)
    if plain.rstrip("….!? ") in found.title:
        return Safe("")
    return Safe("".join(_piece(piece) for piece in found.snippet))


def _piece(piece: Piece) -> Safe:
    told, is_match = piece
    # A mark of Slack's within the text would otherwise end or begin some other style.
    quiet = told.translate({ord("*"): None, ord("`"): None, ord("~"): "∼", ord("_"): "ˍ"})
    return bold(quiet) if is_match else escape(quiet)


def _keeping(ref: FoundRef | None, language: str) -> list[Block]:
    if ref is None:
        return []
    save = button(text("message.save", language), ActionId.FIND_SAVE, value=FoundValue((ref,)).encode())
    return [ActionsBlock(block_id="find_keeping", elements=[save])]


def _place(message: Message) -> list[Block]:
    """Return the button to the place where it can be tried."""
    if message.try_it is None:
        return []
    is_there = is_channel(message.try_it.channel_id)
    address = channel_link(message.try_it.channel_id, "") if is_there else message.try_it.link
    open_it = button(message.try_it.label, ActionId.FIND_OPEN, style="primary", url=address)
    return [ActionsBlock(block_id="found_place", elements=[open_it])] if address else []


def _ways_on(more: Sequence[FoundRef], language: str) -> Block:
    buttons = [button(text("home.barrier", language), ActionId.REPORT_BARRIER)]
    if more:
        further = button(text("find.more", language), ActionId.FIND_MORE, value=FoundValue.of(more).encode())
        buttons.insert(0, further)
    return ActionsBlock(block_id="found_next", elements=buttons)
