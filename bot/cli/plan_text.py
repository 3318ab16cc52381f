"""A plan for the terminal: this module is its lines, the five an author needs first; plain in a pipe."""

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from bot.blocks.times import bar, day, number
from bot.texts import has_text, text
from nudges.domain.forecasts.forecast_views import Clash, Counts, LocalTime, NudgePlan, Plan
from nudges.domain.measuring.disclosure import band

ZONES_SHOWN, TIMES_SHOWN = 4, 3
CLASHES_SHOWN = 12
BAR = 12
HEAD, GOOD, BAD, QUIET = "bold", "green", "yellow", "dim"


def plan_lines(plan: Plan) -> Iterator[Text]:
    """Give the plan line by line."""
    yield from _summary(plan)
    yield from _nudges(plan)
    yield from _who(plan)
    yield from _clashes(plan)
    yield from _load(plan)
    yield from _notes(plan)


def reason_words(reason: str) -> str:
    """Return why somebody does not get a nudge, in a few words."""
    return text(f"reason.{reason}") if has_text(f"reason.{reason}") else reason


def _summary(plan: Plan) -> Iterator[Text]:
    draft = plan.draft
    yield Text.assemble((draft.title, HEAD), f" ({draft.name}), {day(draft.starts_on)} to {day(draft.ends_on)}")
    people, sent = _figure(plan, draft.audience), _figure(plan, plan.sent)
    yield Text(f"  {people} people, {len(plan.nudges)} nudges: {sent} messages in the {plan.weeks} weeks looked at")
    yield Text(f"  {_fit_words(plan)}", GOOD if plan.fits else BAD)
    lost, put_off = sum(one.lost for one in plan.clashes), sum(one.put_off for one in plan.clashes)
    clear = not (lost or put_off or plan.calendar)
    yield Text(f"  {_clash_words(plan, lost, put_off)}", GOOD if clear else BAD)
    most = max((week.most for week in plan.load), default=0)
    first = f"; the first message ever for {_figure(plan, plan.first_ever)}" if plan.first_ever else ""
    yield Text(f"  at most {most} a week for anybody, all campaigns together{first}")


def _fit_words(plan: Plan) -> str:
    pace = f"at {plan.posts_per_second:g} a second" if plan.posts_per_second else "if posting took no time"
    if plan.fits:
        return f"every nudge goes out inside its window, {pace}"
    tight = ", ".join(nudge.key for nudge in plan.nudges if nudge.late or nudge.missed)
    return f"does not fit its window {pace}: {tight}"


def _clash_words(plan: Plan, lost: int, put_off: int) -> str:
    if not (lost or put_off or plan.calendar):
        return "no clash with other campaigns or the comms calendar"
    days = f"; {len(plan.calendar)} with the comms calendar" if plan.calendar else ""
    slots = f"slots wanted twice: {_figure(plan, lost)} lost, {_figure(plan, put_off)} moved to a later day"
    return (slots if lost or put_off else "no clash with other campaigns") + days


def _nudges(plan: Plan) -> Iterator[Text]:
    yield Text("\nNudges", HEAD)
    width = max(len(nudge.key) for nudge in plan.nudges)
    room = max(len(nudge.when) for nudge in plan.nudges)
    for nudge in plan.nudges:
        yield _nudge_head(plan, nudge, width, room)
        yield from (Text(f"      {line}", QUIET) for line in _nudge_details(plan, nudge))


def _nudge_head(plan: Plan, nudge: NudgePlan, width: int, room: int) -> Text:
    whole = plan.draft.audience
    shown = "" if plan.is_private else bar(nudge.sent, whole, BAR) + " "
    count = f"{_figure(plan, nudge.sent)} of {_figure(plan, whole)}"
    style = GOOD if nudge.sent == whole else BAD
    kind = f"{nudge.kind:<5}"
    return Text.assemble(f"  {nudge.key:<{width}}  {kind}  {nudge.when:<{room}}  ", (shown + count, style))


def _nudge_details(plan: Plan, nudge: NudgePlan) -> Iterator[str]:
    if plan.is_private:
        return
    if nudge.times:
        yield f"when: {_times(nudge.times)}"
    if len(plan.draft.segments) > 1 and nudge.by_segment:
        yield f"who: {_counts(nudge.by_segment)}"
    if nudge.skipped:
        yield "not: " + ", ".join(f"{number(count)} {reason_words(reason)}" for reason, count in nudge.skipped)
    if nudge.unsettled:
        yield f"open: {number(nudge.unsettled)} (after these weeks, or once the pilot is widened)"
    if nudge.put_off:
        yield f"later: {number(nudge.put_off)} get it on a later day, because of the caps"
    if nudge.late or nudge.missed:
        yield f"pace: {number(nudge.late)} after the window of {nudge.window}, {number(nudge.missed)} not at all"
    if len(nudge.languages) > 1 or nudge.fallback:
        fallback = f"; {number(nudge.fallback)} for want of their own" if nudge.fallback else ""
        yield f"languages: {_counts(nudge.languages)}{fallback}"


