"""The weeks to come in Slack: this module is the answer of `/nudge plan`, short first, and of what an edit changes."""

from collections.abc import Iterable, Sequence

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer, answer
from bot.blocks.parts import Safe, context, divider, escape, header, lines, say, section
from bot.blocks.times import day, number
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.forecasts.forecast_update import Change, NudgeChange
from nudges.domain.forecasts.forecast_views import Clash, NudgePlan, Plan
from nudges.domain.measuring.disclosure import band

ROWS_SHOWN = 12
TAKEN = ("plan.taken", "plan.taken_lost", "plan.taken_later")
CLASH = ("plan.clash", "plan.clash_lost", "plan.clash_later")


def plan_answer(plan: Plan, changes: Sequence[Change] = (), language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return who would get what and when; a campaign that runs on the playbook already comes first, with its edits."""
    blocks: list[Block] = [header(text("plan.header", language, title=plan.draft.title))]
    for change in changes:
        blocks += [_change(change, plan.draft.playbook, language), divider()]
    if changes:
        blocks.append(section(say("plan.second", language)))
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
    first = "plan.most" if plan.first_ever or plan.is_private else "plan.most_plain"
    return [
        say("plan.people", language, people=people, messages=messages, weeks=plan.weeks, **span),
        say("plan.tight", language, nudges=tight) if tight else say("plan.fits", language),
        say(_of_three(TAKEN, plan, lost, later), language, **taken) if lost or later else say("plan.clear", language),
        say(first, language, most=most, first=_count(plan, plan.first_ever, language)),
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
        _of_three(CLASH, plan, one.lost, one.put_off),
        language,
        **values,
        lost=_count(plan, one.lost, language),
        later=_count(plan, one.put_off, language),
    )


def _of_three(keys: tuple[str, str, str], plan: Plan, lost: int, later: int) -> str:
    """Return the key that names both, what is lost, or what comes later; figures as bands always name both."""
    both, only_lost, only_later = keys
    if plan.is_private or (lost and later):
        return both
    return only_later if later else only_lost


def _change(change: Change, playbook: str, language: str) -> Block:
    def shown(count: int) -> str:
        return _figure(change.is_private, change.k, count, language)

    key = "plan.edited" if change.is_edited else "plan.unedited"
    values = {"gained": shown(change.people_gained), "left": shown(change.people_lost)}
    touches = {"more": shown(change.gaining), "fewer": shown(change.losing)}
    is_none = not (change.people_gained or change.people_lost or change.gaining or change.losing)
    said = "plan.change_none" if is_none and not change.is_private else "plan.change"
    rows = [say(key, language, campaign=change.campaign), say(said, language, **values, **touches)]
    rows += [
        _nudge_change(one, shown(one.gained), shown(one.lost), language, is_private=change.is_private)
        for one in change.nudges
        if one.is_changed
    ]
    if change.is_edited:
        rows = [*rows[: ROWS_SHOWN - 1], say("plan.in_force", language, playbook=playbook)]
    return section(lines(rows[:ROWS_SHOWN]))


def _nudge_change(one: NudgeChange, gained: str, lost: str, language: str, *, is_private: bool) -> Safe:
    if not one.was:
        return say("plan.added", language, nudge=one.key, when=one.becomes, gained=gained)
    if not one.becomes:
        return say("plan.removed", language, nudge=one.key, when=one.was, lost=lost)
    if one.was == one.becomes and not (one.gained or one.lost or is_private):
        return say("plan.reworded_only", language, nudge=one.key)
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
