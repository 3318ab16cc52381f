"""A campaign in figures: this module counts books, answers and next steps; small groups are hidden here, once."""

from datetime import date

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.delivery.responses import Feedback, ResponseKind
from nudges.domain.measuring.disclosure import SMALLEST_K, band, may_show, share_band
from nudges.domain.measuring.metrics import Books, Entry, books_of
from nudges.domain.measuring.views import BandedShare, BooksView, CampaignView, Shares
from nudges.domain.playbooks.playbook import Playbook
from nudges.services.authoring.frozen import frozen
from nudges.services.authoring.spans import is_over, last_day
from nudges.services.core import Core
from nudges.store import campaigns, history, recall, reports
from nudges.store.campaigns import Campaign, CampaignStatus
from nudges.store.reports import ResponseCount


def campaign_view(session: Session, core: Core, campaign: Campaign) -> CampaignView:
    """Return one campaign as admins and authors see it."""
    playbook, _ = frozen(campaign)
    entry = core.library().playbooks.get(campaign.playbook)
    return CampaignView(
        name=campaign.name,
        title=playbook.title,
        status=stage_of(campaign),
        starts_on=campaign.starts_on,
        ends_on=last_day(playbook, campaign.staging.last_start or campaign.starts_on),
        published_at=campaign.published_at,
        owner_id=playbook.owner,
        books=_books_view(session, campaign, playbook, core.clock().date()),
        shares=_shares(session, campaign, core.company().k),
        next_at=history.next_due_at(session, core.workspace_id, campaign_id=campaign.campaign_id),
        nudge_rows=_nudge_rows(session, campaign, playbook),
        stopped_nudges=tuple(sorted(campaigns.stopped_nudges(session, campaign.campaign_id).items())),
        has_edit=entry is not None and entry.text_hash != campaign.text_hash,
        # Whoever gets one has answered, so fewer than k are not told.
        returned_to=band(recall.people_returned_to(session, core.workspace_id, campaign.campaign_id), core.company().k),
    )


def stage_of(campaign: Campaign) -> str:
    """Return the word for where a campaign stands: its status, or that it is in its pilot."""
    is_pilot = campaign.is_piloting and campaign.status == CampaignStatus.LIVE
    return "pilot" if is_pilot else campaign.status.value


def books(session: Session, campaign: Campaign, playbook: Playbook, today: date) -> tuple[Books, int]:
    """Return the books of a campaign and how many nudges they are about.

    Decided are people, entries are deliveries: were one of them there twice, the books would not balance.
    """
    decided = reports.decided_people(session, campaign.campaign_id)
    size = reports.people_meant(session, campaign.campaign_id)
    keys = {nudge.key for nudge in playbook.nudges} | set(decided)
    missing = {key: max(0, size - decided.get(key, 0)) for key in keys}
    recalled = _recalled(session, campaign)
    rest = _rest(session, campaign)
    reasons = {key: _never(campaign, playbook, key, today, recalled=recalled) for key in keys}
    # While the pilot runs the rest is always among the missing, and only the others can have come too late.
    waits = {key: min(rest, count) for key, count in missing.items() if _waits(campaign, reasons[key])}
    left = {key: count - waits.get(key, 0) for key, count in missing.items()}
    extra = [Entry(DeliveryStatus.SKIPPED, why, False, left[key]) for key, why in reasons.items() if why is not None]
    return books_of(
        [*reports.entries(session, campaign.campaign_id), *(entry for entry in extra if entry.count)],
        audience=sum(max(size, decided.get(key, 0)) for key in keys),
        not_yet=sum(count for key, count in left.items() if reasons[key] is None),
        after_pilot=sum(waits.values()),
    ), len(keys)


def _rest(session: Session, campaign: Campaign) -> int:
    return campaigns.ever_size(session, campaign.campaign_id, is_pilot=False) if campaign.is_piloting else 0


def _waits(campaign: Campaign, reason: SkipReason | None) -> bool:
    return campaign.is_piloting and reason in (None, SkipReason.JOINED_LATE)


