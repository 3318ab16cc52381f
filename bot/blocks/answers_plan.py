"""The weeks to come in Slack: this module is the answer of `/nudge plan`, short first, and of what an edit changes."""

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer, answer
from bot.blocks.parts import Safe, context, divider, escape, header, lines, say, section
from bot.blocks.times import day, number
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.disclosure import band
from nudges.domain.forecast_update import Change, NudgeChange
from nudges.domain.forecast_views import Clash, NudgePlan, Plan

ROWS_SHOWN = 12


def plan_answer(plan: Plan, changes: Sequence[Change] = (), language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return who would get what and when; a campaign that runs on the playbook already comes first, with its edits."""
    blocks: list[Block] = [header(text("plan.header", language, title=plan.draft.title))]
    for change in changes:
        blocks += [_change(change, language), divider()]
    blocks.append(section(lines(_summary(plan, language))))
    blocks.append(_rows("plan.nudges", [_nudge(plan, nudge, language) for nudge in plan.nudges], language))
    if plan.clashes or plan.calendar:
        blocks.append(_rows("plan.clashes", _clashes(plan, language), language))
    if plan.draft.warnings or plan.notes:
        notes = [say("plan.note", language, what=warning) for warning in (*plan.draft.warnings, *plan.notes)]
        blocks.append(_rows("plan.notes", notes, language))
    return answer([*blocks, context(say("plan.footer", language, playbook=plan.draft.playbook))])


def _summary(plan: Plan, language: str) -> list[Safe]:
    draft, most = plan.draft, max((week.most for week in plan.load), default=0)
    span = {"starts": day(draft.starts_on, language), "ends": day(draft.ends_on, language)}
    people, messages = _figure(plan.is_private, plan.k, draft.audience, language), _count(plan, plan.sent, language)
    tight = ", ".join(nudge.key for nudge in plan.nudges if nudge.late or nudge.missed)
    lost, later = (sum(getattr(one, name) for one in plan.clashes) for name in ("lost", "put_off"))
    taken = {"lost": _count(plan, lost, language), "later": _count(plan, later, language)}
    return [
        say("plan.people", language, people=people, messages=messages, weeks=plan.weeks, **span),
        say("plan.tight", language, nudges=tight) if tight else say("plan.fits", language),
        say("plan.taken", language, **taken) if lost or later else say("plan.clear", language),
        say("plan.most", language, most=most, first=_count(plan, plan.first_ever, language)),
    ]


def _nudge(plan: Plan, nudge: NudgePlan, language: str) -> Safe:
    kind = text(f"kind.{nudge.kind}", language) if has_text(f"kind.{nudge.kind}") else nudge.kind
    values = {"nudge": nudge.key, "kind": kind, "when": nudge.when, "sent": _count(plan, nudge.sent, language)}
    told = say("plan.nudge", language, **values, people=_count(plan, plan.draft.audience, language))
    if plan.is_private or not nudge.skipped:
        return told
    reasons = ", ".join(f"{number(count, language)} {_reason(reason, language)}" for reason, count in nudge.skipped)
    return lines([told, say("plan.not", language, reasons=reasons)])


def _clashes(plan: Plan, language: str) -> list[Safe]:
    found = [_clash(plan, one, language) for one in plan.clashes]
    for entry in plan.calendar:
        values = {"nudge": entry.nudge, "what": entry.what, "people": _count(plan, entry.people, language)}
        found.append(say("plan.calendar", language, **values, starts=day(entry.starts_on, language)))
    return found


def _clash(plan: Plan, one: Clash, language: str) -> Safe:
    values = {"loser": f"{one.campaign}/{one.nudge}", "taker": f"{one.taken_by}/{one.by_nudge}".rstrip("/")}
    return say(
        "plan.clash",
        language,
        **values,
        lost=_count(plan, one.lost, language),
        later=_count(plan, one.put_off, language),
    )


def _change(change: Change, language: str) -> Block:
    def shown(count: int) -> str:
        return _figure(change.is_private, change.k, count, language)

    key = "plan.edited" if change.is_edited else "plan.unedited"
    values = {"gained": shown(change.people_gained), "left": shown(change.people_lost)}
    touches = {"more": shown(change.gaining), "fewer": shown(change.losing)}
    rows = [say(key, language, campaign=change.campaign), say("plan.change", language, **values, **touches)]
    rows += [
        _nudge_change(one, shown(one.gained), shown(one.lost), language) for one in change.nudges if one.is_changed
    ]
    return section(lines(rows[:ROWS_SHOWN]))


def _nudge_change(one: NudgeChange, gained: str, lost: str, language: str) -> Safe:
    if not one.was:
        return say("plan.added", language, nudge=one.key, when=one.becomes, gained=gained)
    if not one.becomes:
        return say("plan.removed", language, nudge=one.key, when=one.was, lost=lost)
    key = "plan.moved" if one.was != one.becomes else "plan.reworded"
    return say(key, language, nudge=one.key, was=one.was, when=one.becomes, gained=gained, lost=lost)


def _rows(title: str, rows: Sequence[Safe], language: str) -> Block:
    left = len(rows) - ROWS_SHOWN
    more: Iterable[Safe] = [escape(plural("plan.more", left, language))] if left > 0 else []
    return section(lines([say(title, language), *rows[:ROWS_SHOWN], *more]))


def _reason(reason: str, language: str) -> str:
    return text(f"reason.{reason}", language) if has_text(f"reason.{reason}") else reason


def _count(plan: Plan, count: int, language: str) -> str:
    return _figure(plan.is_private, plan.k, count, language)


def _figure(is_private: bool, k: int, count: int, language: str) -> str:
    if not is_private:
        return number(count, language)
    return band(count, k) or text("plan.few", language, k=k)
