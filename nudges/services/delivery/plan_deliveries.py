"""Deciding who gets what and when: this module is the planning tick, one campaign after another.

People are read and their deliveries written a batch at a time, so a directory of any size fits; who is in the same
situation is decided together.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import (
    Decided,
    NewDeliveries,
    Planned,
    Skipped,
    SkipReason,
    Waiting,
    delivery_ids,
)
from nudges.domain.delivery.newcomers import joined_before, on_time_until
from nudges.domain.delivery.planning import HORIZON
from nudges.domain.delivery.staging import Staging, Wave
from nudges.domain.playbooks.follow_ups import SPARE, asked_kind
from nudges.domain.playbooks.playbook import AfterNudge, AroundSession, FixedDay, Newcomers, Nudge, Playbook
from nudges.domain.times.session_times import near_day
from nudges.errors import StorageError
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.spans import DAY, is_over, newcomers_until
from nudges.services.core import Core
from nudges.services.delivery.decide_alike import Decider, Scene, decider
from nudges.services.delivery.notices import tell_first
from nudges.services.people.roles import admins_of
from nudges.store import campaigns, deliveries, history
from nudges.store.campaigns import RECALLED, Campaign, CampaignStatus
from nudges.store.engine import AnyRow
from nudges.store.learning import look_again
from nudges.store.undecided import Question, Situation, still_meant, undecided

logger = logging.getLogger(__name__)

AT_ONCE = 1000  # people decided and written in one transaction: clicks must not wait for more
LATEST_ZONE = timedelta(hours=12)  # the last place where a day begins


@dataclass(frozen=True)
class Planning:
    """What one tick added."""

    planned: int = 0
    expired: int = 0


@dataclass(frozen=True)
class _Task:
    """One nudge for the people of one wave."""

    campaign: Campaign
    scene: Scene
    asked: Question
    at_once: int


def plan_deliveries(core: Core, *, at_once: int = AT_ONCE) -> Planning:
    """Decide every nudge whose day is near, for everybody in each live campaign; planning twice adds nothing."""
    now = core.clock()
    with core.db.reading() as session:
        live = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE)
    planned = sum(_plan_readable(core, campaign, now, at_once=at_once) for campaign in live)
    return Planning(planned, expire_stale(core, now))


def expire_stale(core: Core, now: datetime) -> int:
    """Expire what waits and is no longer fresh, a batch at a time; return how many."""
    expired = 0
    while True:
        with core.db.begin() as session:
            count = deliveries.expire_stale(session, core.workspace_id, now, most=AT_ONCE)
        expired += count
        if count < AT_ONCE:
            return expired


def _plan_readable(core: Core, campaign: Campaign, now: datetime, *, at_once: int) -> int:
    """Plan one campaign; one whose text cannot be read any more must not keep the others from being planned."""
    try:
        return _plan_campaign(core, campaign, now, at_once=at_once)
    except StorageError as error:
        logger.exception("campaign not planned", extra={"campaign": campaign.name, "code": error.code})
    with core.db.begin() as session:
        key = f"unreadable:{campaign.campaign_id}:{campaign.version}"
        values = {"campaign": campaign.name}
        tell_first(session, core, admins_of(core), notice_key=key, text_key="notice.campaign_unreadable", values=values)
    return 0


def _plan_campaign(core: Core, campaign: Campaign, now: datetime, *, at_once: int) -> int:
    with core.db.reading() as session:
        found = [(task, _next(session, task)) for task in _tasks(session, core, campaign, now, at_once=at_once)]
    if any(len(first) >= AT_ONCE for _, first in found):
        look_again(core.db)
    return sum(_plan_all(core, task, first) for task, first in found if first)


def _tasks(session: Session, core: Core, campaign: Campaign, now: datetime, *, at_once: int) -> list[_Task]:
    """Return the nudges that can be decided, and for whom."""
    playbook, _ = frozen(campaign)
    stopped = campaigns.stopped_nudges(session, campaign.campaign_id)
    until = newcomers_until(playbook, campaign.staging.last_start or campaign.starts_on)
    scene = Scene(
        playbook.nudges[0], core.company(), campaign.staging, playbook.ends_on, now,
        newcomers=playbook.newcomers, newcomers_until=until,
    )  # fmt: skip
    return [
        _Task(
            campaign,
            replace(scene, nudge=nudge, topics=playbook.topics_of(nudge), blocked=_blocked(stopped.get(nudge.key))),
            replace(
                _question(core, campaign, playbook, nudge, wave=wave, now=now), entered_after=after, entered_until=upto
            ),
            at_once,
        )
        for nudge, wave in _near(session, campaign, playbook, now)
        for after, upto in _joined(campaign, playbook, nudge, wave, now)
    ]


def _joined(
    campaign: Campaign, playbook: Playbook, nudge: Nudge, wave: Wave, now: datetime
) -> Iterator[tuple[datetime | None, datetime | None]]:
    """Give after and until when those joined for whom it is near: all, or apart who begin on a Monday of their own."""
    if playbook.newcomers != Newcomers.FROM_START or not isinstance(nudge.when, FixedDay):
        yield None, None
        return
    on_time = max(campaign.published_at, on_time_until(wave.begins_on))
    yield None, on_time
    until = joined_before(nudge.when, (now - LATEST_ZONE + HORIZON).date())
    if until > on_time:
        yield on_time, until - timedelta(microseconds=1)


def _near(session: Session, campaign: Campaign, playbook: Playbook, now: datetime) -> Iterator[tuple[Nudge, Wave]]:
    """Give the nudges that can be decided and are not, and for whom; cheap, because it is asked at every tick."""
    staging = campaign.staging
    size = campaigns.ever_size(session, campaign.campaign_id, is_pilot=True if staging.is_piloting else None)
    counts = history.decided_counts(session, campaign.campaign_id)
    for nudge in playbook.nudges:
        for wave in _waves(nudge, staging) if counts.get(nudge.key, 0) < size else ():
            is_past = is_over(playbook, nudge.key, starts_on=wave.begins_on, today=now.date())
            if not is_past and _is_near(nudge, wave, counts, now):
                yield nudge, wave


def _waves(nudge: Nudge, staging: Staging) -> tuple[Wave, ...]:
    # What follows another nudge hangs on that nudge's sending, whichever day its reader began on.
    return staging.waves[-1:] if isinstance(nudge.when, AfterNudge) else staging.waves


def _is_near(nudge: Nudge, wave: Wave, counts: Mapping[str, int], now: datetime) -> bool:
    if isinstance(nudge.when, AfterNudge):
        return counts.get(nudge.when.after, 0) > 0
    if isinstance(nudge.when, AroundSession) and not counts.get(nudge.when.after, 0):
        return False
    # Near for everybody at once, even where it is still yesterday: then one look decides it for all.
    return near_day(nudge.when, wave.begins_on) <= (now - LATEST_ZONE + HORIZON).date()


def _question(
    core: Core, campaign: Campaign, playbook: Playbook, nudge: Nudge, *, wave: Wave, now: datetime
) -> Question:
    asked = Question(core.workspace_id, campaign.campaign_id, nudge.key, campaign.published_at)
    if isinstance(nudge.when, AroundSession):
        return replace(asked, is_pilot=wave.is_pilot, before=nudge.when.after, sent_until=now)
    if not isinstance(nudge.when, AfterNudge):
        return replace(asked, is_pilot=wave.is_pilot)
    # A day before it enters the horizon it could not be decided yet, and everybody would be asked at every tick.
    sent_until = now + HORIZON - DAY - timedelta(days=nudge.when.days)
    asked = replace(asked, before=nudge.when.after, sent_until=sent_until)
    given_kind = asked_kind(nudge.when, playbook.nudge(nudge.when.after))
    if given_kind is None:
        return asked
    return replace(asked, given_kind=given_kind.value, silent_until=now + SPARE - timedelta(days=nudge.when.days))


def _next(session: Session, task: _Task, after: str = "") -> Sequence[AnyRow]:
    return undecided(session, task.asked, after=after, most=task.at_once)


def _plan_all(core: Core, task: _Task, rows: Sequence[AnyRow]) -> int:
    """Decide and store for these and for all who come after them; return how many deliveries were added."""
    decide, id_of, added = decider(task.scene), _ids_of(core, task), 0
    while rows:
        # Decided anew at the next tick, under the same ids, if a crash takes it: what is not stored is undecided.
        with core.db.begin(is_repeated=True) as session:
            known = still_meant(session, task.campaign, rows[0].person_id, rows[-1].person_id)
            new = _new(task, _decided(decide, id_of, (row for row in rows if row.person_id in known)))
            added += deliveries.enqueue_all(session, core.workspace_id, new, task.scene.now)
        if len(rows) < task.at_once:
            break
        with core.db.reading() as session:
            rows = _next(session, task, rows[-1].person_id)
    return added


def _decided(decide: Decider, id_of: Callable[[str], str], rows: Iterable[AnyRow]) -> list[Decided]:
    """Return the decisions about these people; each is asked for once for all who are in the same situation."""
    together: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in rows:
        together[row[1:]].append(row[0])
    alike: dict[Planned | Skipped, dict[str, str]] = defaultdict(dict)
    for values, ids in together.items():
        decision = decide(Situation(*values))
        if not isinstance(decision, Waiting):
            alike[decision].update((id_of(one), one) for one in ids)
    return [Decided(decision, person_ids) for decision, person_ids in alike.items()]


def _new(task: _Task, decided: Sequence[Decided]) -> NewDeliveries:
    nudge = task.scene.nudge
    return NewDeliveries(task.campaign.campaign_id, nudge.key, decided, priority=nudge.priority)


def _ids_of(core: Core, task: _Task) -> Callable[[str], str]:
    return delivery_ids(
        key=core.key,
        workspace_id=core.workspace_id,
        campaign_id=task.campaign.campaign_id,
        nudge_key=task.scene.nudge.key,
    )


def _blocked(code: str | None) -> SkipReason | None:
    if code is None:
        return None
    return SkipReason.RECALLED if code == RECALLED else SkipReason.NUDGE_STOPPED
