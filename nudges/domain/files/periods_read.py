"""From which day to which: this module reads the two dates of a block, where both can be read."""

from datetime import date
from typing import NamedTuple

from nudges.domain.files.scalar_values import Unreadable, read_date
from nudges.domain.files.yaml_nodes import MapNode, ScalarNode


class Period(NamedTuple):
    """The first and the last day, and where the last one stands."""

    first: date
    last: date
    end: ScalarNode


def period_of(block: MapNode) -> Period | None:
    """Return the days of `starts_on` and `ends_on`, or None where one is missing or no date."""
    starts, ends = block.get("starts_on"), block.get("ends_on")
    if not isinstance(starts, ScalarNode) or not isinstance(ends, ScalarNode):
        return None
    try:
        return Period(read_date(starts.text.strip()), read_date(ends.text.strip()), ends)
    except Unreadable:
        return None
