"""From the pilot to everybody, and to the end: this module is the job that looks at how each campaign stands."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.delivery.staging import (
    Halted,
    PilotTally,
    PilotVerdict,
    Ready,
    StopRule,
    broken_rules,
    pilot_verdict,
)
from nudges.domain.measuring.disclosure import band
from nudges.domain.playbooks.playbook import Pilot, Playbook, Widening
from nudges.errors import ApprovalImpossible, StorageError
from nudges.services.authoring import begin_campaign
from nudges.services.authoring.ask_approval import ask, reason_of_growth
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.publishable import today
from nudges.services.authoring.spans import is_finished, last_day
from nudges.services.core import Core
from nudges.services.delivery.notices import notify, tell
from nudges.services.people.roles import admins_of
from nudges.store import approvals, audit, campaigns, history, pilots, recall, versions
from nudges.store.approvals import ApprovalKind, ApprovalReason
from nudges.store.campaigns import Campaign, CampaignStatus

logger = logging.getLogger(__name__)

HALTED = {
    StopRule.NOT_FOR_ME: "notice.pilot_halted_not_for_me",
    StopRule.STOPS: "notice.pilot_halted_stops",
    StopRule.BARRIER_REPORTS: "notice.pilot_halted_barrier_reports",
    StopRule.ERRORS: "notice.pilot_halted_errors",
}
ROBOT = "nudger"  # who acts where a rule of the playbook does
PATIENCE = timedelta(days=90)  # a pilot that nobody widens ends so long after its last day
MARGIN = timedelta(days=2)  # zones: a day is over everywhere


@dataclass(frozen=True)
class Staged:
    """What changed at one look."""

    halted: int = 0
    widened: int = 0
    asked: int = 0
    ended: int = 0


def stage_pilots(core: Core) -> Staged:
    """Halt pilots whose stop rules hold, widen those that are ready or ask for it, and end what is over."""
    with core.db.reading() as session:
        live = campaigns.campaigns(session, core.workspace_id, CampaignStatus.LIVE)
    found = [_stage(core, campaign) for campaign in live]
    return Staged(*(found.count(name) for name in ("halted", "widened", "asked", "ended")))


def _stage(core: Core, campaign: Campaign) -> str:
    try:
        playbook, _ = frozen(campaign)
    except StorageError as error:  # planning has told the admins
        logger.warning("campaign not staged", extra={"campaign": campaign.name, "code": error.code})
        return ""
    pilot = playbook.audience.pilot
    if _is_over(core, campaign, playbook):
        return _end(core, campaign)
    if not campaign.is_piloting or pilot is None:
        return ""
    with core.db.reading() as session:
        verdict, tally = verdict_of(session, core, campaign, pilot)
    if isinstance(verdict, Halted):
        return _halt(core, campaign, pilot, verdict.reason, tally)
    if isinstance(verdict, Ready):
        return _go_on(core, campaign, pilot)
    if today(core) > last_day(playbook, campaign.starts_on) + MARGIN:
        _tell_over(core, campaign)
    return ""


def verdict_of(session: Session, core: Core, campaign: Campaign, pilot: Pilot) -> tuple[PilotVerdict, PilotTally]:
    """Return how a campaign's pilot stands, and the counts behind it, which are not for showing."""
    tally = pilots.tally(session, core.workspace_id, campaign.campaign_id)
    overruled = frozenset(StopRule(rule) for rule in campaign.overruled.split())
    return pilot_verdict(tally, pilot, k=core.company().k, overruled=overruled), tally


def overrule(session: Session, core: Core, campaign: Campaign) -> None:
    """A person resumes a halted pilot: the rules that hold now have been looked at and do not halt it again."""
    pilot = frozen(campaign)[0].audience.pilot
    if not campaign.is_piloting or pilot is None:
        return
    tally = pilots.tally(session, core.workspace_id, campaign.campaign_id)
    rules = {*campaign.overruled.split(), *broken_rules(tally, pilot, k=core.company().k)}
    campaigns.overrule(session, campaign.campaign_id, " ".join(sorted(rules)))


def ask_to_widen(session: Session, core: Core, campaign: Campaign, reason: ApprovalReason) -> tuple[str, ...]:
    """Ask for a yes to let the rest follow, once; return who was asked. ApprovalImpossible when nobody may answer."""
    about = {"version": campaign.version, "content_hash": campaign.content_hash}
    author = campaign.published_by
    return tuple(
        ask(session, core, campaign, kind=ApprovalKind.WIDEN, reason=reason, actor_id=author, **about)  # type: ignore[arg-type]  # by name
    )


