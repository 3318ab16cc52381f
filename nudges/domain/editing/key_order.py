"""The order in which keys are written: this module is the one that docs/playbooks.md shows, editors offer and fmt sets.

It is the order of the types' fields, but for the few where reading goes another way than the code does.
"""

from collections.abc import Mapping

from nudges.domain.files.nudge_shapes import KINDS
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Choice, NudgeBase, Part, Playbook, Scene, Wording

_NUDGE = (
    *("stage", "topics", "when", "by", "title", "question", "text"),
    *("pick", "how_sure", "choices", "scenes", "because", "again", "returns"),
    *("held", "place", "join", "seats", "task", "days", "steps", "video", "options"),
    *("try_it", "commit", "commit_days", "image", "fallback", "asked_as", "priority"),
)
_PEOPLE_AND_HOURS = (
    *("admins", "authors", "approvers", "publishing"),
    *("default_zone", "working_hours", "place_zones", "holidays"),
)
_FIRST: Mapping[type[Part], tuple[str, ...]] = {
    Playbook: ("playbook", "title", "titles", "tool", "language", "languages"),
    Company: (
        *_PEOPLE_AND_HOURS,
        "caps",
        "do_not_disturb",
        "k",
        "channels",
        "policies",
        "comms_calendar",
        "segments",
        "briefs",
    ),
    Choice: ("key", "text", "right", "reply"),
    Scene: ("text", "question"),
    Wording: ("text", "question"),
    NudgeBase: (*KINDS, *_NUDGE),
}


def keys_in_order(model: type[Part]) -> tuple[str, ...]:
    """Return the keys of a block as they are written; a nudge's kind and name come first."""
    first = next((keys for kind, keys in _FIRST.items() if issubclass(model, kind)), ())
    fields = [name for name in model.fields_by_key() if not issubclass(model, NudgeBase) or name not in ("kind", "key")]
    known = {*fields, *KINDS} if issubclass(model, NudgeBase) else set(fields)
    return tuple(dict.fromkeys([*(key for key in first if key in known), *fields]))
