"""One person's weeks, and what an edit changes: this module is the lines of `plan --person` and `--against live`."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from bot.blocks.times import number
from bot.cli.plan_text import BAD, GOOD, HEAD, QUIET, reason_words
from nudges.domain.forecasts.forecast import Event, Happening
from nudges.domain.forecasts.forecast_update import Change, NudgeChange
from nudges.domain.forecasts.forecast_views import PersonPlan
from nudges.domain.measuring.disclosure import band


def person_lines(found: PersonPlan) -> Iterator[Text]:
    """Give one person's weeks line by line, with the zone beside each time."""
    place = found.segment or "not in the audience"
    extra = ", in the comparison group" if found.is_held_out else ""
    extra += ", in the pilot" if found.is_pilot else ""
    yield Text(f"{found.person_id}: {place}{extra}; all times in {found.zone}", HEAD)
    names = {campaign_id: name for name, campaign_id in found.campaigns}
    width = max((len(_subject(line, names)) for line in found.lines), default=0)
    for line in found.lines:
        style = {Event.SENT: GOOD, Event.SKIPPED: BAD, Event.EXPIRED: BAD}.get(line.event, QUIET)
        subject = _subject(line, names).ljust(width)
        yield Text(f"  {_local(line.at, found.zone)}  {subject}  {_happened(line, found.zone, names)}", style)
    if not found.lines:
        yield Text("  Nothing is foreseen for this person in these weeks.")


def change_lines(changes: Sequence[Change]) -> Iterator[Text]:
    """Give what an edit changes in each running campaign."""
    for change in changes:
        edited = "has waiting edits" if change.is_edited else "runs on the file as it is"
        yield Text(f"{change.campaign} (version {change.version}) {edited}", HEAD)
        yield Text(f"  {change_words(change)}")
        width = max((len(one.key) for one in change.nudges), default=0)
        for one in change.nudges:
            style = QUIET if not one.is_changed else BAD if one.lost or not one.becomes else GOOD
            yield Text(f"  {one.key:<{width}}  {nudge_words(change, one)}", style)
        if change.is_edited:
            yield Text(f"  `nudger publish --update {change.campaign}` puts it in force.", QUIET)


def change_words(change: Change) -> str:
    """Return "+37 people, 2 leave; 12 get a nudge more, 4 lose one"."""
    parts = [f"+{_figure(change, change.people_gained)} people, {_figure(change, change.people_lost)} leave"]
    gaining, losing = _figure(change, change.gaining), _figure(change, change.losing)
    parts.append(f"{gaining} get a nudge more, {losing} lose one")
    if change.others_losing:
        parts.append(f"{_figure(change, change.others_losing)} lose one of another campaign")
    return "; ".join(parts)


def nudge_words(change: Change, one: NudgeChange) -> str:
    """Return what an edit does to one nudge."""
    parts = [_fate_words(one)]
    counts = ((one.gained, "more people"), (one.lost, "fewer"), (one.moved, "on another day"))
    parts += [f"{_figure(change, count)} {what}" for count, what in counts if count]
    parts += [f"{_figure(change, one.already_sent)} have it already"] if one.already_sent else []
    return ", ".join(parts)


def _fate_words(one: NudgeChange) -> str:
    if not one.was:
        return f"new: {one.becomes}"
    if not one.becomes:
        return f"taken out (was {one.was})"
    if one.was != one.becomes:
        return f"moves from {one.was} to {one.becomes}"
    return "reworded" if one.is_reworded else "as it is"


def _figure(change: Change, count: int) -> str:
    if not change.is_private:
        return number(count)
    return band(count, change.k) or f"fewer than {change.k}"


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}"


def _subject(line: Happening, names: dict[int, str]) -> str:
    return f"{names.get(line.campaign_id, '?')}/{line.nudge_key}"


def _happened(line: Happening, zone: str, names: dict[int, str]) -> str:
    until = _local(line.until, zone) if line.until else ""
    because = ", ".join(f"{names.get(campaign_id, 'earlier')}/{key}" for campaign_id, key in line.because_of)
    tail = f" (slots taken by {because})" if because else ""
    match line.event:
        case Event.PLANNED:
            return f"planned for {until}"
        case Event.PUT_OFF:
            return f"put off to {until}: {reason_words(line.reason) if line.reason else 'outside working hours'}{tail}"
        case Event.SKIPPED | Event.EXPIRED:
            return f"not sent: {reason_words(line.reason)}{tail}"
        case Event.REACTED:
            return f"reacts: {line.reason}"
        case Event.REOPENED:
            return "asked for again, so it is decided anew"
        case _:
            return "sent"
