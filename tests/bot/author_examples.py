"""What authors are shown, by default: this module is how tests of blocks make segments and drafts."""

from datetime import date
from typing import Any

from nudges.domain.measuring.views import (
    Draft,
    SegmentView,
)


def a_segment(**values: Any) -> SegmentView:
    """Return a segment of 160 people in two places."""
    usual: dict[str, Any] = {
        "name": "customer-service",
        "rule": "works in Customer service and is not intern",
        "count": 160,
        "by_place": (("Lisbon", 120), ("Porto", 40)),
        "sample": ("U0ANA", "U0BEN"),
    }
    return SegmentView(**(usual | values))


def a_draft(**values: Any) -> Draft:
    """Return what publishing the example would do."""
    usual: dict[str, Any] = {
        "playbook": "find-an-expert",
        "title": "Find an expert before you escalate",
        "name": "find-an-expert-2",
        "starts_on": date(2027, 1, 18),
        "ends_on": date(2027, 3, 5),
        "audience": 160,
        "not_sendable": 4,
        "without_zone": 2,
        "held_out": 0,
        "segments": (("customer-service", "works in Customer service", 160),),
        "nudges": (("ask-before-you-search", "tip", "week 1, Tue 10:00", 160),),
        "warnings": ("A Tuesday in week 6 is a holiday in PT.",),
        "minutes_at_pace": 3,
    }
    return Draft(**(usual | values))
