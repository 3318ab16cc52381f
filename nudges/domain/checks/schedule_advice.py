"""A playbook's days against the company's: this module advises on hours, caps and the comms calendar."""

from collections import Counter

from nudges.domain.checks.findings import Code
from nudges.domain.files.nodes import at, items
from nudges.domain.files.source import Report
from nudges.domain.files.yaml_nodes import MapNode
from nudges.domain.playbooks.audience_places import countries_of
from nudges.domain.playbooks.company import STANDARD_WEEK, CalendarEntry, Company
from nudges.domain.playbooks.playbook import FixedDay, Playbook, When
from nudges.domain.playbooks.timetable import earliest_dates, minutes_of
from nudges.domain.times.hours import Weekday, WorkingWeek


def advise_on_schedule(root: MapNode, playbook: Playbook, company: Company, report: Report) -> None:
    """Note nudges that come when nobody works, when the caps are used up, or when comms says something else."""
    _advise_on_hours(root, playbook, company, report)
    _advise_on_caps(root, playbook, company, report)
    if company.comms_calendar and playbook.starts_on is not None:
        _advise_on_calendar(root, playbook, company, report)


def _advise_on_hours(root: MapNode, playbook: Playbook, company: Company, report: Report) -> None:
    weeks = [*company.working_hours.values()] or [STANDARD_WEEK]
    if "default" not in company.working_hours:
        weeks.append(STANDARD_WEEK)
    for number, nudge in enumerate(playbook.nudges):
        days = [nudge.when.day] if isinstance(nudge.when, FixedDay) else list(Weekday)
        if nudge.when.at is None or any(_is_open(week, day, nudge.when) for week in weeks for day in days):
            continue
        place = at(items(root.get("nudges"))[number], "when") or root
        sentence = "At this time nobody works by company.yaml's hours, so hardly anybody would get it."
        report.add(Code.NOBODY_WORKS, place, sentence, "Choose a day and a time inside working_hours.")


def _is_open(week: WorkingWeek, day: Weekday, when: When) -> bool:
    if when.at is None:
        return True
    opens = minutes_of(when.at)
    closes = opens + when.window.total_seconds() / 60
    return any(minutes_of(span.start) < closes and opens < minutes_of(span.end) for span in week.spans_on(day))


def _advise_on_caps(root: MapNode, playbook: Playbook, company: Company, report: Report) -> None:
    on_day: Counter[tuple[int, int]] = Counter()
    in_week: Counter[int] = Counter()
    for number, nudge in enumerate(playbook.nudges):
        if not isinstance(nudge.when, FixedDay):
            continue
        on_day[nudge.when.week, nudge.when.day] += 1
        in_week[nudge.when.week] += 1
        if on_day[nudge.when.week, nudge.when.day] > company.caps.day:
            most, span = company.caps.day, "day"
        elif in_week[nudge.when.week] > company.caps.week:
            most, span = company.caps.week, "week"
        else:
            continue
        place = at(items(root.get("nudges"))[number], "when") or root
        sentence = (
            f"This {span} already has {most} of this playbook's nudges, and nobody gets more than {most} a {span}."
        )
        report.add(Code.OVER_THE_CAP, place, sentence, f"Move it to another {span}.")


def _advise_on_calendar(root: MapNode, playbook: Playbook, company: Company, report: Report) -> None:
    if playbook.starts_on is None:
        return
    dates = earliest_dates(playbook, playbook.starts_on)
    reached = countries_of(playbook, company).named
    entries = [entry for entry in company.comms_calendar if _concerns(entry, reached)]
    nodes = items(root.get("nudges"))
    for number, nudge in enumerate(playbook.nudges):
        day = dates[nudge.key]
        entry = next((entry for entry in entries if entry.starts_on <= day <= entry.ends_on), None)
        if entry is not None:
            place = at(nodes[number], "when") or nodes[number]
            sentence = (
                f"This nudge is due on {day}, when company.yaml's comms_calendar has “{entry.what[:80]}”"
                f" ({entry.starts_on} to {entry.ends_on})."
            )
            report.add(Code.CALENDAR_CLASH, place, sentence, "Move it, or change starts_on.")


def _concerns(entry: CalendarEntry, reached: frozenset[str]) -> bool:
    return entry.countries == "all" or not reached or bool(reached & set(entry.countries))
