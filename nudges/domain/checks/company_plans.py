"""What company.yaml says about plans: this module checks briefs, comms calendar, reviewers and rules' countries."""

from collections.abc import Iterator

from nudges.domain.checks.findings import Code
from nudges.domain.checks.playbook_checks import check_segment_name
from nudges.domain.checks.wording import advise_on_links
from nudges.domain.files.nodes import at, blocks, named
from nudges.domain.files.periods_read import period_of
from nudges.domain.files.source import Report
from nudges.domain.files.suggest import did_you_mean
from nudges.domain.files.yaml_nodes import ListNode, MapNode, Node, ScalarNode
from nudges.domain.times.countries import COUNTRIES, country_named


def check_company_plans(root: MapNode, report: Report) -> None:
    """Note briefs of unknown segments, backward periods, unknown channels and countries, links not to pass on."""
    _check_briefs(root, report)
    for entry in blocks(root.get("comms_calendar")):
        _check_period(entry, report)
    _check_reviewers(root, report)
    segments = root.get("segments")
    for node in _countries_in(segments) if isinstance(segments, MapNode) else ():
        _check_country(node, report)
    advise_on_links(root, report)


def _check_briefs(root: MapNode, report: Report) -> None:
    briefs = root.get("briefs")
    known = frozenset(_names(root.get("segments")))
    for name, _ in named(briefs):
        check_segment_name(name.text.strip(), name, known, report)


def _check_period(entry: MapNode, report: Report) -> None:
    period = period_of(entry)
    if period is not None and period.last < period.first:
        sentence = f"This entry ends on {period.last} and starts on {period.first}."
        report.add(Code.ENDS_EARLY, period.end, sentence, "Set ends_on to the last day, on or after starts_on.")


def _check_reviewers(root: MapNode, report: Report) -> None:
    reviewers = at(root, "publishing", "reviewers")
    if not isinstance(reviewers, ScalarNode) or reviewers.is_empty:
        return
    known = list(_names(root.get("channels")))
    if reviewers.text.strip() not in known:
        sentence = f"company.yaml knows no channel `{reviewers.text[:60]}`."
        fix = did_you_mean(reviewers.text.strip().lstrip("#"), known)
        report.add(Code.UNKNOWN_CHANNEL, reviewers, sentence, f"{fix} Channels are listed under `channels`.")


def _check_country(node: ScalarNode, report: Report) -> None:
    if node.is_empty or node.text.strip().upper() in COUNTRIES or report.is_full:
        return
    meant = country_named(node.text)
    sentence = f"`{node.text[:60]}` is not a country's two letters, so this rule would fit nobody."
    fix = f"Write `{meant}`." if meant else "Write two capital letters, such as PT or DE."
    report.add(Code.BAD_COUNTRY, node, sentence, fix)


def _countries_in(node: Node) -> Iterator[ScalarNode]:
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _countries_in(item)
    elif isinstance(node, MapNode):
        for key, value in node.entries:
            if key.text == "country":
                values = value.items if isinstance(value, ListNode) else (value,)
                yield from (one for one in values if isinstance(one, ScalarNode))
            elif key.text != "attribute":
                yield from _countries_in(value)


def _names(node: Node | None) -> Iterator[str]:
    if isinstance(node, MapNode):
        yield from (name.text.strip() for name, _ in node.entries)
