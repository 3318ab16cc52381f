"""What a campaign has brought: this module reads who got and did what, lets it through the gate, and gives results.

Days count when they are over, so a look in the middle of a day shows nothing of that day.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import Feedback, ResponseKind
from nudges.domain.measuring.disclosure import band
from nudges.domain.measuring.release import Change, released
from nudges.domain.measuring.results import SILENT, SPOKE, ChoiceText, Figure, NudgeResult, ResultsView, figures
from nudges.domain.playbooks.playbook import Nudge, Pick, Playbook, Poll, Quiz
from nudges.errors import CampaignNotFound
from nudges.services.authoring.frozen import frozen
from nudges.services.barriers.periods import zone
from nudges.services.core import Core
from nudges.services.measuring import read_status
from nudges.services.measuring.compare_holdout import compare_holdout
from nudges.services.measuring.count_came import count_came
from nudges.store import audit, campaigns, past, reports, rollups
from nudges.store.campaigns import Campaign

ACTION = "results"
GRADES = (past.RIGHT, past.WRONG)
FEEDBACK = (Feedback.USEFUL.value, Feedback.NOT_FOR_ME.value)


@dataclass
class _Tally:
    """One nudge while it is counted: changes by day, segment and side, for each of its questions."""

    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[tuple[date, str, str]] = field(default_factory=Counter)
    useful: Counter[tuple[date, str, str]] = field(default_factory=Counter)
    choices: Counter[tuple[date, str, str]] = field(default_factory=Counter)
    grades: Counter[tuple[date, str, str]] = field(default_factory=Counter)


def results(core: Core, actor_id: str, name: str, *, action: str = ACTION) -> ResultsView:
    """Return what a campaign has brought; CampaignNotFound offers the nearest name. The look is noted in the audit."""
    shown = read_status.campaign(core, name)
    with core.db.begin() as session:
        audit.record(session, core.workspace_id, actor_id=actor_id, action=action, subject=name, now=core.clock())
    with core.db.reading() as session:
        campaign = campaigns.by_name(session, core.workspace_id, name)
        if campaign is None:
            raise CampaignNotFound(f"There is no campaign called {name}.")
        playbook, _ = frozen(campaign)
        until = core.clock().astimezone(zone(core)).date() - timedelta(days=1)
        counted = _counted(session, campaign, zone(core))
        for key, said in count_came(session, core, campaign, playbook).items():
            counted[key].choices = said
        _leave_out_pruned(session, campaign, counted)
        compared, k = compare_holdout(session, core, campaign), core.company().k
        return ResultsView(
            name=name,
            title=playbook.title,
            status=shown.status,
            starts_on=campaign.starts_on,
            until=until,
            k=k,
            sent=shown.books.sent,
            reached=reports.people_reached(session, campaign.campaign_id),
            segments=_segments(playbook, counted),
            nudges=tuple(_nudge(nudge, counted[nudge.key], until, k) for nudge in playbook.nudges),
            held_out=compared.held_out,
            has_usage=compared.has_usage,
            contrast=compared.contrast,
        )


def _segments(playbook: Playbook, counted: Mapping[str, _Tally]) -> tuple[str, ...]:
    met = {segment for tally in counted.values() for segment in tally.sent}
    return tuple(name for name in playbook.audience.segments if name in met)


def _nudge(nudge: Nudge, tally: _Tally, until: date, k: int) -> NudgeResult:
    choices = _choice_texts(nudge)
    return NudgeResult(
        key=nudge.key,
        kind=nudge.kind,
        title=nudge.question if isinstance(nudge, Quiz | Poll) else nudge.fallback or nudge.text or nudge.key,
        sent=tally.sent.total(),
        sent_band=band(tally.sent.total(), k),
        sent_bands={segment: band(count, k) for segment, count in sorted(tally.sent.items()) if segment},
        answered=_told(tally.answered, (SPOKE,), until, k),
        useful=_told(tally.useful, FEEDBACK, until, k),
        choices=_chosen(nudge, tally, until, k),
        choice_texts=choices,
    )


def _chosen(nudge: Nudge, tally: _Tally, until: date, k: int) -> tuple[Figure, ...]:
    """Return the choices; of an answer with several parts only its grade, for so many ways to answer are few people."""
    if isinstance(nudge, Quiz) and nudge.pick is not Pick.ONE:
        return _told(tally.grades, GRADES, until, k)
    return _told(tally.choices, tuple(choice.key for choice in _choice_texts(nudge)), until, k)


def _choice_texts(nudge: Nudge) -> tuple[ChoiceText, ...]:
    """Return what could be chosen or tapped; taps that are in our own words have no text of the author's."""
    if isinstance(nudge, Quiz) and nudge.pick is not Pick.ONE:
        return ()
    if isinstance(nudge, Quiz):
        return tuple(ChoiceText(choice.key, choice.text, choice.right) for choice in nudge.choices)
    texts = {option.key: option.text for option in nudge.options} if isinstance(nudge, Poll) else {}
    return tuple(ChoiceText(key, texts.get(key, ""), None) for key in nudge.taps)


def _told(changes: Counter[tuple[date, str, str]], sides: tuple[str, ...], until: date, k: int) -> tuple[Figure, ...]:
    found = [Change(day, group, side, by) for (day, group, side), by in changes.items() if by and day <= until]
    latest = max((change.on for change in found), default=None)
    return figures(released(found, until=until, k=k), sides, k, latest=latest)


def _leave_out_pruned(session: Session, campaign: Campaign, counted: defaultdict[str, _Tally]) -> None:
    """Tell nothing of answers that are being forgotten: what vanishes a day at a time could be subtracted."""
    gone = Counter({one.nudge_key: 0 for one in past.counts(session, campaign.campaign_id)})
    for one in past.counts(session, campaign.campaign_id):
        if one.kind == past.DELIVERY and one.value == DeliveryStatus.SENT:
            gone[one.nudge_key] += one.count
    for nudge_key, count in gone.items():
        counted[nudge_key] = _Tally(Counter({"": count + counted[nudge_key].sent.total()}))


def _counted(session: Session, campaign: Campaign, here: ZoneInfo) -> defaultdict[str, _Tally]:
    """Return the campaign counted by nudge; a person stands in one segment, and speaks when first tapping anything."""
    found: defaultdict[str, _Tally] = defaultdict(_Tally)
    for one in rollups.of_campaign(session, campaign.campaign_id):
        _count(found[one.nudge_key], one, rollups.day_of(one.quarter, here))
    return defaultdict(_Tally, {key: tally for key, tally in found.items() if key and tally != _Tally()})


def _count(tally: _Tally, one: rollups.Rolled, day: date) -> None:
    key = (day, one.segment)
    if one.kind == past.DELIVERY and one.value == DeliveryStatus.SENT:
        tally.sent[one.segment] += one.count
        tally.answered[*key, SILENT] += one.count
    elif one.kind == rollups.FIRST:
        tally.answered[*key, SPOKE] += one.count
        tally.answered[*key, SILENT] -= one.count
    elif one.kind in (ResponseKind.ANSWER, ResponseKind.TAP):
        tally.choices[*key, one.value] += one.count
        tally.grades[*key, one.reason] += one.count
    elif one.kind == ResponseKind.FEEDBACK:
        tally.useful[*key, one.value] += one.count
