"""How it is going: this module is the answers to `status`, `campaigns`, `campaign` and `health`."""

from collections.abc import Sequence
from datetime import timedelta

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer, answer
from bot.blocks.answers_books import books_lines, progress_line, shares_lines
from bot.blocks.parts import Safe, bold, code, context, divider, escape, fields, header, lines, mention, say, section
from bot.blocks.times import day, number, when
from bot.texts import DEFAULT_LANGUAGE, has_text, plural, text
from nudges.domain.delivery.doubts import Doubts
from nudges.domain.measuring.views import CampaignView, HealthView, StatusView

CAMPAIGNS_IN_STATUS = 8
CAMPAIGNS_IN_LIST = 40
NUDGES_SHOWN = 40
NOTES_SHOWN = 10
LATE_TICK = timedelta(minutes=5)
OLD_DUE = timedelta(minutes=15)


def status_answer(status: StatusView, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return everything at a glance."""
    blocks: list[Block] = [header(text("status.header", language))]
    if status.is_held:
        blocks.append(section(say("status.held", language, reason=_hold(status.hold_reason, language))))
    blocks += [*fields(_status_facts(status, language)), *_crowding(status, language)]
    blocks += [*_doubts(status.doubts, language), divider()]
    blocks += [section(_campaign_in_status(campaign, language)) for campaign in status.campaigns[:CAMPAIGNS_IN_STATUS]]
    left = len(status.campaigns) - CAMPAIGNS_IN_STATUS
    if not status.campaigns:
        blocks.append(section(say("status.no_campaigns", language)))
    if left > 0:
        blocks.append(context(plural("status.more", left, language)))
    blocks += _faults(status.faults, language)
    return answer([*blocks, context(say("status.as_of", language, when=when(status.now, status.zone, language)))])


def campaigns_answer(
    campaigns: tuple[CampaignView, ...],
    zone: str,
    language: str = DEFAULT_LANGUAGE,
    *,
    wanted: Sequence[tuple[str, str]] = (),
) -> Answer:
    """Return every campaign with its state, its dates and how far it is, and what people voted for, as ranges."""
    blocks: list[Block] = [header(text("campaigns.header", language))]
    blocks += [section(_campaign_in_list(campaign, zone, language)) for campaign in campaigns[:CAMPAIGNS_IN_LIST]]
    if not campaigns:
        blocks.append(section(say("status.no_campaigns", language)))
    left = len(campaigns) - CAMPAIGNS_IN_LIST
    if left > 0:
        blocks.append(context(plural("campaign.more", left, language)))
    if wanted:
        told = [say("vote.wanted_one", language, title=title, band=band) for title, band in wanted]
        blocks.append(section(lines([say("vote.wanted", language), *told])))
    return answer([*blocks, context(say("campaigns.footer", language))])


def campaign_answer(campaign: CampaignView, zone: str, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return one campaign: its facts, its books, what came back, and each nudge."""
    blocks: list[Block] = [header(campaign.title), *fields(_campaign_facts(campaign, zone, language)), divider()]
    books = [
        say("campaign.books", language),
        progress_line(campaign.books, language),
        books_lines(campaign.books, language),
        *_returns(campaign, language),
    ]
    blocks.append(section(lines(books)))
    blocks.append(section(lines([say("campaign.answers", language), shares_lines(campaign.shares, language)])))
    blocks.append(section(lines([say("campaign.nudges", language), *_nudge_rows(campaign, language)])))
    if campaign.stopped_nudges:
        stopped = ", ".join(f"{key} ({_stopped_by(code, language)})" for key, code in campaign.stopped_nudges)
        blocks.append(section(say("campaign.stopped", language, nudges=stopped)))
    if campaign.has_edit:
        blocks.append(context(say("campaign.edit", language, name=campaign.name)))
    return answer(blocks)


def health_answer(health: HealthView, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return whether it runs well, and what to look at if not."""
    blocks: list[Block] = [header(text("health.header", language)), section(_verdict(health, language))]
    blocks += [*fields(_health_facts(health, language)), *_faults(health.faults, language)]
    blocks += [*_doubts(health.doubts, language), *(section(escape(note)) for note in health.notes[:NOTES_SHOWN])]
    return answer([*blocks, context(say("health.as_of", language, when=when(health.now, health.zone, language)))])


def _status_facts(status: StatusView, language: str) -> list[tuple[str, str]]:
    people = text("status.people_value", language, sendable=status.sendable, people=status.people)
    wishes = text("status.wishes_hidden", language)
    if status.paused is not None and status.stopped is not None:
        wishes = text("status.wishes_value", language, paused=status.paused, stopped=status.stopped)
    coming = when(status.next_at, status.zone, language) if status.next_at else text("status.nothing", language)
    values = {
        "people": people,
        "wishes": wishes,
        "today": number(status.sent_today, language),
        "next": coming,
        "unknown": _count(status.unknown, language),
        "flags": _count(status.open_flags, language),
    }
    return [(text(f"status.{name}", language), value) for name, value in values.items()]


def _campaign_in_status(campaign: CampaignView, language: str) -> Safe:
    state = _state(campaign.status, language)
    title = say("status.campaign", language, title=campaign.title, name=campaign.name, status=state)
    books = (progress_line(campaign.books, language), books_lines(campaign.books, language))
    return lines([title, *books, *_returns(campaign, language)])


def _returns(campaign: CampaignView, language: str) -> list[Safe]:
    return [say("books.returns", language, people=campaign.returned_to)] if campaign.returned_to else []


def _campaign_in_list(campaign: CampaignView, zone: str, language: str) -> Safe:
    state, starts = _state(campaign.status, language), day(campaign.starts_on, language)
    dates = say("campaigns.dates", language, status=state, starts=starts)
    if campaign.ends_on is not None:
        ends = day(campaign.ends_on, language)
        dates = say("campaigns.dates_until", language, status=state, starts=starts, ends=ends)
    coming = say("campaigns.next", language, when=when(campaign.next_at, zone, language)) if campaign.next_at else ""
    title = say("campaigns.line", language, title=campaign.title, name=campaign.name)
    return lines([title, lines([dates, coming], "  ·  "), progress_line(campaign.books, language)])


def _campaign_facts(campaign: CampaignView, zone: str, language: str) -> list[tuple[str, str]]:
    ends = day(campaign.ends_on, language) if campaign.ends_on else text("campaign.open_end", language)
    coming = when(campaign.next_at, zone, language) if campaign.next_at else text("status.nothing", language)
    values = {
        "status": lines([_state(campaign.status, language), code(campaign.name)], "  ·  "),
        "owner": mention(campaign.owner_id) or text("status.none", language),
        "starts": day(campaign.starts_on, language),
        "ends": ends,
        "next": coming,
        "published": when(campaign.published_at, zone, language),
    }
    return [(text(f"campaign.{name}", language), value) for name, value in values.items()]


def _nudge_rows(campaign: CampaignView, language: str) -> list[Safe]:
    rows = [
        say("campaign.nudge", language, nudge=key, kind=text(f"kind.{kind}", language), sent=sent, waiting=waiting)
        for key, kind, sent, waiting in campaign.nudge_rows[:NUDGES_SHOWN]
    ]
    left = len(campaign.nudge_rows) - NUDGES_SHOWN
    return [*rows, escape(plural("campaign.more", left, language))] if left > 0 else rows


def _verdict(health: HealthView, language: str) -> Safe:
    if health.is_held:
        return say("health.held", language, reason=_hold(health.hold_reason, language))
    last_tick, oldest = health.last_tick_at, health.oldest_due_at
    found = {
        "no_web": "web" in health.missing,
        "no_worker": "worker" in health.missing,
        "no_clock": "clock" in health.missing,
        "late_tick": last_tick is None or health.now - last_tick > LATE_TICK,
        "old_due": oldest is not None and health.now - oldest > OLD_DUE,
        "has_unknown": health.unknown > 0,
        "has_failed": health.failed_today > 0,
        "has_faults": bool(health.faults),
    }
    told = [text(f"health.{name}", language) for name, is_so in found.items() if is_so]
    return say("health.attention", language, what="; ".join(told)) if told else say("health.well", language)


def _health_facts(health: HealthView, language: str) -> list[tuple[str, str]]:
    never, none = text("health.never", language), text("health.none", language)
    values = {
        "tick": when(health.last_tick_at, health.zone, language) if health.last_tick_at else never,
        "sync": when(health.last_sync_at, health.zone, language) if health.last_sync_at else never,
        "due": _count(health.waiting_due, language),
        "oldest": when(health.oldest_due_at, health.zone, language) if health.oldest_due_at else none,
        "unknown": _count(health.unknown, language),
        "failed": _count(health.failed_today, language),
        "people": number(health.people, language),
        "database": health.database,
        "version": health.version,
    }
    return [(text(f"health.{name}", language), value) for name, value in values.items()]


def _faults(faults: tuple[str, ...], language: str) -> list[Block]:
    if not faults:
        return []
    return [section(lines([say("status.faults", language), *(Safe(f"• {escape(fault)}") for fault in faults)]))]


def _crowding(status: StatusView, language: str) -> list[Block]:
    """Say how many will not make it into their windows at the workspace's pace; nothing where all do."""
    crowding = status.crowding
    if crowding is None:
        return []
    pace = number(round(crowding.posts_per_second, 1), language)
    ends = when(crowding.ends_at, status.zone, language)
    return [section(say("status.crowded", language, late=number(crowding.late, language), pace=pace, ends=ends))]


def _doubts(doubts: Doubts, language: str) -> list[Block]:
    """Say what was in doubt lately and how that ended; nothing where nothing was."""
    if not doubts.total:
        return []
    told = [plural(f"doubts.{name}", count, language) for name, count in doubts.parts if count]
    return [context(escape(plural("doubts.all", doubts.total, language, what="; ".join(told))))]


def _count(value: int, language: str) -> str:
    return bold(number(value, language)) if value else text("status.none", language)


def _stopped_by(code: str, language: str) -> str:
    key = f"reason.{code}"
    return text(key, language) if has_text(key) else f"Slack: {code}"


def _state(status: str, language: str) -> str:
    key = f"campaign_status.{status}"
    return text(key, language) if has_text(key) else status


def _hold(reason: str, language: str) -> Safe:
    code = reason.removeprefix("slack:")
    key = f"hold.{code}"
    return say(key, language) if has_text(key) else say("hold.other", language, code=code)
