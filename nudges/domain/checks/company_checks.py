"""How the parts of company.yaml fit together: this module checks its segments and its holiday calendars."""

from collections.abc import Iterator

from nudges.domain.checks.company_plans import check_company_plans
from nudges.domain.checks.findings import Code
from nudges.domain.checks.playbook_checks import check_segment_name
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import ENTRIES_MAX, ListNode, MapNode, Node, ScalarNode
from nudges.domain.times.holidays import AUTO, NONE, calendar_name, is_known_calendar


def check_company(root: MapNode, report: Report) -> None:
    """Note every fault between the parts of company.yaml."""
    segments = root.get("segments")
    if isinstance(segments, MapNode) and len(segments.entries) <= ENTRIES_MAX:
        _check_segments(segments, report)
        _check_channels(segments, root.get("channels"), report)
    check_company_plans(root, report)
    holidays = root.get("holidays")
    if isinstance(holidays, MapNode):
        for country, calendar in holidays.entries:
            _check_calendar(country.text, calendar, report)


def _check_segments(segments: MapNode, report: Report) -> None:
    named = {name.text: list(_named("segment", rule)) for name, rule in segments.entries}
    for references in named.values():
        for reference in references:
            check_segment_name(reference.text.strip(), reference, named.keys(), report)
    graph = {name: {reference.text.strip() for reference in references} for name, references in named.items()}
    for name in _on_circles(graph):
        place = named[name][0]
        sentence = f"The segment `{name[:60]}` is defined by way of itself."
        report.add(Code.SEGMENT_CIRCLE, place, sentence, "Define one of the segments without the others.")


def _check_channels(segments: MapNode, channels: Node | None, report: Report) -> None:
    known = [name.text for name, _ in channels.entries] if isinstance(channels, MapNode) else []
    for _, rule in segments.entries:
        for node in _named("channel", rule):
            if node.text.strip() in known or node.text.startswith("#") or report.is_full:
                continue
            fix = did_you_mean(node.text.strip(), known)
            sentence = f"company.yaml names no channel `{node.text[:60]}`."
            report.add(Code.UNKNOWN_CHANNEL, node, sentence, f"{fix} List it with its id under `channels`.")


def _named(word: str, rule: Node) -> Iterator[ScalarNode]:
    """Give what stands under this word, anywhere in the rule."""
    if isinstance(rule, ListNode):
        for item in rule.items:
            yield from _named(word, item)
    elif isinstance(rule, MapNode):
        for key, value in rule.entries:
            if key.text != word:
                # Under `attribute` stand columns of the company's own, whatever they are called.
                yield from _named(word, value) if key.text != "attribute" else ()
                continue
            nodes = value.items if isinstance(value, ListNode) else (value,)
            yield from (node for node in nodes if isinstance(node, ScalarNode) and not node.is_empty)


def _on_circles(graph: dict[str, set[str]]) -> list[str]:
    # Taking away, again and again, what refers to nothing left leaves the circles and what leads to them; doing the
    # same the other way round leaves the circles alone.
    left = _peeled(graph)
    backwards: dict[str, set[str]] = {name: set() for name in left}
    for name in left:
        for other in graph[name] & left:
            backwards[other].add(name)
    on_circle = _peeled(backwards)
    return [name for name in graph if name in on_circle]


def _peeled(graph: dict[str, set[str]]) -> set[str]:
    counts = {name: len(others & graph.keys()) for name, others in graph.items()}
    referrers: dict[str, list[str]] = {name: [] for name in graph}
    for name, others in graph.items():
        for other in others & graph.keys():
            referrers[other].append(name)
    free = [name for name, count in counts.items() if count == 0]
    left = set(graph)
    while free:
        name = free.pop()
        left.discard(name)
        for referrer in referrers[name]:
            counts[referrer] -= 1
            if counts[referrer] == 0:
                free.append(referrer)
    return left


def _check_calendar(country: str, calendar: Node, report: Report) -> None:
    if not isinstance(calendar, ScalarNode) or calendar.is_empty or len(country) != 2:
        return
    wanted = calendar.text.strip()
    if wanted.lower() in NONE:
        return
    name = calendar_name(country, {country: wanted})
    if name.partition("-")[0] != country.upper():
        sentence = f"`{wanted[:60]}` is not a calendar of {country.upper()}."
    elif is_known_calendar(name):
        return
    else:
        sentence = f"No holiday calendar is known for `{name[:60]}`."
    fix = f"Write `{AUTO}`, a region of the country such as DE-BY, or `none` for a country without holidays here."
    report.add(Code.BAD_COUNTRY, calendar, sentence, fix)
