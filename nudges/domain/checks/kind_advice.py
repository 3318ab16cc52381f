"""How-tos, workshops and polls as people who do this for a living would have them: this module is advice on kinds."""

import re
from datetime import date, timedelta

from nudges.domain.checks.findings import Code
from nudges.domain.files.nodes import at, items
from nudges.domain.files.nudge_shapes import kind_of
from nudges.domain.files.source import Report
from nudges.domain.files.yaml_nodes import MapNode
from nudges.domain.playbooks.playbook import FixedDay, HowTo, Nudge, Playbook, Poll, Workshop

DAYS_TO_ANSWER = 2  # between the invitation and the day: people look into their calendar first
_LEADING = re.compile(
    r"\b(?:don't you|do you not|wouldn't you|isn't it|aren't you|do you agree|surely|obviously|of course|"
    r"findest du nicht|sicher auch|natürlich|no crees que|verdad que|por supuesto)\b",
    re.IGNORECASE,
)


def advise_on_kinds(root: MapNode, playbook: Playbook, report: Report) -> None:
    """Note videos nobody can read, invitations that come too late and polls that answer themselves."""
    for node, nudge in zip(items(root.get("nudges")), playbook.nudges, strict=True):
        if isinstance(node, MapNode):
            _advise(node, nudge, report)


def advise_on_past_sessions(root: MapNode, playbook: Playbook, report: Report, *, today: date | None) -> None:
    """Note workshops whose date is past."""
    for node, nudge in zip(items(root.get("nudges")), playbook.nudges, strict=True):
        on = nudge.held.on if isinstance(nudge, Workshop) else None
        if on is not None and today is not None and on < today:
            sentence = f"This workshop was on {on}, which is past (today is {today})."
            fix = "Give it a new date, or write week and day, which are counted from each start."
            report.add(Code.SESSION_PAST, at(node, "held", "on") or node, sentence, fix)


def _advise(node: MapNode, nudge: Nudge, report: Report) -> None:
    place = kind_of(node).name or node
    if isinstance(nudge, HowTo) and nudge.video and not nudge.steps and not nudge.text:
        sentence = "There is only a video: who cannot watch or hear it now learns nothing."
        report.add(Code.SILENT_VIDEO, place, sentence, "Add the same in a few `steps`, or say in `text` what it shows.")
    if isinstance(nudge, Workshop) and _days_between(nudge) < DAYS_TO_ANSWER:
        sentence = "The invitation comes less than two days before the workshop; most calendars are full by then."
        report.add(Code.LATE_INVITATION, node.get("when") or place, sentence, "Send it a week before.")
    if isinstance(nudge, Poll) and (found := _LEADING.search(nudge.question)):
        sentence = f"“{found[0]}” tells people what to answer, so the poll would tell you nothing."
        report.add(
            Code.LEADING_POLL, node.get("question") or place, sentence, "Ask openly: which, how often, what next."
        )


def _days_between(workshop: Workshop) -> int:
    held, when = workshop.held, workshop.when
    if not isinstance(when, FixedDay) or held.week is None or held.day is None:
        return DAYS_TO_ANSWER  # a date against a day counted from the start: only the plan can tell
    days = timedelta(weeks=held.week - when.week, days=held.day - when.day)
    return days.days
