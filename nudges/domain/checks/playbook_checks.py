"""What no single key can tell: this module checks how the parts of a playbook fit together, each at its place.

It works on nodes, so that a fault in one nudge hides none in another.
"""

from collections.abc import Iterator, Set
from datetime import timedelta
from itertools import chain
from typing import NamedTuple

from nudges.domain.checks.commit_checks import check_commit
from nudges.domain.checks.findings import Code
from nudges.domain.checks.follow_up_checks import check_follow_up
from nudges.domain.checks.kind_checks import check_kind
from nudges.domain.checks.quiz_checks import check_quiz
from nudges.domain.files.nodes import at, items
from nudges.domain.files.nudge_shapes import kind_of
from nudges.domain.files.periods_read import period_of
from nudges.domain.files.scalar_values import Unreadable, read_day, read_duration, read_whole
from nudges.domain.files.source import Place, Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import ENTRIES_MAX, MapNode, Node, ScalarNode
from nudges.domain.people.segments import AllOf, AnyOf, InSegment, Rule, Segments
from nudges.domain.playbooks.company import Company

# `/nudge pause all` and `/nudge pause 14` have meanings of their own.
WEEKS_MAX = 104
DAYS_MAX = 40_000  # a date that far away can still be written down
RESERVED_NAMES = ("all", "me", "help")


class NudgeNode(NamedTuple):
    """A nudge's block with its kind and its name."""

    node: MapNode
    kind: str
    name: ScalarNode


def check_playbook(
    root: MapNode, company: Company | None, report: Report, *, lost: frozenset[str] = frozenset()
) -> None:
    """Note every fault between the parts of a playbook; without a company its names are not checked.

    Nudges that were lost with a piece of the file that is not YAML still exist; `*` stands for one without a name.
    """
    nudges = list(_nudges(root))
    _check_name(root, report)
    _check_names(nudges, report)
    _check_order(nudges, lost, report)
    _check_end(root, nudges, report)
    kinds = {nudge.name.text: (nudge.kind, nudge.node) for nudge in reversed(nudges)}
    for nudge in nudges:
        check_follow_up(nudge.node, kinds, report)
        _check_freshness(nudge, report)
        _check_try_it(nudge, company, report)
        if nudge.kind == "quiz":
            check_quiz(nudge.node, report)
        check_kind(nudge.kind, nudge.node, root, report)
        check_commit(nudge.kind, nudge.node, report)
    if company is not None:
        _check_segments(root, company, report)
        _check_pilot(root, company, report)


def _nudges(root: MapNode) -> Iterator[NudgeNode]:
    for item in items(root.get("nudges")):
        if not isinstance(item, MapNode):
            continue
        kind = kind_of(item)
        if isinstance(kind.name, ScalarNode):
            yield NudgeNode(item, kind.word, kind.name)


def _check_name(root: MapNode, report: Report) -> None:
    name = root.get("playbook")
    if isinstance(name, ScalarNode) and (name.text in RESERVED_NAMES or name.text.isdigit()):
        sentence = f"`{name.text[:60]}` cannot name a playbook: it means something else in `/nudge` commands."
        report.add(Code.BAD_NAME, name, sentence, "Choose a name that says what the playbook is about.")


def _check_names(nudges: list[NudgeNode], report: Report) -> None:
    first: dict[str, ScalarNode] = {}
    for nudge in nudges:
        earlier = first.setdefault(nudge.name.text, nudge.name)
        if earlier is not nudge.name:
            sentence = f"Two nudges are called `{nudge.name.text[:60]}`; the first is on line {earlier.line}."
            report.add(Code.DUPLICATE_NUDGE, nudge.name, sentence, "Give each nudge a name of its own.")