def _recalled(session: Session, campaign: Campaign) -> frozenset[str]:
    stopped = campaigns.stopped_nudges(session, campaign.campaign_id)
    return frozenset(key for key, code in stopped.items() if code == campaigns.RECALLED)


def _never(
    campaign: Campaign, playbook: Playbook, nudge_key: str, today: date, *, recalled: frozenset[str]
) -> SkipReason | None:
    """Return why those for whom nothing was decided will not get the nudge, or None when it may still come."""
    if playbook.nudge(nudge_key) is None:
        return SkipReason.NUDGE_STOPPED
    if nudge_key in recalled:
        return SkipReason.RECALLED
    if campaign.status == CampaignStatus.ENDED:
        return SkipReason.NOT_PILOT if campaign.is_piloting else SkipReason.CAMPAIGN_ENDED
    last_start = campaign.staging.last_start or campaign.starts_on
    is_past = is_over(playbook, nudge_key, starts_on=last_start, today=today)
    return SkipReason.JOINED_LATE if is_past else None


def _books_view(session: Session, campaign: Campaign, playbook: Playbook, today: date) -> BooksView:
    found, nudges = books(session, campaign, playbook, today)
    not_enqueued = [(reason.value, count) for reason, count in found.not_enqueued.items()]
    undecided = [("not_due_yet", found.not_yet), ("after_pilot", found.after_pilot)]
    return BooksView(
        audience_people=reports.people_meant(session, campaign.campaign_id),
        nudges=nudges,
        audience=found.audience,
        enqueued=found.enqueued,
        not_enqueued=(*not_enqueued, *(one for one in undecided if one[1])),
        sent=found.sent,
        planned=found.planned,
        retry=found.retry,
        sending=found.sending,
        unknown=found.unknown,
        skipped=tuple((reason.value, count) for reason, count in found.skipped.items()),
        expired=found.expired,
        failed=found.failed,
        is_balanced=found.is_balanced,
    )


def _nudge_rows(session: Session, campaign: Campaign, playbook: Playbook) -> tuple[tuple[str, str, int, int], ...]:
    counts = reports.nudge_counts(session, campaign.campaign_id)
    rows = ((nudge, counts.get(nudge.key, {})) for nudge in playbook.nudges)
    return tuple((nudge.key, nudge.kind, found.get("sent", 0), _waiting(found)) for nudge, found in rows)


def _waiting(found: dict[str, int]) -> int:
    return sum(found.get(status, 0) for status in ("planned", "retry", "sending", "unknown"))


def _shares(session: Session, campaign: Campaign, k: int) -> Shares:
    counts = reports.response_counts(session, campaign.campaign_id)
    answers = [count for count in counts if count.kind == ResponseKind.ANSWER]
    reached = reports.people_reached(session, campaign.campaign_id)
    answered = reports.people_answered(session, campaign.campaign_id)
    is_safe = may_show(members=reached, reporters=answered, k=k)
    return Shares(
        people_reached=reached,
        answered=BandedShare(share_band(answered, reached), band(reached, k)) if is_safe else None,
        quiz_right=_banded([one for one in answers if one.is_right], [one for one in answers if not one.is_right], k),
        useful=_banded(_of(counts, Feedback.USEFUL), _of(counts, Feedback.NOT_FOR_ME), k),
    )


def _of(counts: list[ResponseCount], value: Feedback) -> list[ResponseCount]:
    return [count for count in counts if count.kind == ResponseKind.FEEDBACK and count.value == value]


def _banded(left: list[ResponseCount], right: list[ResponseCount], k: int) -> BandedShare | None:
    """Return the left side's share of both, or None where one side would stand for fewer than k people."""
    least = max(k, SMALLEST_K)
    if any(sum(count.people for count in side) < least for side in (left, right)):
        return None
    part, whole = (sum(count.responses for count in side) for side in (left, left + right))
    return BandedShare(share_band(part, whole), band(whole, k))
