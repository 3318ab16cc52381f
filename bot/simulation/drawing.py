"""A rehearsal on a terminal: this module draws load, reach and the hours of the readers' days with plain blocks."""

from collections.abc import Iterator
from typing import Any

from bot.simulation.barrier_lines import barrier_lines
from bot.simulation.figures import Figures
from bot.simulation.outcome_lines import differences
from bot.simulation.rehearsal import Rehearsal
from bot.simulation.wording import headline, notes, reason_in_words

FULL = "█"
PARTS = " ▏▎▍▌▋▊▉█"
SHADES = " ░▒▓█"
WIDTH = 40
DIFFERENCES = 10  # shown
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def picture(rehearsal: Rehearsal, figures: Figures) -> str:
    """Return the whole report for a terminal."""
    parts = [headline(rehearsal, figures), "", *notes(rehearsal), "", *load(figures), "", *reach(figures), ""]
    parts += [*hours(figures), "", *unsent(figures), "", *plans(figures), *agreement(rehearsal)]
    if rehearsal.ways is not None:
        parts += ["", *barrier_lines(rehearsal.ways, rehearsal.flags)]
    return "\n".join(parts)


def load(figures: Figures) -> Iterator[str]:
    """Give messages by day, a line a week, and how many nudges a person got in a week."""
    most = max((count for _, count in figures.days), default=0)
    yield f"Load: messages a day (a full block is {most})"
    for week in figures.weeks:
        days = figures.days[7 * (week.number - 1) : 7 * week.number]
        blocks = "  ".join(f"{day:%a} {_shade(count, most)}{count:>4}" for day, count in days)
        yield f"  week {week.number:>2} from {week.starts_on:%d %b}  {blocks}"
    yield "Nudges a person and week"
    people = sum(count for _, count in figures.loads)
    for nudges, count in figures.loads:
        yield f"  {nudges}  {bar(count, people)} {count}"


def reach(figures: Figures) -> Iterator[str]:
    """Give by week who was reached so far, and the share of those written to who answered."""
    yield f"Reach: people reached so far, of {figures.audience} meant; and who answered that week"
    for week in figures.weeks:
        said = week.answered if week.people else "nobody was written to"
        so_far = f"{bar(week.reached_so_far, figures.audience)} {week.reached_so_far:>4}"
        yield f"  week {week.number:>2}  {so_far}  answered: {said}"


def hours(figures: Figures) -> Iterator[str]:
    """Give the hours of the readers' own days at which messages arrived."""
    yield f"Quiet hours: when messages arrived on the reader's own clock; outside working hours: {figures.outside}"
    most = max(figures.hours.values(), default=0)
    yield "       " + "".join(f"{hour:<3}" for hour in range(24))
    for number, day in enumerate(DAYS):
        cells = "".join(f"{_shade(figures.hours[number, hour], most) * 2} " for hour in range(24))
        yield f"  {day}  {cells}".rstrip()


def unsent(figures: Figures) -> Iterator[str]:
    """Give what was not sent, and why."""
    if not figures.reasons:
        yield "Not sent: nothing was left out."
        return
    yield "Not sent, and why"
    for reason, count in figures.reasons:
        yield f"  {count:>5}  {reason_in_words(reason)}"


def plans(figures: Figures) -> Iterator[str]:
    """Give what the plan had foreseen beside what happened."""
    yield "Plan and rehearsal"
    width = max(len(one.playbook) for one in figures.campaigns)
    yield f"  {'':<{width}}  people  foreseen  sent  not sent  later  useful"
    for one in figures.campaigns:
        counts = f"{one.audience:>6}  {one.foreseen_sent:>8}  {one.sent:>4}  {one.not_sent:>8}  {one.later:>5}"
        yield f"  {one.playbook:<{width}}  {counts}  {one.useful}"


def agreement(rehearsal: Rehearsal) -> Iterator[str]:
    """Give whether every single outcome is the planned one, and the first that are not."""
    different = differences(rehearsal)
    count = len(rehearsal.outcomes)
    yield f"  {count - sum(one['happened'] is not None for one in different)} of {count} outcomes came as planned."
    for one in different[:DIFFERENCES]:
        line = one["planned"] or one["happened"]
        said, came = (_outcome(one[side]) for side in ("planned", "happened"))
        yield f"  {line['person']} {line['campaign']}/{line['nudge']}: planned {said}, happened {came}"
    if len(different) > DIFFERENCES:
        yield f"  and {len(different) - DIFFERENCES} more; --format json has them all"


def _outcome(line: dict[str, Any] | None) -> str:
    if line is None:
        return "nothing"
    return " ".join(str(line[key]) for key in ("outcome", "reason", "sent_local") if line[key])


def bar(count: int, most: int, width: int = WIDTH) -> str:
    """Return a bar in eighths of a block."""
    eighths = round(8 * width * count / most) if most else 0
    whole, rest = divmod(max(eighths, 1 if count else 0), 8)
    return (FULL * whole + (PARTS[rest] if rest else "")).ljust(width)


def _shade(count: int, most: int) -> str:
    if not count:
        return "·"
    return SHADES[max(1, round((len(SHADES) - 1) * count / most))]