def _check_order(nudges: list[NudgeNode], lost: frozenset[str], report: Report) -> None:
    names = dict.fromkeys([*(nudge.name.text for nudge in nudges), *sorted(lost)])
    first = {nudge.name.text: nudge for nudge in reversed(nudges)}
    follows: dict[str, str] = {}
    for nudge in nudges:
        after = at(nudge.node, "when", "after")
        if not isinstance(after, ScalarNode) or after.is_empty:
            continue
        if after.text not in names and "*" not in names and not report.is_full:
            others = [name for name in names if name != nudge.name.text and name != "*"]
            sentence = f"No nudge of this playbook is called `{after.text[:60]}`."
            report.add(Code.UNKNOWN_NUDGE, after, sentence, did_you_mean(after.text, others))
        elif first[nudge.name.text] is nudge:
            follows[nudge.name.text] = after.text
    circle = circles(follows)
    for nudge in nudges:
        after = at(nudge.node, "when", "after")
        if nudge.name.text in circle and isinstance(after, ScalarNode):
            sentence = f"`{nudge.name.text[:60]}` waits for itself by way of `{after.text[:60]}`, so it is never sent."
            report.add(Code.NUDGE_CIRCLE, after, sentence, "Give one nudge of the circle a week and a day.")


def circles(follows: dict[str, str]) -> set[str]:
    """Return the names that lie on a circle when each follows one other."""
    found: set[str] = set()
    done: set[str] = set()
    for start in follows:
        path: dict[str, int] = {}
        name: str | None = start
        while name is not None and name not in path and name not in done:
            path[name] = len(path)
            name = follows.get(name)
        if name in path:
            found |= {step for step, position in path.items() if position >= path[name]}
        done.update(path)
    return found


def _check_end(root: MapNode, nudges: list[NudgeNode], report: Report) -> None:
    period = period_of(root)
    if period is None:
        return
    first, last, end = period
    if last < first:
        sentence = f"The playbook ends on {last} and starts on {first}."
        report.add(Code.ENDS_EARLY, end, sentence, "Set ends_on to a day after starts_on.")
        return
    days = _earliest_days(nudges)
    for nudge in nudges:
        day = days.get(nudge.name.text)
        if day is not None and first + timedelta(days=day) > last:
            sentence = f"This nudge is due on {first + timedelta(days=day)}, after the playbook's end on {last}."
            report.add(Code.BAD_WHEN, nudge.node.get("when") or nudge.node, sentence, "Move it, or end later.")


def _earliest_days(nudges: list[NudgeNode]) -> dict[str, int | None]:
    """For each nudge the first day on which it can come, counted from the start, as far as its `when` can be read."""
    by_name = {nudge.name.text: nudge.node.get("when") for nudge in reversed(nudges)}
    days: dict[str, int | None] = {}
    for nudge in nudges:
        chain: list[str] = []
        name = nudge.name.text
        while name in by_name and name not in days:
            days[name] = None  # circles end here
            chain.append(name)
            after = at(by_name[name], "after")
            name = after.text if isinstance(after, ScalarNode) else ""
        day = days.get(name)
        for step in reversed(chain):
            day = days[step] = _day_of(by_name[step], before=day)
    return days


def _day_of(when: Node | None, *, before: int | None) -> int | None:
    if at(when, "after") is None:
        return _days_in(when)
    gap = _whole(at(when, "days"))
    return None if gap is None or before is None else min(before + gap, DAYS_MAX)


def _days_in(when: Node | None) -> int | None:
    day = at(when, "day")
    week = _whole(at(when, "week"))
    if week is None or not isinstance(day, ScalarNode):
        return None
    try:
        read_day(day.text.strip())
    except Unreadable:
        return None
    # The first day a week can hold, whatever weekday the campaign starts on.
    return week * 7 - 7 if week <= WEEKS_MAX else None


def _whole(node: Node | None) -> int | None:
    try:
        return read_whole(node.text.strip()) if isinstance(node, ScalarNode) else None
    except Unreadable:
        return None