def _times(times: tuple[LocalTime, ...]) -> str:
    """Return "Tue 12 Jan 10:00 in Europe/Lisbon 9, Europe/Berlin 8; Wed ...", the most people first."""
    by_wall: dict[str, list[LocalTime]] = {}
    for one in times:
        by_wall.setdefault(one.local_due, []).append(one)
    shown = [f"{_wall(local_due)} in {_zones(group)}" for local_due, group in list(by_wall.items())[:TIMES_SHOWN]]
    left = sum(one.people for group in list(by_wall.values())[TIMES_SHOWN:] for one in group)
    return "; ".join([*shown, f"other times {number(left)}"] if left else shown)


def _zones(group: list[LocalTime]) -> str:
    shown = [f"{one.zone} {number(one.people)}" for one in group[:ZONES_SHOWN]]
    left = sum(one.people for one in group[ZONES_SHOWN:])
    return ", ".join([*shown, f"other zones {number(left)}"] if left else shown)


def _who(plan: Plan) -> Iterator[Text]:
    yield Text("\nWho", HEAD)
    shares = {one.segment: one for one in plan.effort}
    width = max((len(name) for name, _, _ in plan.draft.segments), default=0)
    for name, rule, count in plan.draft.segments:
        share = shares.get(name)
        effort = f"{share.share:>3} % of the effort" if share else ""
        yield Text(f"  {name:<{width}}  {_figure(plan, count):>6} people  {effort}  {rule}")
    for one in plan.effort:
        yield Text(f"      {one.segment}: {one.why}", QUIET)
    draft = plan.draft
    yield Text(
        f"  left out: {draft.not_sendable} not reachable (left, bots, invited), {_figure(plan, draft.held_out)} spared",
        QUIET,
    )
    if draft.without_zone and not plan.is_private:
        yield Text(f"  zone not told by Slack: {draft.without_zone} (their place's or the company's is used)", QUIET)


def _clashes(plan: Plan) -> Iterator[Text]:
    if plan.clashes or plan.calendar:
        yield Text("\nClashes", HEAD)
    for one in plan.clashes[:CLASHES_SHOWN]:
        yield Text(f"  {_clash(plan, one)}", BAD)
    if len(plan.clashes) > CLASHES_SHOWN:
        yield Text(f"  and {len(plan.clashes) - CLASHES_SHOWN} more; --format json has them all", QUIET)
    for entry in plan.calendar:
        span = f"{day(entry.starts_on)} to {day(entry.ends_on)}"
        yield Text(f"  {entry.nudge}: {_figure(plan, entry.people)} get it during {entry.what} ({span})", BAD)


def _clash(plan: Plan, one: Clash) -> str:
    losing = one.nudge if one.campaign == plan.draft.name else f"{one.campaign}/{one.nudge}"
    taking = one.by_nudge if one.taken_by == plan.draft.name and one.by_nudge else f"{one.taken_by}/{one.by_nudge}"
    parts = [f"{_figure(plan, one.lost)} lose it"] if one.lost else []
    parts += [f"{_figure(plan, one.put_off)} get it later"] if one.put_off else []
    return f"{losing} gives way to {taking.rstrip('/')}: {', '.join(parts)}"


def _load(plan: Plan) -> Iterator[Text]:
    if plan.is_private or not plan.load:
        return
    yield Text("\nHow many nudges a person gets in a week, all campaigns together", HEAD)
    columns = max(week.most for week in plan.load) + 1
    yield Text("  week from       " + "".join(f"{many:>8}" for many in range(columns)), QUIET)
    for week in plan.load:
        cells = "".join(f"{number(count) if count else '·':>8}" for count in week.people)
        reached = sum(week.people[1:])
        yield Text(f"  {day(week.starts_on):<16}{cells:<{8 * columns}}  {bar(reached, sum(week.people), BAR)}")


def _notes(plan: Plan) -> Iterator[Text]:
    notes = [*plan.draft.warnings, *plan.notes]
    if plan.is_private:
        notes.append("The audience hangs on what people did, so figures are bands and nobody is named.")
    if notes:
        yield Text("\nPlease note", HEAD)
    yield from (Text(f"  {note}") for note in notes)


def _figure(plan: Plan, count: int) -> str:
    if not plan.is_private:
        return number(count)
    return band(count, plan.k) or f"fewer than {plan.k}"


def _counts(counts: Counts) -> str:
    return ", ".join(f"{name} {number(count)}" for name, count in counts)


def _wall(local_due: str) -> str:
    return f"{datetime.fromisoformat(local_due):%a %d %b %H:%M}"
