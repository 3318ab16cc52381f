"""What people lack: this module shows needs with what was decided, and how to decide."""

from slack_sdk.models.blocks import Block, ButtonElement

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, answer, line_answer
from bot.blocks.flag_words import kind_in_words
from bot.blocks.need_values import NeedValue
from bot.blocks.notices import scope_in_words
from bot.blocks.parts import Safe, context, fit, header, lines, mention, plain, say, section
from bot.blocks.times import local_day
from bot.texts import DEFAULT_LANGUAGE, plural, text
from nudges.domain.barriers.needs import Choice, NeedVerdict, NeedView

ROWS_SHOWN = 30
_LONGEST = 2900


def needs_answer(found: tuple[NeedView, ...], zone: str, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return all needs, those to be decided first."""
    blocks: list[Block] = [header(text("need_list.header", language))]
    if not found:
        blocks.append(section(say("need_list.none", language)))
        return answer([*blocks, context(say("need_list.rule", language))])
    blocks += [
        section(fit(need_row(one, zone, language), _LONGEST), accessory=_button(one, language))
        for one in found[:ROWS_SHOWN]
    ]
    left = len(found) - ROWS_SHOWN
    if left > 0:
        blocks.append(context(plural("need_list.more", left, language)))
    how = say("need_list.how", language, number=found[0].number)
    return answer([*blocks, context(lines([how, say("need_list.rule", language)]))])


def decided_answer(verdict: NeedVerdict, number: str, choice: str, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what became of a decision."""
    if verdict is NeedVerdict.DONE:
        return line_answer("need_list.noted", language, number=number, choice=text(f"need_list.is_{choice}", language))
    return line_answer(f"need_list.{verdict}", language, number=number)


def need_row(need: NeedView, zone: str, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return a need in words, with what was decided."""
    tool = need.tool or text("need_list.no_tool", language)
    head = say(
        "need_list.line",
        language,
        number=need.number,
        kind=kind_in_words(need.kind, language),
        tool=tool,
        band=need.band,
        since=local_day(need.opened_at, zone, language),
        heard=local_day(need.heard_at, zone, language),
    )
    where = lines([scope_in_words(one.type.value, one.scope_id, language) for one in need.where], ", ")
    groups = [say("need_list.where", language, where=where)] if need.where else []
    return lines([head, *groups, _decision(need, zone, language)])


def _button(need: NeedView, language: str) -> ButtonElement:
    label = "need_list.change" if need.decision else "need_list.decide"
    return ButtonElement(
        action_id=f"{ActionId.NEED_DECIDE}.{need.number}",
        text=plain(text(label, language)),
        value=NeedValue(need.number).encode(),
    )


def _decision(need: NeedView, zone: str, language: str) -> Safe:
    if need.decision not in set(Choice) or need.decided_at is None:
        return say("need_list.undecided", language)
    by = mention(need.by_id) or text("barriers.no_owner", language)
    day = local_day(need.decided_at, zone, language)
    return say(f"need_list.{need.decision}", language, by=by, day=day, why=need.why)
