"""What admins and authors ask: this module is the read models behind `/nudge status` and its siblings."""

import difflib
from datetime import datetime, time, timedelta
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy.orm import Session

from nudges.domain.delivery.crowding import Crowding, crowding
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.measuring.views import CampaignView, HealthView, SegmentView, StatusView
from nudges.domain.people.people import PersonKind
from nudges.errors import CampaignNotFound
from nudges.services.authoring.segment_look import look_at_segment
from nudges.services.barriers.flag_cards import barriers as barriers
from nudges.services.barriers.flag_gate import visible_flags
from nudges.services.barriers.periods import zone
from nudges.services.core import Core
from nudges.services.measuring.figures import campaign_view
from nudges.services.people.sync_groups import group_problems
from nudges.store import audit, campaigns, history, instance, paces, people, processes, reports
from nudges.store.campaigns import CampaignStatus
from nudges.store.doubts import doubts_since
from nudges.store.processes import SEEN_WITHIN

SAMPLE = 20
AHEAD = timedelta(days=1)
DOUBTS_TOLD = timedelta(days=7)  # a weekend and more may pass until somebody looks


def status(core: Core, actor_id: str) -> StatusView:
    """Return everything at a glance."""
    now = core.clock()
    with core.db.reading() as session:
        here = instance.workspace(session, core.workspace_id)
        kinds = reports.people_by_kind(session, core.workspace_id)
        stopped, paused = people.count_wishes(session, core.workspace_id, now)
        shown = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE, CampaignStatus.PAUSED)
        return StatusView(
            now=now,
            zone=core.company().default_zone,
            is_held=bool(here and here.hold_reason),
            hold_reason=here.hold_reason if here else "",
            people=sum(kinds.values()),
            sendable=kinds.get(PersonKind.MEMBER, 0),
            stopped=_at_least_k(core, stopped),
            paused=_at_least_k(core, paused),
            campaigns=tuple(campaign_view(session, core, campaign) for campaign in shown),
            sent_today=reports.sent_since(session, core.workspace_id, _midnight(core, now)),
            unknown=reports.count_where(session, core.workspace_id, DeliveryStatus.UNKNOWN),
            open_flags=len(visible_flags(session, core, actor_id)),
            next_at=history.next_due_at(session, core.workspace_id),
            faults=core.library().broken,
            doubts=doubts_since(session, core.workspace_id, now - DOUBTS_TOLD),
            missing=_missing_parts(session, core),
            crowding=_crowding(session, core, now),
        )


def campaign_list(core: Core) -> tuple[CampaignView, ...]:
    """Return all campaigns, the newest first."""
    with core.db.reading() as session:
        found = campaigns.campaigns(session, core.workspace_id)
        return tuple(campaign_view(session, core, campaign) for campaign in reversed(found))


def campaign(core: Core, name: str) -> CampaignView:
    """Return one campaign; CampaignNotFound offers the nearest name."""
    with core.db.reading() as session:
        found = campaigns.by_name(session, core.workspace_id, name)
        if found is not None:
            return campaign_view(session, core, found)
        names = [one.name for one in campaigns.campaigns(session, core.workspace_id)]
    near = difflib.get_close_matches(name, names, n=1)
    raise CampaignNotFound(f"There is no campaign called {name}." + (f" Did you mean {near[0]}?" if near else ""))


def segment_people(core: Core, actor_id: str, name: str) -> SegmentView:
    """Return who is in a segment, for scheduling only; the look is written to the audit."""
    company = core.company()
    if name not in company.segments:
        near = difflib.get_close_matches(name, company.segments, n=1)
        return SegmentView(name, "", 0, (), (), nearest=near[0] if near else "", is_known=False)
    with core.db.begin() as session:
        audit.record(session, core.workspace_id, actor_id=actor_id, action="people", subject=name, now=core.clock())
        return look_at_segment(session, core, company, name)


def health(core: Core) -> HealthView:
    """Return whether it is running well."""
    now = core.clock()
    with core.db.reading() as session:
        here = instance.workspace(session, core.workspace_id)
        waiting, oldest = reports.waiting_due(session, core.workspace_id, now)
        return HealthView(
            now=now,
            zone=core.company().default_zone,
            is_held=bool(here and here.hold_reason),
            hold_reason=here.hold_reason if here else "",
            last_tick_at=here.ticked_at if here else None,
            waiting_due=waiting,
            oldest_due_at=oldest,
            unknown=reports.count_where(session, core.workspace_id, DeliveryStatus.UNKNOWN),
            failed_today=reports.failed_since(session, core.workspace_id, _midnight(core, now)),
            last_sync_at=here.synced_at if here else None,
            people=sum(reports.people_by_kind(session, core.workspace_id).values()),
            database="SQLite" if core.db.is_sqlite else "PostgreSQL",
            version=_version(),
            faults=core.library().broken,
            notes=group_problems(session, core),
            doubts=doubts_since(session, core.workspace_id, now - DOUBTS_TOLD),
            missing=_missing_parts(session, core),
        )


def _crowding(session: Session, core: Core, now: datetime) -> Crowding | None:
    """Return what does not fit into its window within a day, at the pace last learnt or else the one to begin with."""
    learnt = paces.saved(session, core.workspace_id)
    pace = (learnt.learnt.get("rate") if learnt else None) or core.posts_per_second
    return crowding(reports.waves(session, core.workspace_id, now + AHEAD), posts_per_second=pace, now=now)


def _missing_parts(session: Session, core: Core) -> tuple[str, ...]:
    """Return the parts of which no process was seen lately; on SQLite one process does everything."""
    return () if core.db.is_sqlite else processes.missing(processes.parts_seen(session, SEEN_WITHIN))


def _midnight(core: Core, now: datetime) -> datetime:
    return datetime.combine(now.astimezone(zone(core)).date(), time.min, zone(core))


def _at_least_k(core: Core, count: int) -> int | None:
    return count if count >= core.company().k else None


def _version() -> str:
    try:
        return version("nudger")
    except PackageNotFoundError:
        return "?"
