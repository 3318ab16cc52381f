"""What an author does with their own story: this module takes it in, changes it, agrees to an edit, takes it back.

A story without a name is kept under a keyed hash alone; whoever is not its author is answered as if it were not there.
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.people.people import Person
from nudges.domain.stories.peers import Job, blurred, job_of
from nudges.domain.stories.stories import (
    MOST_WAITING,
    Consent,
    Story,
    StoryState,
    Told,
    first_state,
    kept_until,
    tidy,
)
from nudges.domain.stories.story_views import OwnStory, Telling, own_story
from nudges.errors import StoryRefused
from nudges.services.authoring.publishable import today
from nudges.services.barriers.keep_evidence import PATIENCE
from nudges.services.core import Core
from nudges.services.delivery.notices import tell as notify_person
from nudges.services.keeping.forget_person import is_forgotten
from nudges.services.stories.share_story import share, take_back
from nudges.services.stories.story_look import reached
from nudges.store import campaigns, deliveries, people, responses, stories


def tell(core: Core, person_id: str, told: Told, *, form_id: str, delivery_id: str = "") -> Telling:
    """Store a story, once a form; under a nudge it is noted there too, if the author gives their name."""
    words = tidy(told.words)
    if not words:
        return Telling.EMPTY
    with core.db.begin(patience=PATIENCE) as session:
        if is_forgotten(session, core, person_id):
            return Telling.GONE
        hashed = _hash(core, person_id)
        is_private = told.consent is Consent.PRIVATE
        if not is_private and stories.count_undecided(session, core.workspace_id, hashed) >= MOST_WAITING:
            return Telling.TOO_MANY
        playbook = _note_under(session, core, person_id, delivery_id, is_named=told.consent.is_named)
        new = _written(session, core, person_id, Told(words, told.consent), _blank(core, person_id, form_id))
        stories.add(session, core.workspace_id, replace(new, playbook=playbook))
    return Telling.TOLD


def change(core: Core, person_id: str, story_id: str, told: Told) -> Telling:
    """Give a story other words or another consent; one that was shared is taken back first and waits anew."""
    words = tidy(told.words)
    if not words:
        return Telling.EMPTY
    with core.db.begin(patience=PATIENCE) as session:
        old = _own(session, core, person_id, story_id)
        if old is None:
            return Telling.GONE
        if (old.words, old.consent) == (words, told.consent):
            return Telling.UNCHANGED
        take_back(session, core, old)
        tell_taken_back(session, core, old)
        new = _written(session, core, person_id, Told(words, told.consent), old)
        return Telling.CHANGED if stories.change(session, core.workspace_id, old, new) else Telling.GONE


def agree(core: Core, person_id: str, story_id: str, digest: str) -> Telling:
    """Say yes to exactly the words that comms showed; they go out then. GONE when they are others by now."""
    with core.db.begin(patience=PATIENCE) as session:
        old = _own(session, core, person_id, story_id)
        if old is None or old.state is not StoryState.ASKED or old.digest != digest:
            return Telling.GONE
        campaign = share(session, core, old, old.decided_by)
        shared = as_shared(old, campaign.campaign_id, today(core))
        if not stories.change(session, core.workspace_id, old, shared):
            raise StoryRefused
        values = {"campaign": campaign.name}
        key = f"story-agreed:{campaign.name}"
        notify_person(
            session, core, person_id=old.decided_by, notice_key=key, text_key="notice.story_agreed", values=values
        )
    return Telling.AGREED


def keep_own_words(core: Core, person_id: str, story_id: str, digest: str) -> Telling:
    """Say no to the words that comms showed; the story waits again with the author's own."""
    with core.db.begin(patience=PATIENCE) as session:
        old = _own(session, core, person_id, story_id)
        if old is None or old.state is not StoryState.ASKED or old.digest != digest:
            return Telling.GONE
        new = replace(old, edited="", state=StoryState.OWN_WORDS)
        return Telling.OWN_WORDS if stories.change(session, core.workspace_id, old, new) else Telling.GONE