def _check_freshness(nudge: NudgeNode, report: Report) -> None:
    window, fresh = at(nudge.node, "when", "window"), at(nudge.node, "when", "valid_for")
    if not isinstance(window, ScalarNode) or not isinstance(fresh, ScalarNode):
        return
    try:
        is_short = read_duration(fresh.text.strip()) < read_duration(window.text.strip())
    except Unreadable:
        return
    if is_short:
        sentence = f"It may be sent for {window.text} and is worth reading for {fresh.text} only."
        report.add(Code.BAD_WHEN, fresh, sentence, "Let valid_for be at least as long as window.")


def _check_try_it(nudge: NudgeNode, company: Company | None, report: Report) -> None:
    try_it = nudge.node.get("try_it")
    if not isinstance(try_it, MapNode):
        return
    channel, link = try_it.get("channel"), try_it.get("link")
    if (channel is None) == (link is None):
        what = "leads to two places" if channel else "leads nowhere"
        sentence = f"This button {what}: it needs either a channel or a link."
        report.add(Code.BAD_TRY_IT, try_it, sentence, "Write `channel: a-name` or `link: https://...`, one of the two.")
    if company is None or not isinstance(channel, ScalarNode) or channel.is_empty or channel.text in company.channels:
        return
    fix = did_you_mean(channel.text.lstrip("#"), company.channels)
    sentence = f"company.yaml knows no channel `{channel.text[:60]}`."
    report.add(Code.UNKNOWN_CHANNEL, channel, sentence, f"{fix} Channels are listed in company.yaml under `channels`.")


def _check_segments(root: MapNode, company: Company, report: Report) -> None:
    wins = root.get("personal_wins")
    named = [*items(at(root, "audience", "segments")), at(root, "audience", "pilot", "segment")]
    keys = [name for name, _ in wins.entries[:ENTRIES_MAX]] if isinstance(wins, MapNode) else []
    for node in chain(named, keys):
        if isinstance(node, ScalarNode) and not node.is_empty:
            check_segment_name(node.text.strip(), node, company.segments.keys(), report)


def check_segment_name(name: str, place: Place, known: Set[str], report: Report) -> None:
    """Note a segment that company.yaml does not define."""
    if name in known or report.is_full:
        return
    fix = did_you_mean(name, known)
    sentence = f"company.yaml defines no segment `{name[:60]}`."
    report.add(Code.UNKNOWN_SEGMENT, place, sentence, f"{fix} Segments are defined in company.yaml.")


def _check_pilot(root: MapNode, company: Company, report: Report) -> None:
    pilot = at(root, "audience", "pilot", "segment")
    names = {node.text.strip() for node in items(at(root, "audience", "segments")) if isinstance(node, ScalarNode)}
    known = company.segments.keys()
    if not isinstance(pilot, ScalarNode) or pilot.text.strip() not in known or not names or not names <= known:
        return
    if not lies_inside(InSegment(pilot.text.strip()), names, company.segments):
        inside = sorted(names)[0][:60]
        sentence = f"The pilot `{pilot.text[:60]}` is not built on a segment of the audience."
        fix = f"Define it in company.yaml as {{all: [{{segment: {inside}}}, ...]}}."
        report.add(Code.PILOT_OUTSIDE, pilot, sentence, fix)


def lies_inside(rule: Rule, names: set[str], segments: Segments, *, depth: int = 0) -> bool:
    """Return whether everybody whom the rule fits is in one of these segments, as far as the rules show."""
    if depth > len(segments) + 20:
        return False  # segments in a circle, which is said elsewhere
    match rule:
        case InSegment(name):
            inner = segments.get(name)
            return name in names or (inner is not None and lies_inside(inner, names, segments, depth=depth + 1))
        case AllOf(rules):
            return any(lies_inside(part, names, segments, depth=depth + 1) for part in rules)
        case AnyOf(rules):
            return all(lies_inside(part, names, segments, depth=depth + 1) for part in rules)
        case _:
            return False
