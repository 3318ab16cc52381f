"""A rehearsal as a page: this module writes one HTML file that needs nothing else and asks nobody for anything."""

from dataclasses import dataclass
from pathlib import Path

from bot.simulation import charts
from bot.simulation.figures import Figures
from bot.simulation.rehearsal import Rehearsal
from bot.simulation.wording import headline, notes, reason_in_words

TEMPLATES = Path(__file__).parent / "templates"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Row = tuple[object, ...]


@dataclass(frozen=True)
class Picture:
    """One chart with what it says in a sentence, and the same figures as a table."""

    title: str
    says: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def page(rehearsal: Rehearsal, figures: Figures) -> str:
    """Return the whole page."""
    from jinja2 import Environment, FileSystemLoader

    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("rehearsal.html").render(
        names=", ".join(sorted(rehearsal.playbooks)),
        headline=headline(rehearsal, figures),
        notes=list(notes(rehearsal)),
        pictures=pictures(figures),
        reasons=[(reason_in_words(reason), count) for reason, count in figures.reasons],
    )


def pictures(figures: Figures) -> list[Picture]:
    """Return every chart of the page, in reading order."""
    return [_load(figures), _weight(figures), _reach(figures), _hours(figures), _plan(figures)]


def _load(figures: Figures) -> Picture:
    busiest = max(figures.days, key=lambda day: day[1])
    says = f"The busiest day is {busiest[0]:%A %d %B} with {busiest[1]} messages."
    rows = tuple((f"{day:%a %d %b %Y}", count) for day, count in figures.days if count)
    return Picture("Messages a day", says, charts.load_chart(figures), ("Day", "Messages"), rows)


def _weight(figures: Figures) -> Picture:
    says = f"Nobody got more than {figures.most_in_a_week} nudges in a week or {figures.most_in_a_day} in a day."
    columns = ("Nudges in a week", "Weeks of people")
    return Picture("What one person gets", says, charts.weight_chart(figures), columns, tuple(figures.loads))


def _reach(figures: Figures) -> Picture:
    says = f"{figures.reached} of {figures.audience} people meant were reached (the dashed line is everybody meant)."
    columns = ("Week", "From", "Messages", "People written to", "Of them answered", "Reached so far")
    rows = tuple(
        (week.number, f"{week.starts_on:%d %b}", week.messages, week.people, week.answered, week.reached_so_far)
        for week in figures.weeks
    )
    return Picture("Reach by week", says, charts.reach_chart(figures), columns, rows)


def _hours(figures: Figures) -> Picture:
    calm = "None arrived outside the reader's working hours."
    says = calm if not figures.outside else f"{figures.outside} messages arrived outside working hours."
    rows = tuple(
        (DAYS[day], f"{hour:02}:00-{hour:02}:59", count) for (day, hour), count in sorted(figures.hours.items())
    )
    return Picture("When messages arrive", says, charts.hours_chart(figures), ("Day", "Hour there", "Messages"), rows)


def _plan(figures: Figures) -> Picture:
    says = "Foreseen is what the plan says once it is told what people do and when pilots are widened."
    columns = ("Playbook", "People", "In the pilot", "Foreseen", "Sent", "Not sent", "Still to come", "Useful")
    rows = tuple(
        (
            one.playbook,
            one.audience,
            one.pilot or "all",
            one.foreseen_sent,
            one.sent,
            one.not_sent,
            one.later,
            one.useful,
        )
        for one in figures.campaigns
    )
    return Picture("The plan and what happened", says, charts.plan_chart(figures), columns, rows)
