"""Two campaigns for the same people: this module finds playbooks of a folder that would use up each other's caps.

With dates it counts days and weeks; without, it speaks only when each playbook alone fills a week, since nobody knows
whether they will run at the same time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from nudges.domain.checks.findings import Code, Finding
from nudges.domain.checks.playbook_checks import lies_inside
from nudges.domain.files.nodes import at, items
from nudges.domain.files.source import At, Place, Report, open_source
from nudges.domain.files.yaml_nodes import Node, ScalarNode
from nudges.domain.files.yaml_recovery import parse_all
from nudges.domain.people.segments import InSegment
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook
from nudges.domain.playbooks.timetable import earliest_dates, earliest_days

RIVALS_MAX = 100  # playbooks compared with each other; a folder with more is no company's plan


class Contender(NamedTuple):
    """A playbook of the folder, its file and its text."""

    playbook: Playbook
    file: str
    text: str | bytes


class _Load(NamedTuple):
    dates: Counter[date]  # when the playbook says when it starts
    weeks: Counter[int]  # else, counted from its first


def rivals(contenders: Sequence[Contender], company: Company) -> list[Finding]:
    """Return a finding, at its segment, for each playbook that would pass the caps together with one before it."""
    shown = sorted(contenders, key=lambda one: one.file)[:RIVALS_MAX]
    loads = {one.file: _load(one.playbook) for one in shown}
    found: list[Finding] = []
    for number, second in enumerate(shown):
        for first in shown[:number]:
            shared = _shared(first.playbook, second.playbook, company)
            clash = _clash(loads[first.file], loads[second.file], company) if shared else ""
            if clash:
                found += _finding(first, second, shared, clash)
                break  # moving this one out of the way is what there is to do, whoever else is in it
    return found


def _finding(first: Contender, second: Contender, shared: str, clash: str) -> tuple[Finding, ...]:
    source, _ = open_source(second.text, second.file)
    report = Report(source)
    root = parse_all(source, Report(source)).root
    sentence = f"`{shared}` gets this playbook and `{first.playbook.playbook[:60]}` at once: {clash}."
    fix = f"Start one of them later, or spread the nudges out; the other is in {first.file}."
    report.add(Code.RIVALS, _place(root, shared), sentence, fix)
    return report.findings()


def _load(playbook: Playbook) -> _Load:
    if playbook.starts_on is not None:
        return _Load(Counter(earliest_dates(playbook, playbook.starts_on).values()), Counter())
    return _Load(Counter(), Counter(day // 7 for day in earliest_days(playbook).values()))


def _shared(first: Playbook, second: Playbook, company: Company) -> str:
    theirs = set(first.audience.segments)
    for name in second.audience.segments:
        if lies_inside(InSegment(name), theirs, company.segments):
            return name
        if any(lies_inside(InSegment(other), {name}, company.segments) for other in theirs):
            return name
    return ""


def _clash(first: _Load, second: _Load, company: Company) -> str:
    if first.dates and second.dates:
        return next(_dated(first.dates, second.dates, company), "")
    if first.dates or second.dates:
        return ""
    full = company.caps.week
    if max(first.weeks.values()) < full or max(second.weeks.values()) < full:
        return ""
    return f"each alone fills the {full} a week that company.yaml allows, so together they cannot both be sent"


def _dated(first: Counter[date], second: Counter[date], company: Company) -> Iterator[str]:
    caps = company.caps
    for day in sorted(first.keys() | second.keys()):
        ours, theirs = _in_week(first, day), _in_week(second, day)
        if ours and theirs and ours + theirs > caps.week >= max(ours, theirs):
            yield f"{ours + theirs} nudges in the seven days from {day}, and nobody gets more than {caps.week} a week"
    for day in sorted(first.keys() & second.keys()):
        both = first[day] + second[day]
        if both > caps.day >= max(first[day], second[day]):
            yield f"{both} nudges on {day}, and nobody gets more than {caps.day} a day"


def _in_week(dates: Counter[date], day: date) -> int:
    return sum(dates[day + timedelta(days=step)] for step in range(7))


def _place(root: Node | None, name: str) -> Place:
    for node in items(at(root, "audience", "segments")):
        if isinstance(node, ScalarNode) and node.text.strip() == name:
            return node
    return At(1, 1)
