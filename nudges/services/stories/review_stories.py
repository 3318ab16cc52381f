"""What comms does with stories: this module lists those that wait, and approves or declines; every look is audited.

Words that comms changed are seen by nobody else before their author has said yes to them.
"""

from dataclasses import replace

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.measuring.views import Role
from nudges.domain.stories.stories import UNDECIDED, DeclineReason, Story, StoryState, kept_until, tidy
from nudges.domain.stories.story_views import Decided, StoryDecision, WaitingStory, waiting_story
from nudges.errors import NotAllowed, StoryGone, StoryRefused
from nudges.services.authoring.publishable import today
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.services.people.roles import role_of
from nudges.services.stories.share_story import peers_of, share
from nudges.services.stories.tell_story import as_shared
from nudges.store import audit, stories

READERS = (Role.AUTHOR, Role.APPROVER, Role.ADMIN)
DECLINED = {
    DeclineReason.NOT_NOW: "notice.story_declined_not_now",
    DeclineReason.TOO_CLOSE: "notice.story_declined_too_close",
    DeclineReason.TOO_SHORT: "notice.story_declined_too_short",
    DeclineReason.TOLD_BEFORE: "notice.story_declined_told_before",
}
DECIDERS = (Role.APPROVER, Role.ADMIN)  # where company.yaml asks for a second person


def waiting(core: Core, actor_id: str) -> tuple[WaitingStory, ...]:
    """Return the stories that wait, the oldest first; NotAllowed for anybody but authors and admins."""
    _check_reader(core, actor_id)
    with core.db.begin() as session:
        _record(session, core, actor_id, "stories")
        found = stories.undecided(session, core.workspace_id)
    return tuple(waiting_story(one, is_own=_is_own(core, one, actor_id)) for one in found)


def open_story(core: Core, actor_id: str, story_id: str) -> WaitingStory:
    """Return one story to decide upon; StoryGone when it waits no more."""
    _check_reader(core, actor_id)
    with core.db.begin() as session:
        found = _undecided(session, core, story_id)
        _record(session, core, actor_id, "story", story_id)
    return waiting_story(found, is_own=_is_own(core, found, actor_id))


def approve(core: Core, actor_id: str, story_id: str, revision: int, words: str) -> StoryDecision:
    """Share a story as its author told it, or ask them about other words first.

    StoryGone when it is not what was shown any more, StoryRefused when it cannot be shared, NotAllowed when somebody
    else has to decide.
    """
    _check_decider(core, actor_id)
    with core.db.begin() as session:
        old = _shown(session, core, actor_id, story_id, revision)
        words = tidy(words) or old.words
        day = today(core)
        if words != old.words:
            peers_of(session, core, old)  # nobody is asked about words that could not go out
            asked = replace(old, edited=words, state=StoryState.ASKED, decided_by=actor_id)
            asked = replace(asked, keep_until=kept_until(StoryState.ASKED, day))
            _change(session, core, old, asked)
            _record(session, core, actor_id, "story_edited", story_id)
            _tell_author(session, core, asked, "notice.story_asked", revision + 1)
            return StoryDecision(Decided.ASKED if old.author_id else Decided.ASKED_NOBODY)
        plain = replace(old, edited="", decided_by=actor_id)
        campaign = share(session, core, plain, actor_id)
        _change(session, core, old, as_shared(plain, campaign.campaign_id, day))
        _tell_author(session, core, plain, "notice.story_shared", revision + 1)
        return StoryDecision(Decided.SHARED, campaign.name, campaign.starts_on)


def decline(core: Core, actor_id: str, story_id: str, revision: int, reason: DeclineReason) -> StoryDecision:
    """Say no kindly, with a reason that the author reads; StoryGone when it is not what was shown any more."""
    _check_reader(core, actor_id)
    with core.db.begin() as session:
        old = _shown(session, core, actor_id, story_id, revision)
        until = kept_until(StoryState.DECLINED, today(core))
        new = replace(old, state=StoryState.DECLINED, edited="", decided_by=actor_id, reason=reason.value)
        _change(session, core, old, replace(new, keep_until=until))
        _record(session, core, actor_id, "story_declined", story_id)
        _tell_author(session, core, new, DECLINED[reason], revision + 1)
    return StoryDecision(Decided.DECLINED)


def _check_reader(core: Core, actor_id: str) -> None:
    if role_of(core, actor_id) not in READERS:
        raise NotAllowed


def _check_decider(core: Core, actor_id: str) -> None:
    _check_reader(core, actor_id)
    if core.company().publishing.approval and role_of(core, actor_id) not in DECIDERS:
        hint = "company.yaml asks for an approver: let one of them press Approve."
        raise NotAllowed("Sharing a story is for approvers and admins here.", hint=hint)


def _shown(session: Session, core: Core, actor_id: str, story_id: str, revision: int) -> Story:
    found = _undecided(session, core, story_id)
    if found.revision != revision:
        raise StoryGone
    if _is_own(core, found, actor_id):
        raise StoryRefused("This story is your own.", hint="Let somebody else of your team look at it.")
    return found


def _undecided(session: Session, core: Core, story_id: str) -> Story:
    found = stories.find(session, core.workspace_id, story_id)
    if found is None or found.state not in UNDECIDED:
        raise StoryGone
    return found


def _change(session: Session, core: Core, old: Story, new: Story) -> None:
    if not stories.change(session, core.workspace_id, old, new):
        raise StoryGone


def _is_own(core: Core, story: Story, actor_id: str) -> bool:
    return story.author_hash == person_hash(key=core.key, workspace_id=core.workspace_id, person_id=actor_id)


def _tell_author(session: Session, core: Core, story: Story, text_key: str, revision: int) -> None:
    """Write to an author who gave a name; the words are looked up when the message is made, not kept with it."""
    if not story.author_id:
        return
    key = f"story:{story.story_id}:{revision}"
    values = {"story_id": story.story_id}
    tell(session, core, person_id=story.author_id, notice_key=key, text_key=text_key, values=values)


def _record(session: Session, core: Core, actor_id: str, action: str, story_id: str = "") -> None:
    audit.record(session, core.workspace_id, actor_id=actor_id, action=action, subject=story_id[:12], now=core.clock())
