"""A second person's look: this module is the plan with its two buttons, what follows, and the list of what waits."""

from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.blocks.actions import ActionId, CallbackId, InputId
from bot.blocks.answers import Answer, answer, line_answer
from bot.blocks.draft_values import AskValue
from bot.blocks.parts import Safe, button, context, divider, fields, header, lines, mention, plain, say, section
from bot.blocks.publishing_values import ApprovalValue
from bot.blocks.times import day, number, when
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.measuring.publishing_views import ApprovalView, PilotView

ROWS_SHOWN = 25
LONGEST_WHY = 1000


def approval_answer(view: ApprovalView, language: str = DEFAULT_LANGUAGE, *, is_own: bool = False) -> Answer:
    """Return the plan of what waits; who asked for it sees no buttons."""
    blocks: list[Block] = [header(text(f"approve.header_{view.kind}", language, title=view.title))]
    blocks.append(section(_asked(view, language)))
    blocks += [*fields(_facts(view, language)), divider()]
    if view.pilot is not None:
        blocks.append(section(pilot_lines(view.pilot, language)))
    blocks.append(section(lines([say("publish.segments", language), *_segments(view, language)])))
    blocks.append(section(lines([say("publish.nudges", language), *_nudges(view, language)])))
    blocks += [section(note) for note in _notes(view, language)]
    if is_own:
        return answer([*blocks, context(say("approve.own", language))])
    return answer([*blocks, approval_buttons(ApprovalValue(view.approval_id, view.content_hash), language)])


def approvals_answer(views: tuple[ApprovalView, ...], language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what waits, each with a button that shows its plan."""
    if not views:
        return line_answer("approve.nothing", language)
    blocks: list[Block] = [header(text("approve.list", language))]
    for view in views[:ROWS_SHOWN]:
        ask = AskValue("approve", view.campaign).encode()
        look = button(text("approve.look", language), ActionId.ASK, value=ask)
        blocks.append(section(_asked(view, language), accessory=look))
    return answer(blocks)


def approval_buttons(value: ApprovalValue, language: str, *, campaign: str = "") -> ActionsBlock:
    """Return Approve and Decline, and a look at the plan where it does not stand above."""
    told = value.encode()
    buttons = [
        button(text("approve.yes", language), ActionId.APPROVE, value=told, style="primary"),
        button(text("approve.no", language), ActionId.DECLINE, value=told),
    ]
    if campaign:
        look = button(text("approve.look", language), ActionId.ASK, value=AskValue("approve", campaign).encode())
        buttons.insert(0, look)
    return ActionsBlock(block_id=f"approval.{value.approval_id}", elements=buttons)


def approved_answer(*, title: str, name: str, kind: str, starts_on: date, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what the yes has set going."""
    return line_answer(f"approve.done_{kind}", language, title=title, name=name, day=day(starts_on, language))


def asked_answer(
    *, title: str, name: str, asked: tuple[str, ...], warnings: tuple[str, ...] = (), language: str = DEFAULT_LANGUAGE
) -> Answer:
    """Return that nothing is sent until one of these people agrees."""
    who = lines([mention(one) for one in asked], ", ")
    blocks: list[Block] = [section(say("approve.asked", language, title=title, name=name, who=who))]
    return answer([*blocks, *warning_blocks(warnings, language)])


def warning_blocks(warnings: tuple[str, ...], language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return what a playbook still lacks before it is ripe for everybody, as one small paragraph."""
    if not warnings:
        return []
    shown = [say("publish.warning", language, what=warning) for warning in warnings[:ROWS_SHOWN]]
    return [section(lines([say("publish.live_warnings", language), *shown]))]


def decline_form(value: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the question why not; the author reads the answer."""
    element = PlainTextInputElement(action_id=InputId.WHY, multiline=True, max_length=LONGEST_WHY)
    why = InputBlock(
        block_id=InputId.WHY,
        label=plain(text("approve.why", language)),
        hint=plain(text("approve.why_hint", language)),
        element=element,
    )
    return View(
        type="modal",
        callback_id=CallbackId.DECLINE_FORM,
        title=plain(text("approve.no_title", language), 24),
        submit=plain(text("approve.no", language)),
        close=plain(text("form.cancel", language)),
        private_metadata=value,
        blocks=[why],
    )


def pilot_lines(pilot: PilotView, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return how a pilot stands; what too few people are behind is said to be hidden."""
    hidden = text("approve.hidden", language)
    values = {
        "segment": pilot.segment,
        "people": pilot.people,
        "answered": pilot.answered or hidden,
        "useful": pilot.useful or hidden,
        "answers": pilot.answers_wanted,
        "wanted": f"{pilot.useful_wanted:.0%}".replace("%", " %"),
    }
    verdict = text(f"pilot.{pilot.rule or pilot.verdict}", language)
    return lines([say("approve.pilot", language, **values), say("approve.verdict", language, verdict=verdict)])


def _asked(view: ApprovalView, language: str) -> Safe:
    who = mention(view.asked_by) if view.asked_by[:1] in "UW" else text("approve.command_line", language)
    reason = text(f"approve.reason_{view.reason}", language)
    at = when(view.asked_at, view.zone, language)
    return say(f"approve.asks_{view.kind}", language, who=who, name=view.campaign, when=at, reason=reason)


def _facts(view: ApprovalView, language: str) -> list[tuple[str, str]]:
    values = {
        "audience": _people(view, view.audience, language),
        "starts": day(view.starts_on, language),
        "reached": _people(view, view.reached, language),
        "added": _people(view, view.added, language),
    }
    wanted = {
        "publish": ("audience", "reached", "starts"),
        "update": ("audience", "added"),
        "widen": ("reached", "starts"),
    }
    return [(text(f"approve.{name}", language), values[name]) for name in wanted[view.kind]]


def _people(view: ApprovalView, count: int, language: str) -> str:
    return view.figure(count) if view.private_k else plural("publish.audience_value", count, language)


def _segments(view: ApprovalView, language: str) -> list[Safe]:
    return [
        say("publish.segment", language, name=name, rule=rule, count=view.figure(count) if view.private_k else count)
        for name, rule, count in view.segments
    ]


def _nudges(view: ApprovalView, language: str) -> list[Safe]:
    rows = [
        say("approve.nudge", language, nudge=key, kind=text(f"kind.{kind}", language), when=at)
        for key, kind, at in view.nudges[:ROWS_SHOWN]
    ]
    left = len(view.nudges) - ROWS_SHOWN
    return [*rows, say("approve.more", language, count=number(left, language))] if left > 0 else rows


def _notes(view: ApprovalView, language: str) -> list[Safe]:
    notes = {"moved": view.is_moved, "edited": view.is_edited_since}
    keys = [f"approve.{name}" for name, holds in notes.items() if holds and has_text(f"approve.{name}")]
    return [say(key, language, day=day(view.starts_on, language)) for key in keys]
