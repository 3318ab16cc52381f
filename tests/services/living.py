"""Weeks lived through with the real services: this module steps a house from instant to instant, at a pace, with people
who react as written down beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count

from nudges.domain.delivery.deliveries import NOTICES, DeliveryStatus
from nudges.domain.delivery.responses import Feedback
from nudges.domain.forecasts.forecast import Outlook
from nudges.domain.forecasts.forecast_engine import foresee
from nudges.domain.forecasts.reactions import Reaction, ReactionKind, by_nudge
from nudges.domain.playbooks.follow_ups import answer_until
from nudges.domain.playbooks.playbook import AfterNudge, BarrierKind
from nudges.services.answers.record_response import (
    record_answer,
    record_barrier,
    record_feedback,
    record_scene,
    record_try_it,
)
from nudges.services.answers.record_tap import record_tap
from nudges.services.authoring.foresee import with_campaign, world_now
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.publishable import first_day, usable
from nudges.services.delivery.plan_deliveries import plan_deliveries
from nudges.services.delivery.send_deliveries import send_due
from nudges.services.delivery.stage_pilots import stage_pilots
from nudges.services.own.preferences import pause, start, stop
from nudges.store import campaigns, history
from tests.fakes import Standing
from tests.services.house import House

DAY = timedelta(days=1)
Fate = tuple[str, str, datetime | None]  # status, reason, sent at


@dataclass
class Life:
    """A house in which time passes; `gap` is the time between two posts."""

    house: House
    reactions: Sequence[Reaction] = ()
    gap: timedelta = timedelta(0)
    _deeds: list[tuple[datetime, int, int, Standing, Reaction]] = field(default_factory=list)
    _looks: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._seen = len(self.house.messenger.standing)
        self._free_at = self.house.clock.now
        self._numbers = count()

    def until(self, end: datetime) -> None:
        """Do what is due at each instant until then."""
        while self.house.clock.now <= end:
            now = self.house.clock.now
            self._let_people_act(now)
            self._plan()
            if self._free_at <= now and send_due(self.house.core, limit=1):
                self._free_at = now + self.gap
                self._note_posts()
                self._plan()
            self.house.clock.now = self._next_at()

    def fates(self) -> dict[tuple[int, str, str], Fate]:
        """Return what became of each nudge for each person."""
        return {
            (row.campaign_id, row.nudge_key, row.person_id): (row.status, row.reason, row.sent_at)
            for row in self.house.rows()
            if row.campaign_id != NOTICES
        }

    def _plan(self) -> None:
        stage_pilots(self.house.core)
        for _ in range(20):  # what waits for another is decided at the tick after it
            if plan_deliveries(self.house.core).planned == 0:
                return

    def _note_posts(self) -> None:
        posted = self.house.messenger.standing[self._seen :]
        self._seen += len(posted)
        rows = {row.delivery_id: row for row in self.house.rows()}
        with self.house.core.db.reading() as session:
            names = {one.campaign_id: one for one in campaigns.campaigns(session, self.house.core.workspace_id)}
        script = by_nudge(self.reactions)
        for one in posted:
            row = rows[one.delivery_id]
            campaign = names.get(row.campaign_id)
            if campaign is None:
                continue  # a message to an owner or admin
            for reaction in script.get((one.person_id, campaign.playbook, row.nudge_key), ()):
                at = row.sent_at + reaction.after
                heappush(self._deeds, (at, reaction.line, next(self._numbers), one, reaction))
            for nudge in frozen(campaign)[0].nudges:
                if isinstance(nudge.when, AfterNudge) and nudge.when.after == row.nudge_key:
                    heappush(self._looks, row.sent_at + timedelta(days=nudge.when.days - 6))
                    heappush(self._looks, answer_until(nudge.when, row.sent_at))

    def _let_people_act(self, now: datetime) -> None:
        while self._deeds and self._deeds[0][0] <= now:
            *_, one, reaction = heappop(self._deeds)
            self._act(one, reaction)
            self._plan()

    def _act(self, one: Standing, reaction: Reaction) -> None:
        core, person_id, delivery_id = self.house.core, one.person_id, one.delivery_id
        match reaction.kind:
            case ReactionKind.USEFUL | ReactionKind.NOT_FOR_ME:
                record_feedback(core, person_id, delivery_id, Feedback(reaction.kind.value))
            case ReactionKind.ANSWER:
                record_answer(core, person_id, delivery_id, reaction.answer, reaction.confidence)
            case ReactionKind.SCENE:
                record_scene(core, person_id, delivery_id, reaction.value)
            case ReactionKind.TAP:
                record_tap(core, person_id, delivery_id, reaction.value)
            case ReactionKind.TRY_IT:
                record_try_it(core, person_id, delivery_id)
            case ReactionKind.BARRIER:
                record_barrier(core, person_id, delivery_id, BarrierKind(reaction.value))
            case ReactionKind.PAUSE:
                pause(core, person_id, reaction.days)
            case ReactionKind.STOP:
                stop(core, person_id)
            case ReactionKind.START:
                start(core, person_id)

    def _next_at(self) -> datetime:
        now = self.house.clock.now
        noon = datetime.combine(now.date(), time(12), UTC)
        while self._looks and self._looks[0] <= now:
            heappop(self._looks)
        found = [noon if noon > now else noon + DAY, *self._looks[:1], *(deed[0] for deed in self._deeds[:1])]
        with self.house.core.db.reading() as session:
            due_at = history.next_due_at(session, self.house.core.workspace_id)
        if due_at is not None:
            found.append(max(due_at, self._free_at))
        return min(at for at in found if at > now or (at == now and self.gap == timedelta(0)))


def foreseen(house: House, name: str, script: Sequence[Reaction], until: datetime) -> Outlook:
    """Return what becomes of this playbook, and of all that runs, if it is published now."""
    entry, _ = usable(house.core, name)
    with house.core.db.reading() as session:
        world = world_now(session, house.core)
        world = with_campaign(session, house.core, world, entry, first_day(house.core, entry.playbook, None))
    return foresee(world, until=until, reactions=script, watched=[one.person_id for one in house.directory.everybody])


def fates_of(outlook: Outlook) -> dict[tuple[int, str, str], Fate]:
    """Return the same of a forecast."""
    return {
        (one.campaign_id, one.nudge_key, one.person_id): (
            one.status.value,
            "" if one.status in (DeliveryStatus.SENT, DeliveryStatus.PLANNED) else str(one.reason),
            one.sent_at,
        )
        for one in outlook.foreseen
    }
