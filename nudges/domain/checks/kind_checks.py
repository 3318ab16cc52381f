"""What a kind must have beyond its keys: this module checks how-tos, workshops, polls and leaders at their places."""

from nudges.domain.checks.findings import Code
from nudges.domain.files.nodes import blocks
from nudges.domain.files.source import Report
from nudges.domain.files.yaml_nodes import MapNode, ScalarNode


def check_kind(kind: str, nudge: MapNode, root: MapNode, report: Report) -> None:
    """Note what a nudge of this kind lacks, or has twice."""
    match kind:
        case "howto":
            _check_howto(nudge, report)
        case "workshop":
            _check_workshop(nudge, report)
        case "poll":
            _check_poll(nudge, report)
        case "leader":
            _check_leader(nudge, root, report)


def _check_howto(howto: MapNode, report: Report) -> None:
    if howto.key("steps") is None and howto.key("video") is None:
        fix = "Add `steps:` with two to seven short lines, or `video: {link: https://..., minutes: 2}`."
        report.add(Code.EMPTY_HOWTO, _start(howto), "This how-to shows nothing: it has neither steps nor a video.", fix)


def _check_workshop(workshop: MapNode, report: Report) -> None:
    if workshop.key("place") is None and workshop.key("join") is None:
        sentence = "This workshop has neither a place nor a link to join by, so nobody could find it."
        fix = "Add `place: Room 2.14, Lisbon` or `join: https://...`."
        report.add(Code.NOWHERE, _start(workshop), sentence, fix)
    held = workshop.get("held")
    if not isinstance(held, MapNode):
        return
    has_date, counted = held.key("on") is not None, [key for key in ("week", "day") if held.key(key) is not None]
    if has_date == bool(counted) or (counted and len(counted) < 2):
        sentence = (
            "This workshop is on a date and on a day counted from the start."
            if has_date
            else ("This workshop does not say on which day it is.")
        )
        fix = "Write either `on: 2027-02-03`, or `week: 3` and `day: thu`, counted from the start."
        report.add(Code.BAD_SESSION, held, sentence, fix)


def _check_poll(poll: MapNode, report: Report) -> None:
    for key in ("key", "text"):
        seen: dict[str, ScalarNode] = {}
        for option in blocks(poll.get("options")):
            node = option.get(key)
            if not isinstance(node, ScalarNode) or node.is_empty:
                continue
            earlier = seen.setdefault(node.text.strip(), node)
            if earlier is not node:
                sentence = f"Two options have the {key} `{node.text[:60]}`; the first is on line {earlier.line}."
                report.add(Code.DUPLICATE_CHOICE, node, sentence, f"Give each option a {key} of its own.")


def _check_leader(leader: MapNode, root: MapNode, report: Report) -> None:
    if root.key("sponsor") is None:
        sentence = "This is a word from the sponsor, and the playbook has none, so nobody would be saying it."
        fix = "Add `sponsor: {name: ..., role: ..., says: ...}` at the top, with words the leader has agreed to."
        report.add(Code.NO_LEADER, _start(leader), sentence, fix)


def _start(nudge: MapNode) -> ScalarNode | MapNode:
    return nudge.entries[0][0] if nudge.entries else nudge
