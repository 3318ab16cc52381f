"""Bringing questions back: this module is the job that turns what is due into deliveries, one at a time for a person.

A return is a delivery like any other, with an occurrence above 1: the outbox, the caps, the hours and everything asked
at the moment of posting hold for it. It is planned for today or tomorrow only, beside all that is new.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cache

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import DeliveryStatus, NewDelivery, Planned, delivery_id
from nudges.domain.delivery.eligibility import Standing, caps_for
from nudges.domain.people.people import Person
from nudges.domain.playbooks.playbook import Playbook, Quiz
from nudges.domain.recall import recall
from nudges.domain.recall.recall import Ending, Met
from nudges.domain.recall.recall_slots import AHEAD, Taken, slot
from nudges.domain.times.workdays import WorkCalendar, calendar_of
from nudges.errors import StorageError
from nudges.services.answers.note_recall import is_about, over, returns_of
from nudges.services.authoring.frozen import frozen
from nudges.services.core import Core
from nudges.store import campaigns, deliveries, people
from nudges.store import recall as cards
from nudges.store.campaigns import Campaign, CampaignStatus
from nudges.store.people import Preference
from nudges.store.recall import Touch

logger = logging.getLogger(__name__)

AT_ONCE = 100  # people looked at in one transaction: clicks must not wait for more
LOOK_AGAIN = timedelta(hours=12)  # where there is no room today or tomorrow
UNANSWERED_REST = timedelta(days=7)  # a return that nobody answered is not repeated sooner
USUAL_HOUR = time(10)
LAST = 9  # the priority that everything else goes before


@dataclass(frozen=True)
class Returning:
    """What one look came to."""

    planned: int = 0
    ended: int = 0


@dataclass(frozen=True)
class _Batch:
    """People who are looked at in one transaction, read together; what is kept of them is written at its end."""

    session: Session
    core: Core
    now: datetime
    met: Mapping[str, Sequence[Met]]
    people: Mapping[str, Person]
    wishes: Mapping[str, Preference]
    touches: Mapping[str, Sequence[Touch]]
    campaign: Callable[[int], Campaign | None]
    kept: list[Met] = field(default_factory=list)
    planned: list[NewDelivery] = field(default_factory=list)


@dataclass(frozen=True)
class _Home:
    """One person while their questions are looked at, and what they got and are to get."""

    batch: _Batch
    person: Person
    calendar: WorkCalendar
    touches: Sequence[Touch]

    def is_sent(self, touch: Touch) -> bool:
        return touch.is_review and touch.status == DeliveryStatus.SENT


@dataclass(frozen=True)
class _Asked:
    """A question that may come back, and the campaign and text that it belongs to."""

    met: Met
    campaign: Campaign
    playbook: Playbook
    quiz: Quiz


def plan_recall(core: Core, *, at_once: int = AT_ONCE) -> Returning:
    """Plan what may come back today or tomorrow and end what does not any more; doing it twice adds nothing."""
    now, after = core.clock(), ""
    planned = ended = 0
    while True:
        with core.db.begin() as session:
            ids = cards.people_due(session, core.workspace_id, now=now, after=after, most=at_once)
            batch = _batch(session, core, ids, now)
            for person_id in ids:
                one = _look(batch, person_id)
                planned, ended = planned + one.planned, ended + one.ended
            deliveries.enqueue(session, core.workspace_id, batch.planned, now)
            cards.keep_all(session, core.workspace_id, batch.kept)
        if len(ids) < at_once:
            return Returning(planned, ended)
        after = ids[-1]


def _batch(session: Session, core: Core, ids: Sequence[str], now: datetime) -> _Batch:
    """Read together what stands round the questions of these people."""
    here = core.workspace_id
    return _Batch(
        *(session, core, now),
        met=cards.met_by_each(session, here, ids),
        people=people.several(session, here, ids),
        wishes=people.preferences_of(session, here, ids),
        touches=cards.touches_of_each(session, here, ids),
        campaign=cache(lambda campaign_id: campaigns.by_id(session, here, campaign_id)),
    )


def _look(batch: _Batch, person_id: str) -> Returning:
    """Look at all questions of a person whose turn it is; one of them may come back."""
    due = [met for met in batch.met[person_id] if met.look_at and met.look_at <= batch.now]
    person = batch.people.get(person_id)
    if person is None:
        batch.kept.extend(over(met, Ending.OVER) for met in due)
        return Returning(ended=len(due))
    home = _Home(batch, person, calendar_of(person, batch.core.company()), batch.touches[person_id])
    found = [one for met in due if (one := _asked(home, met)) is not None]
    chosen = _brought_back(home, found)
    for one in found:
        if one is not chosen:
            look_at = max(batch.now + LOOK_AGAIN, one.met.card.due_at - AHEAD)
            batch.kept.append(replace(one.met, look_at=look_at))
    return Returning(planned=chosen is not None, ended=len(due) - len(found))


def _asked(home: _Home, met: Met) -> _Asked | None:
    """Return the question as its playbook has it now, or None after ending it."""
    campaign = home.batch.campaign(met.campaign_id)
    playbook = _read(campaign) if campaign and campaign.status != CampaignStatus.ENDED else None
    quiz = playbook.nudge(met.nudge_key) if playbook else None
    if campaign is None or playbook is None or not isinstance(quiz, Quiz):
        home.batch.kept.append(over(met, Ending.OVER))
        return None
    mine = [one for one in home.touches if home.is_sent(one) and is_about(one, met)]
    latest = max((one.at for one in mine), default=met.card.answered_at)
    if latest > met.card.answered_at:
        met = replace(met, card=recall.postponed(met.card, latest + UNANSWERED_REST))
    most = returns_of(playbook, quiz)
    ended = recall.ending(met.card, returned=len(mine), most=most, met_at=met.met_at, now=home.batch.now)
    is_past = playbook.ends_on is not None and home.calendar.local_day(home.batch.now) > playbook.ends_on
    if ended or is_past:
        home.batch.kept.append(over(met, ended or Ending.OVER))
        return None
    return _Asked(met, campaign, playbook, quiz)


def _read(campaign: Campaign) -> Playbook | None:
    try:
        return frozen(campaign)[0]
    except StorageError:  # planning has told the admins
        logger.warning("questions of an unreadable campaign rest", extra={"campaign": campaign.name})
        return None


def _brought_back(home: _Home, found: Sequence[_Asked]) -> _Asked | None:
    """Return the question that was planned, or None: at most one waits at a time, the least remembered first."""
    wish = home.batch.wishes[home.person.person_id]
    is_resting = wish.stopped_at is not None or (wish.paused_until is not None and wish.paused_until > home.batch.now)
    if is_resting or any(one.is_review and one.is_open for one in home.touches):
        return None
    ready = [one for one in found if one.campaign.status == CampaignStatus.LIVE]
    for one in sorted(ready, key=lambda one: (recall.urgency(one.met.card, home.batch.now), one.met.nudge_key)):
        planned = _slot(home, one, wish)
        if planned is not None:
            _enqueue(home, one, planned)
            return one
    return None


def _slot(home: _Home, one: _Asked, wish: Preference) -> Planned | None:
    taken = [Taken(home.calendar.local_day(touch.at), touch.is_review) for touch in home.touches]
    planned = slot(
        due_at=one.met.card.due_at,
        at=one.quiz.when.at or USUAL_HOUR,
        calendar=home.calendar,
        caps=caps_for(Standing(is_fewer=wish.fewer_since is not None), home.batch.core.company().caps),
        taken=taken,
        now=home.batch.now,
    )
    ends_on = one.playbook.ends_on
    is_past = planned is not None and ends_on is not None and home.calendar.local_day(planned.due_at) > ends_on
    return None if is_past else planned


def _enqueue(home: _Home, one: _Asked, planned: Planned) -> None:
    met, core = replace(one.met, occurrence=one.met.occurrence + 1, look_at=planned.fresh_until), home.batch.core
    key = delivery_id(
        key=core.key,
        workspace_id=core.workspace_id,
        campaign_id=met.campaign_id,
        nudge_key=met.nudge_key,
        person_id=met.person_id,
        occurrence=met.occurrence,
    )
    new = NewDelivery(
        key, met.campaign_id, met.nudge_key, met.person_id, planned, occurrence=met.occurrence, priority=LAST
    )
    home.batch.planned.append(new)
    home.batch.kept.append(met)