def _halt(core: Core, campaign: Campaign, pilot: Pilot, rule: StopRule, tally: PilotTally) -> str:
    with core.db.begin() as session:
        old, new = CampaignStatus.LIVE, CampaignStatus.PAUSED
        if not campaigns.change_status(session, campaign.campaign_id, old=old, new=new):
            return ""
        now = core.clock()
        audit.record(session, core.workspace_id, actor_id=ROBOT, action="halt_pilot", subject=campaign.name, now=now)
        values = {"campaign": campaign.name, "limit": _limit(pilot, rule), "people": _people(rule, tally, core)}
        key = f"halted:{campaign.campaign_id}:{campaign.version}:{rule}"
        for person_id in dict.fromkeys((frozen(campaign)[0].owner, *admins_of(core))):
            own_key = f"{key}:{person_id}"
            tell(session, core, person_id=person_id, notice_key=own_key, text_key=HALTED[rule], values=values)
    return "halted"


def _limit(pilot: Pilot, rule: StopRule) -> str:
    limit = getattr(pilot.stop_when, rule.value)
    return str(limit) if rule == StopRule.BARRIER_REPORTS else f"{limit:.0%}".replace("%", " %")


def _people(rule: StopRule, tally: PilotTally, core: Core) -> str:
    counts = {
        StopRule.NOT_FOR_ME: tally.useful + tally.not_for_me,
        StopRule.STOPS: tally.reached,
        StopRule.BARRIER_REPORTS: tally.reached,
        StopRule.ERRORS: tally.attempts,
    }
    return band(counts[rule], core.company().k)


def _go_on(core: Core, campaign: Campaign, pilot: Pilot) -> str:
    with core.db.begin() as session:
        reason = ApprovalReason.PILOT if pilot.then == Widening.APPROVAL else _growth(session, core, campaign)
        if reason is None:
            return _widen(session, core, campaign)
        known = approvals.about(session, core.workspace_id, campaign.campaign_id)
        if any(one.kind == ApprovalKind.WIDEN and one.version == campaign.version for one in known):
            return ""  # asked once; after a no the author decides what to do
        try:
            ask_to_widen(session, core, campaign, reason)
        except ApprovalImpossible:
            _notify(session, core, campaign, "notice.pilot_ready_nobody")
            return ""
    return "asked"


def _growth(session: Session, core: Core, campaign: Campaign) -> ApprovalReason | None:
    """Compare with the audience that was agreed to: since then more people may have come than anybody has seen."""
    version = versions.version_of(session, campaign.campaign_id, campaign.version)
    size = campaigns.audience_size(session, campaign.campaign_id)
    return reason_of_growth(core, (version.audience, size - version.audience)) if version else None


def _widen(session: Session, core: Core, campaign: Campaign) -> str:
    first = begin_campaign.widen(session, core, campaign, actor_id=ROBOT)
    if first is None:
        return ""
    _notify(session, core, campaign, "notice.pilot_widened", day=f"{first:%Y-%m-%d}")
    return "widened"


def _tell_over(core: Core, campaign: Campaign) -> None:
    with core.db.begin() as session:
        _notify(session, core, campaign, "notice.pilot_over", days=str(PATIENCE.days))


def _notify(session: Session, core: Core, campaign: Campaign, text_key: str, **values: str) -> None:
    key = f"{text_key}:{campaign.campaign_id}:{campaign.version}"
    told = {"campaign": campaign.name, **values}
    notify(session, core, playbook_of=campaign, notice_key=key, text_key=text_key, values=told)


def _is_over(core: Core, campaign: Campaign, playbook: Playbook) -> bool:
    """Return whether nothing of the campaign can come any more."""
    day, last_start = today(core), campaign.staging.last_start
    if last_start is None:
        return day > last_day(playbook, campaign.starts_on) + PATIENCE
    if day <= last_day(playbook, last_start) + MARGIN:
        return False
    with core.db.reading() as session:
        if pilots.open_messages(session, campaign.campaign_id):
            return False
        # Questions come back for weeks after the last nudge, unless the playbook names its last day.
        if playbook.ends_on is None and recall.is_coming_back(session, core.workspace_id, campaign.campaign_id):
            return False
        if is_finished(playbook, starts_on=last_start, today=day):
            return True
        size = campaigns.ever_size(session, campaign.campaign_id)
        counts = history.decided_counts(session, campaign.campaign_id)
        return all(counts.get(nudge.key, 0) >= size for nudge in playbook.nudges)


def _end(core: Core, campaign: Campaign) -> str:
    with core.db.begin() as session:
        old, new = CampaignStatus.LIVE, CampaignStatus.ENDED
        if not campaigns.change_status(session, campaign.campaign_id, old=old, new=new):
            return ""
        audit.record(session, core.workspace_id, actor_id=ROBOT, action="end", subject=campaign.name, now=core.clock())
    return "ended"
