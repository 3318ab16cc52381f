"""Cards of flags: this module shows what stands in the way, why it is thought so, what is done, and what to tap."""

from slack_sdk.models.blocks import ActionsBlock, Block, InteractiveElement

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, answer
from bot.blocks.flag_values import FlagValue, Shown
from bot.blocks.flag_words import effect_line, kind_in_words, line_in_words
from bot.blocks.notices import scope_in_words
from bot.blocks.parts import Safe, button, context, divider, header, lines, mention, say, section
from bot.blocks.times import day, local_day, when
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.barriers.flag_views import Act, BarriersView, FlagCard, FlagDigest, FlagOutcome, NextThing, StepView

CARDS_SHOWN = 8  # four blocks each: a message has room for fifty
LINES_SHOWN = 2  # of the history; the rest is behind a button
_BUTTONS = {
    Act.TAKE: ActionId.FLAG_TAKE,
    Act.START: ActionId.FLAG_START,
    Act.STEP: ActionId.FLAG_STEP,
    Act.OVER: ActionId.FLAG_OVER,
    Act.NOT_OVER: ActionId.FLAG_NOT_OVER,
    Act.DISMISS: ActionId.FLAG_DISMISS,
    Act.ASSIGN: ActionId.FLAG_ASSIGN,
}
_FIRST = (Act.TAKE, Act.START, Act.STEP, Act.OVER)


def barriers_answer(barriers: BarriersView, language: str = DEFAULT_LANGUAGE, *, said: str = "") -> Answer:
    """Return all flags as cards, those that wait for something soonest first; `said` is what a tap came to."""
    blocks: list[Block] = [header(text("barriers.header", language))]
    if said:
        blocks.append(section(said))
    if not barriers.flags:
        blocks.append(section(say("barriers.none", language)))
    for card in barriers.flags[:CARDS_SHOWN]:
        blocks += [*card_blocks(card, barriers.zone, language, shown=Shown.LIST), divider()]
    left = len(barriers.flags) - CARDS_SHOWN
    if left > 0:
        blocks.append(context(plural("flag.more_below", left, language)))
    closes = say("barriers.closes", language, when=when(barriers.period_closes_at, barriers.zone, language))
    rule = say("barriers.rule", language, k=barriers.k)
    return answer([*blocks, context(lines([rule, lines([closes, say("barriers.noted", language)], " ")]))])


