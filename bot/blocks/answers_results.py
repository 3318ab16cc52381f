"""What a campaign has brought: this module is the answer to `results`, with bars and never a small number."""

from collections.abc import Sequence
from textwrap import shorten

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer, answer
from bot.blocks.parts import Safe, context, divider, escape, header, lines, say, section
from bot.blocks.times import band_bar, band_share, day, short_day
from bot.texts import DEFAULT_LANGUAGE, plural, text
from nudges.domain.measuring.results import Figure, NudgeResult, ResultsView
from nudges.domain.playbooks.markup import render_plain

NUDGES_SHOWN = 40
GROUPS_SHOWN = 6
LONGEST_TITLE = 70


def results_answer(found: ResultsView, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return sent, answered, useful and choices, by nudge and by segment, and the comparison group."""
    until = day(found.until, language)
    blocks: list[Block] = [header(text("results.header", language, title=found.title))]
    blocks.append(section(say("results.reached", language, sent=found.sent, people=found.reached, day=until)))
    blocks.append(divider())
    sent = [nudge for nudge in found.nudges if nudge.sent]
    blocks += [section(_nudge(nudge, found, language)) for nudge in sent[:NUDGES_SHOWN]]
    left = len(sent) - NUDGES_SHOWN
    if left > 0:
        blocks.append(context(plural("results.more", left, language, name=found.name)))
    waiting = [nudge.key for nudge in found.nudges if not nudge.sent]
    if waiting:
        blocks.append(context(say("results.none", language, nudges=", ".join(waiting))))
    if found.held_out:
        blocks.append(section(lines([say("results.spared", language, people=found.held_out), _lift(found, language)])))
    return answer([*blocks, context(say("results.rule", language, k=found.k))])


def _nudge(nudge: NudgeResult, found: ResultsView, language: str) -> Safe:
    title = shorten(render_plain(nudge.title, {}), LONGEST_TITLE, placeholder=" …")
    kind = text(f"kind.{nudge.kind}", language)
    told = [say("results.nudge", language, title=title, nudge=nudge.key, kind=kind, sent=nudge.sent)]
    figures = [*nudge.answered, *nudge.useful, *nudge.choices]
    if not figures:
        return lines([*told, say("results.hidden", language)])
    parts = (nudge.answered, nudge.useful, nudge.choices)
    return lines([*told, *(line for part in parts for line in _figures(part, nudge, found, language))])


def _figures(some: Sequence[Figure], nudge: NudgeResult, found: ResultsView, language: str) -> list[Safe]:
    of_all = [_figure(figure, nudge, language) for figure in nudge.of_all(some)]
    of_groups = nudge.of_groups(some) if len(found.segments) > 1 else ()
    told = of_all + [_group(figure, nudge, language) for figure in of_groups[:GROUPS_SHOWN]]
    behind = [figure.as_of for figure in nudge.of_all(some) if figure.is_behind]
    if behind:
        told.append(say("results.earlier", language, day=short_day(max(behind), language)))
    return told


def _figure(figure: Figure, nudge: NudgeResult, language: str) -> Safe:
    share = band_share(figure.share.share, language)
    drawn = band_bar(figure.share.share)
    return say(
        "results.figure", language, bar=drawn, share=share, what=_what(figure, nudge, language), of=figure.share.of
    )


def _group(figure: Figure, nudge: NudgeResult, language: str) -> Safe:
    share = band_share(figure.share.share, language)
    what = _what(figure, nudge, language)
    return say("results.group", language, segment=figure.group, share=share, what=what, of=figure.share.of)


def _what(figure: Figure, nudge: NudgeResult, language: str) -> Safe:
    choice = next((one for one in nudge.choice_texts if one.key == figure.side), None)
    if choice is None:
        return say(f"results.{figure.side}", language)
    told = choice.text or text(f"tap.{choice.key}", language)
    return say("results.choice_right" if choice.right else "results.choice", language, choice=escape(told))


def _lift(found: ResultsView, language: str) -> Safe:
    if not found.has_usage:
        return say("results.no_usage", language)
    if found.contrast is None:
        return say("results.too_few", language)
    key = "results.clear" if found.contrast.is_clear else "results.unclear"
    return say(key, language, low=found.contrast.low, high=found.contrast.high)
