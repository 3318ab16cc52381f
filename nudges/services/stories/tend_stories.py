"""What becomes of stories by themselves: this module tells comms of new ones, authors how far theirs went, and erases.

Nothing of it happens at the moment somebody tells a story: that would point at who it was.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from nudges.domain.stories.stories import CREDIT_AFTER, StoryState
from nudges.services.authoring.publishable import today
from nudges.services.core import Core
from nudges.services.delivery.notices import tell, tell_first
from nudges.services.people.roles import admins_of
from nudges.services.stories.share_story import blank, take_back
from nudges.services.stories.story_look import reached
from nudges.store import stories


@dataclass(frozen=True)
class Tended:
    """How many authors were told, and how many stories were erased."""

    credited: int = 0
    erased: int = 0


def tend_stories(core: Core) -> Tended:
    """Tell comms what waits, tell authors once how many colleagues their story reached, erase what is over."""
    day = today(core)
    with core.db.reading() as session:
        waiting = stories.undecided(session, core.workspace_id)
        to_credit = stories.to_credit(session, core.workspace_id, day - CREDIT_AFTER)
        over = stories.over(session, core.workspace_id, day)
    is_new = [one for one in waiting if one.state is StoryState.WAITING]
    if not (is_new or to_credit or over):
        return Tended()
    with core.db.begin() as session:
        if is_new:
            _tell_comms(session, core, max(one.told_on for one in is_new).isoformat())
        for one in to_credit:
            if stories.change(session, core.workspace_id, one, replace(one, credited_on=day)) and one.author_id:
                values = {"story_id": one.story_id}
                key = f"story-reached:{one.campaign_id}"
                text_key = "notice.story_reached" if reached(session, core, one) else "notice.story_reached_some"
                tell(session, core, person_id=one.author_id, notice_key=key, text_key=text_key, values=values)
        for one in over:
            blank(session, core, one)
            stories.erase(session, core.workspace_id, one.story_id)
    return Tended(len(to_credit), len(over))


def erase_stories(session: Session, core: Core, hashed: str) -> int:
    """Take back and erase everything a person told, by the hash it is kept under; return how many that was."""
    found = stories.of_author(session, core.workspace_id, hashed)
    for one in found:
        take_back(session, core, one)
        stories.erase(session, core.workspace_id, one.story_id)
    return len(found)


def _tell_comms(session: Session, core: Core, newest: str) -> None:
    readers = (*core.company().authors, *admins_of(core))
    key = f"stories-waiting:{newest}"
    tell_first(session, core, readers, notice_key=key, text_key="notice.stories_waiting", values={})