def withdraw(core: Core, person_id: str, story_id: str) -> Telling:
    """Erase a story; what is on its way stops, and what was sent is taken back."""
    with core.db.begin(patience=PATIENCE) as session:
        old = _own(session, core, person_id, story_id)
        if old is None:
            return Telling.GONE
        take_back(session, core, old)
        stories.erase(session, core.workspace_id, story_id)
        tell_taken_back(session, core, old)
    return Telling.WITHDRAWN


def own_stories(core: Core, person_id: str) -> tuple[OwnStory, ...]:
    """Return what this person told, the newest first."""
    with core.db.reading() as session:
        found = stories.of_author(session, core.workspace_id, _hash(core, person_id))
        return tuple(own_story(one, reached(session, core, one)) for one in found)


def as_shared(story: Story, campaign_id: int, on: date) -> Story:
    """Return the story as it stands once its campaign has begun."""
    until = kept_until(StoryState.SHARED, on)
    return replace(story, state=StoryState.SHARED, campaign_id=campaign_id, shared_on=on, keep_until=until)


def tell_taken_back(session: Session, core: Core, story: Story) -> None:
    """Tell whoever shared a story that it is gone; not whose it was, nor what it said."""
    if story.campaign_id is None:
        return
    campaign = campaigns.by_id(session, core.workspace_id, story.campaign_id)
    values = {"campaign": campaign.name if campaign else ""}
    key = f"story-taken-back:{story.campaign_id}"
    notify_person(
        session, core, person_id=story.decided_by, notice_key=key, text_key="notice.story_taken_back", values=values
    )


def _written(session: Session, core: Core, person_id: str, told: Told, story: Story) -> Story:
    """Return the story with these words; of its author as much stays beside them as the consent allows."""
    person = people.person(session, core.workspace_id, person_id) or Person(person_id)
    state, day = first_state(told.consent), today(core)
    is_named = told.consent.is_named
    return replace(
        story,
        words=told.words,
        consent=told.consent,
        state=state,
        told_on=day,
        keep_until=kept_until(state, day),
        author_id=person_id if is_named else "",
        author_name=person.first_name if is_named else "",
        language=person.language,
        playbook=story.playbook if is_named else "",
        edited="",
        job=_job(session, core, person, told.consent),
        decided_by="",
        reason="",
        campaign_id=None,
        shared_on=None,
        credited_on=None,
    )


def _job(session: Session, core: Core, person: Person, consent: Consent) -> Job:
    if consent.is_named:
        return job_of(person)
    if consent is Consent.PRIVATE:
        return Job()
    return blurred(job_of(person), people.everybody(session, core.workspace_id), core.company().k)


def _blank(core: Core, person_id: str, form_id: str) -> Story:
    """Return a story without words, under an id that the same form always gets."""
    told = hmac.new(core.key, f"story:{core.workspace_id}:{person_id}:{form_id}".encode(), hashlib.sha256)
    day = today(core)
    return Story(
        told.hexdigest()[:32], _hash(core, person_id), "", Consent.PRIVATE, StoryState.KEPT, told_on=day, keep_until=day
    )


def _note_under(session: Session, core: Core, person_id: str, delivery_id: str, *, is_named: bool) -> str:
    """Note under the nudge that a story was told, if its author gives a name; return the playbook then."""
    delivery = deliveries.find(session, core.workspace_id, delivery_id) if delivery_id and is_named else None
    if delivery is None or delivery.person_id != person_id or delivery.is_notice:
        return ""
    responses.add(session, core.workspace_id, delivery, ResponseKind.STORY, now=core.clock())
    campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
    return campaign.playbook if campaign else ""


def _own(session: Session, core: Core, person_id: str, story_id: str) -> Story | None:
    found = stories.find(session, core.workspace_id, story_id)
    return found if found is not None and found.author_hash == _hash(core, person_id) else None


def _hash(core: Core, person_id: str) -> str:
    return person_hash(key=core.key, workspace_id=core.workspace_id, person_id=person_id)