def outcome_answer(outcome: FlagOutcome, said: str, zone: str, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what a tap came to, over the card as it stands now."""
    card = outcome.card
    return answer([section(said), *(card_blocks(card, zone, language) if card else ())])


def card_answer(card: FlagCard, zone: str, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return one card."""
    return answer(card_blocks(card, zone, language))


def history_blocks(card: FlagCard, zone: str, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return all that happened to a flag, the latest first."""
    told = [line_in_words(line, zone, language) for line in reversed(card.history)]
    head = say("barriers.flag", language, scope=_scope(card, language), kind=kind_in_words(card.kind, language))
    return [section(head), section(lines(told) or "-"), context(say("flag.history_note", language))]


def week_blocks(week: FlagDigest, language: str = DEFAULT_LANGUAGE) -> list[Block]:
    """Return an owner's week: the figures, and each flag with its next step and a button that shows it."""
    facts = say("notice.flag_week_facts", language, due=week.due, late=week.late, moved=week.moved)
    rows: list[Block] = []
    for card in week.cards[:CARDS_SHOWN]:
        told = lines([_title(card, language), *effect_line(card.effect, language), _next(card, language)])
        value = FlagValue(card.flag_id, Shown.NOTICE).encode()
        rows.append(section(told, accessory=button(text("flag.show", language), ActionId.FLAG_SHOW, value=value)))
    left = len(week.cards) - CARDS_SHOWN
    return [section(facts), *rows, *([context(plural("flag.more_below", left, language))] if left > 0 else [])]


def card_blocks(
    card: FlagCard, zone: str, language: str = DEFAULT_LANGUAGE, *, shown: Shown = Shown.CARD
) -> list[Block]:
    """Return one flag: what and why, what is being done, the last of its history, and what may be tapped."""
    blocks: list[Block] = [section(lines([_title(card, language), *_facts(card, zone, language)]))]
    blocks += [context(lines(_latest(card, zone, language)))] if card.history else []
    return [
        *blocks,
        ActionsBlock(block_id=f"flag.{card.flag_id}.{card.state}", elements=_elements(card, shown, language)),
    ]


def _title(card: FlagCard, language: str) -> Safe:
    return say("barriers.flag", language, scope=_scope(card, language), kind=kind_in_words(card.kind, language))


def _scope(card: FlagCard, language: str) -> Safe:
    return scope_in_words(card.scope_type, card.scope_id, language)


def _facts(card: FlagCard, zone: str, language: str) -> list[Safe]:
    owner = mention(card.owner_id)
    how = say("flag.said_by", language, band=card.band) if card.band else say("flag.by_behaviour", language)
    head = say(
        "flag.facts",
        language,
        grade=text(f"flag.grade_{card.grade}", language),
        band=how,
        day=local_day(card.opened_at, zone, language),
        owner=say("barriers.owner", language, owner=owner) if owner else say("barriers.no_owner", language),
    )
    return [head, *_why(card, language), _next(card, language, is_listed=True), *_doing(card, language)]


def _why(card: FlagCard, language: str) -> list[Safe]:
    told = [say(key, language, why=value) for key, value in card.why if has_text(key)]
    return [say("flag.why", language, why=lines(told, " "))] if told else []


def _next(card: FlagCard, language: str, *, is_listed: bool = False) -> Safe:
    due, step, what = card.next.due_on, card.next.step, card.next.what
    is_some_day = what is NextThing.TO_BE_TAKEN and due is None
    # Where the steps stand below, naming one in full would say it twice.
    is_here = is_listed and step is not None
    key = "flag.next_some_day" if is_some_day else "flag.next_here" if is_here else f"flag.next.{what}"
    return say(
        key,
        language,
        due=day(due, language) if due else "",
        owner=mention(card.owner_id) or text("barriers.no_owner", language),
        step=step.do if step else "",
        number=step.number if step else 0,
        by=mention(step.by_id) if step and step.by_id else text("barriers.no_owner", language),
    )


def _doing(card: FlagCard, language: str) -> list[Safe]:
    """Return the play that runs with its steps; before one, what was written down as remedies."""
    if card.started_on is None:
        return [_step(step, language) for step in card.steps]
    title = card.play_title or text("flag.own_play", language)
    told = [say("flag.play", language, title=title, day=day(card.started_on, language))]
    told += [_step(step, language) for step in card.steps]
    told += [say("flag.measure", language, measure=card.measure)] if card.measure else []
    return [*told, *effect_line(card.effect, language)]


def _step(step: StepView, language: str) -> Safe:
    if step.done_on is not None:
        return say("flag.step_done", language, do=step.do, day=day(step.done_on, language))
    by = mention(step.by_id) if step.by_id else text("barriers.no_owner", language)
    return say("flag.step_left", language, do=step.do, by=by, due=day(step.due_on, language))


def _latest(card: FlagCard, zone: str, language: str) -> list[str]:
    told: list[str] = [line_in_words(line, zone, language) for line in card.history[-LINES_SHOWN:]]
    earlier = len(card.history) - len(told)
    return [*([plural("flag.earlier", earlier, language)] if earlier > 0 else []), *told]


def _elements(card: FlagCard, shown: Shown, language: str) -> list[InteractiveElement]:
    first = next((act for act in card.acts if act in _FIRST), None)
    made: list[InteractiveElement] = []
    for act in card.acts:
        step = card.next.step.number if act is Act.STEP and card.next.step else 0
        label = text(f"flag.{act}", language, number=step)
        value = FlagValue(card.flag_id, shown, step).encode()
        made.append(button(label, _BUTTONS[act], value=value, style="primary" if act is first else None))
    value = FlagValue(card.flag_id, shown).encode()
    return [*made, button(text("flag.history", language), ActionId.FLAG_HISTORY, value=value)]
