"""Why me: this module says of one nudge which rule brought it, when that was decided, and what becomes of a tap."""

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer, answer
from bot.blocks.home_parts import capital, kind_name
from bot.blocks.parts import Safe, context, header, lines, mention, say, section
from bot.blocks.times import local_day, local_time, percent, when
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.people.own_views import WhyNudge


def why_nudge_answer(why: WhyNudge, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return why this nudge came: its campaign and owner, the rule, the day, the comparison, and who sees what."""
    facts = [
        _belongs(why, language),
        _rule(why, language),
        lines([_planned(why, language), _follows(why, language)], " "),
    ]
    blocks: list[Block] = [
        header(text("why_nudge.header", language)),
        section(lines(facts, "\n")),
        section(_compared(why, language)),
        section(lines([say("why_nudge.counted", language, k=why.k), say("why_nudge.sees", language)])),
        context(lines([say("why.this", language), say("why.choices", language)], " ")),
    ]
    return answer(blocks)


def _belongs(why: WhyNudge, language: str) -> Safe:
    kind = kind_name(why.kind, language)
    # German and Spanish begin the sentence with it.
    kind = kind if language.startswith("en") else capital(kind)
    return say("why_nudge.belongs", language, kind=kind, title=why.title, owner=mention(why.owner_id))


def _rule(why: WhyNudge, language: str) -> Safe:
    if not why.rule:
        return say("why_nudge.rule_gone", language)
    key = "why_nudge.rule" if why.is_still_in else "why_nudge.rule_then"
    return say(key, language, segment=why.segment, rule=why.rule)


def _planned(why: WhyNudge, language: str) -> Safe:
    sent_at = why.sent_at or why.due_at or why.planned_at
    planned, sent = local_day(why.planned_at, why.zone, language), when(sent_at, why.zone, language)
    if why.due_at is None:
        return say("why_nudge.planned_only", language, planned=planned, sent=sent)
    due = local_time(why.due_at, why.zone, language)
    return say("why_nudge.planned", language, planned=planned, due=due, sent=sent)


def _follows(why: WhyNudge, language: str) -> Safe:
    return say("why_nudge.follows", language, nudge=why.follows) if why.follows else Safe("")


def _compared(why: WhyNudge, language: str) -> Safe:
    if why.spared_share <= 0:
        return say("why_nudge.no_spared", language)
    return say("why_nudge.spared", language, share=percent(why.spared_share, language))
