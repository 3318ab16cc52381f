"""Publishing in two steps: this module is the draft in figures with its button, and what follows from pressing it."""

from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.blocks.actions import ActionId, PublishValue
from bot.blocks.answers import Answer, answer
from bot.blocks.answers_approval import warning_blocks
from bot.blocks.parts import Safe, button, code, context, divider, escape, fields, header, lines, say, section
from bot.blocks.times import day, number
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.measuring.views import Draft

ROWS_SHOWN = 25


def draft_answer(draft: Draft, language: str = DEFAULT_LANGUAGE, *, is_again: bool = False, edited: str = "") -> Answer:
    """Return what publishing would do; the button is there only when there is somebody to send to.

    `edited` is a campaign that runs on an older text of the file; giving it the present one is offered first.
    """
    blocks: list[Block] = [header(text("publish.header", language, title=draft.title))]
    if edited:
        blocks.append(section(say("publish.running", language, name=edited, playbook=draft.playbook)))
        blocks += [ActionsBlock(block_id="update", elements=[_update(draft, edited, language)]), divider()]
    blocks += [*fields(_facts(draft, language)), divider()]
    segments = [
        say("publish.segment", language, name=name, rule=rule, count=_figure(draft, count, language))
        for name, rule, count in draft.segments
    ]
    blocks.append(section(lines([say("publish.segments", language), *_shown(segments, language)])))
    blocks.append(section(lines([say("publish.nudges", language), *_shown(_nudges(draft, language), language)])))
    if draft.warnings:
        warnings = [say("publish.warning", language, what=warning) for warning in draft.warnings]
        blocks.append(section(lines([say("publish.warnings", language), *_shown(warnings, language)])))
    if draft.audience == 0:
        return answer([*blocks, section(say("publish.audience_empty", language))])
    return answer([*blocks, _buttons(draft, language, is_again=is_again), context(say("publish.freeze", language))])


def published_answer(
    *,
    title: str,
    name: str,
    starts_on: date,
    audience: int,
    warnings: tuple[str, ...] = (),
    language: str = DEFAULT_LANGUAGE,
) -> Answer:
    """Return that it is done, for how many who begin with it, where to look, and what it lacks for everybody."""
    people = plural("publish.audience_value", audience, language)
    done = say("publish.done", language, title=title, name=name, day=day(starts_on, language), audience=people)
    return answer([section(done), *warning_blocks(warnings, language)])


def updated_answer(
    *, title: str, name: str, warnings: tuple[str, ...] = (), language: str = DEFAULT_LANGUAGE
) -> Answer:
    """Return that a running campaign has the file's present text now."""
    return answer(
        [section(say("publish.updated", language, title=title, name=name)), *warning_blocks(warnings, language)]
    )


def _facts(draft: Draft, language: str) -> list[tuple[str, str]]:
    left_out = {"not_sendable": draft.not_sendable, "held_out": _figure(draft, draft.held_out, language)}
    left_out_key = "publish.left_out_value" if draft.held_out or draft.private_k else "publish.left_out_plain"
    audience = plural("publish.audience_value", draft.audience, language)
    values: dict[str, str] = {
        "name": code(draft.name),
        "audience": draft.figure(draft.audience) if draft.private_k else audience,
        "starts": day(draft.starts_on, language),
        "ends": day(draft.ends_on, language),
        "left_out": text(left_out_key, language, **left_out),
    }
    if draft.private_k:
        return [(text(f"publish.{name}", language), value) for name, value in values.items()]
    values["takes"] = plural("publish.takes_value", draft.minutes_at_pace, language)
    if draft.without_zone:
        values["zones"] = text("publish.zones_value", language, count=draft.without_zone)
    return [(text(f"publish.{name}", language), value) for name, value in values.items()]


def _nudges(draft: Draft, language: str) -> list[Safe]:
    return [
        say(
            "publish.nudge",
            language,
            nudge=key,
            kind=text(f"kind.{kind}", language) if has_text(f"kind.{kind}") else kind,
            when=at,
            count=_figure(draft, count, language),
        )
        for key, kind, at, count in draft.nudges
    ]


def _figure(draft: Draft, count: int, language: str) -> str:
    return draft.figure(count) if draft.private_k else number(count, language)


def _shown(rows: list[Safe], language: str) -> list[Safe]:
    left = len(rows) - ROWS_SHOWN
    return [*rows[:ROWS_SHOWN], escape(plural("publish.more", left, language))] if left > 0 else rows


def _buttons(draft: Draft, language: str, *, is_again: bool) -> ActionsBlock:
    value = PublishValue(draft.playbook, draft.name, is_again).encode()
    label, style = ("publish.confirm_again", "danger") if is_again else ("publish.confirm", "primary")
    buttons = [
        button(text(label, language), ActionId.PUBLISH, value=value, style=style),
        button(text("publish.cancel", language), ActionId.DISMISS),
    ]
    return ActionsBlock(block_id="publish", elements=buttons)


def _update(draft: Draft, campaign: str, language: str) -> ButtonElement:
    value = PublishValue(draft.playbook, campaign, is_update=True).encode()
    return button(text("publish.update", language), f"{ActionId.PUBLISH}.update", value=value, style="primary")
