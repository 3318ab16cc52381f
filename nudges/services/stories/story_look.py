"""What may be read of a story: this module is how far one went, and what its author is shown of their own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.measuring.disclosure import band
from nudges.domain.stories.stories import Story
from nudges.services.core import Core
from nudges.store import reports, stories

_SHOWN = ("told_on", "words", "edited", "consent", "state", "keep_until", "reason", "shared_on", "author_name")


def reached(session: Session, core: Core, story: Story) -> str:
    """Return how many people got a story, as a band; empty while they are too few to say."""
    if story.campaign_id is None:
        return ""
    return band(reports.people_reached(session, story.campaign_id), core.company().k)


def stories_of(session: Session, core: Core, person_id: str) -> list[dict[str, Any]]:
    """Return all that is kept of what this person told, for their own eyes."""
    hashed = person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
    found = stories.of_author(session, core.workspace_id, hashed)
    return [
        {name: str(value) for name in _SHOWN if (value := getattr(one, name))}
        | {name: value for name, value in one.job.__dict__.items() if value}
        for one in found
    ]


def notice_values(session: Session, core: Core, person_id: str, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what a message about a story says, as the story stands now; None when it is gone or not theirs."""
    story = stories.find(session, core.workspace_id, str(values["story_id"]))
    if story is None or story.author_id != person_id:
        return None
    return {**values, "words": story.shown_words, "digest": story.digest, "count": reached(session, core, story)}
