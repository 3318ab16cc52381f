"""What functions of the store are called with: this module is a value for each parameter, and rows to ask for."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.barriers.needs import Need
from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.people.facts import NOTHING_WANTED
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.privacy.limits import Limits
from nudges.domain.privacy.publication import Publication
from nudges.domain.recall.recall import Met, answered
from nudges.domain.stories.stories import Consent, Story, StoryState
from nudges.store import (
    approvals,
    campaigns,
    deliveries,
    flags,
    groups,
    installations,
    message_works,
    past,
    publications,
    recall,
    stories,
    usage,
)
from nudges.store import versions as texts
from nudges.store.approvals import Approval, ApprovalKind, ApprovalReason, Decision
from nudges.store.campaigns import CampaignStatus, Member
from nudges.store.evidence import Asked
from nudges.store.facts import Scene
from nudges.store.flags import Membership, StoredFlag
from nudges.store.groups import GroupReading
from nudges.store.installations import Installed, SealedTokens
from nudges.store.listed_people import directory_values
from nudges.store.message_works import ChangeState, Work, WorkKind
from nudges.store.needs import PostState
from nudges.store.sent_marks import Mark
from nudges.store.undecided import Question
from nudges.store.usage import Usage
from nudges.store.workshops import Place
from tests.builders import a_person, a_planned
from tests.store.rows import NOON, a_campaign, a_new
from tests.store.test_tenants import ANA, HASH, LATER, fill

EARLIER = NOON - timedelta(days=30)


def fill_more(session: Session, workspace_id: str) -> None:
    """Store what the other matrix does not need: approvals, orders, groups, usage, texts, counts, an installation."""
    fill(session, workspace_id)
    campaign_id = _campaign(session, workspace_id)
    approvals.ask(session, workspace_id, _approval(campaign_id))
    work_id = message_works.add(session, workspace_id, _work(campaign_id))
    message_works.add_changes(session, work_id, [f"{workspace_id}-sent"], NOON)
    groups.replace(session, workspace_id, {"S1": GroupReading(frozenset({ANA}))}, NOON)
    usage.take_over(session, workspace_id, [Usage(ANA, date(2027, 1, 4), 3, "")])
    texts.add(session, campaign_id, text="text", company_text="", text_hash="", written_by=ANA, now=NOON)
    past.add(session, campaign_id, [past.people(past.REACHED, 7)])
    installations.save(session, _installed(workspace_id), SealedTokens(f"sealed-{workspace_id}", "r", LATER))
    campaigns.stop_nudge(session, campaign_id, "planned", slack_code="x", now=NOON)
    recall.keep(session, workspace_id, _met(campaign_id))
    stories.add(session, workspace_id, _story(workspace_id))
    publications.fix_limits(session, workspace_id, 0, Limits())
    publications.keep(session, workspace_id, Publication(0, (), (Scope(ScopeType.TEAM, "T"),)))


def _story(workspace_id: str, **changes: Any) -> Story:
    day = date(2027, 1, 4)
    told = Story(f"{workspace_id}-story", HASH, f"words of {workspace_id}", Consent.INSIDE, StoryState.SHARED, day, day)
    return replace(told, author_id=ANA, decided_by=ANA, shared_on=day, **changes)


def _met(campaign_id: int, nudge_key: str = "sent") -> Met:
    card = answered(None, is_right=True, now=NOON)
    return Met(ANA, campaign_id, nudge_key, card, NOON, look_at=NOON, occurrence=2)


def _campaign(session: Session, workspace_id: str) -> int:
    return campaigns.campaigns(session, workspace_id)[0].campaign_id


def _approval(campaign_id: int) -> Approval:
    return Approval(0, campaign_id, ApprovalKind.PUBLISH, 1, "hash", ApprovalReason.PILOT, ANA, NOON)


def _work(campaign_id: int) -> Work:
    return Work(0, campaign_id, "sent", WorkKind.CORRECT, 1, ANA, NOON)


def _installed(workspace_id: str) -> Installed:
    return Installed(workspace_id, workspace_id, "", False, "A", "U", "", ANA, NOON)


def _delivery(session: Session, workspace_id: str) -> Any:
    return deliveries.find(session, workspace_id, f"{workspace_id}-sending")


def _open(session: Session, workspace_id: str) -> int:
    return approvals.open_ones(session, workspace_id)[0].approval_id


def _order(session: Session, workspace_id: str) -> int:
    return message_works.works(session, workspace_id)[0].work_id


CHANGED = json.dumps([{**directory_values(a_person(ANA, first_name="Changed")), "lot": 1}])
# What a parameter of this name is given; it may depend on the workspace. A function may have its own below.
VALUES: dict[str, Any] = {
    "workspace_id": lambda s, w: w,
    "campaign_id": _campaign,
    "campaign_ids": lambda s, w: [_campaign(s, w)],
    "campaign": lambda s, w: campaigns.campaigns(s, w)[0],
    "approval_id": _open,
    "work_id": _order,
    "story_id": lambda s, w: f"{w}-story",
    "author_hash": HASH, "today": date(2030, 1, 1), "shared_until": date(2030, 1, 1),
    "flag_id": lambda s, w: flags.flags(s, w)[0].flag_id,
    "delivery": _delivery,
    "deliveries": lambda s, w: [_delivery(s, w)],
    "delivery_id": lambda s, w: f"{w}-sent",
    "delivery_ids": lambda s, w: [f"{w}-sent", f"{w}-ben"],
    "change": lambda s, w: message_works.due(s, w, LATER, 5)[0],
    "seen": lambda s, w: installations.tokens(s, w),
    "asked": lambda s, w: Question(w, _campaign(s, w), "new-nudge", NOON),
    "scene": lambda s, w: Scene(w, LATER, campaigns.by_id(s, w, _campaign(s, w)).company_text and None),  # type: ignore[union-attr]
    "fresh": SealedTokens("new", "new", LATER),
    "tokens": SealedTokens("new", "new", LATER),
    "person_id": ANA, "person_ids": [ANA], "actor_id": ANA, "hashed": HASH, "by": ANA, "old_id": ANA, "new_id": "U0NEW",
    "published_by": ANA, "written_by": ANA, "approved_by": ANA, "first": "U0", "last": "V", "manager_id": ANA,
    "now": LATER, "before": LATER, "since": EARLIER, "after": EARLIER, "read_at": LATER, "ready_at": LATER,
    "events_before": LATER, "texts_before": LATER, "claimed_before": None, "sent_until": LATER, "lapsed": LATER,
    "week_on": date(2026, 1, 1), "starts_on": date(2027, 2, 1), "rest_starts_on": date(2027, 2, 1),
    "settle": timedelta(0), "gap": timedelta(0), "horizon": timedelta(days=900),
    "action": "look", "name": "find-an-expert", "playbook": "find-an-expert", "rules": "x", "text": "t", "code": "x",
    "company_text": "c", "text_hash": "h", "notice_key": "k", "text_key": "t", "event_id": "Ev1", "source": "dm",
    "slack_code": "x", "channel_id": "D", "message_ts": "2", "why": "", "subject": "", "tool": "", "word": "came",
    "nudge_key": "sent", "nudge_keys": ["sent", "planned"], "kept": [], "besides": "", "before_period": 9, "period": 0,
    "version": 2, "audience": 1, "limit": 50, "most": 50, "counts": True, "is_piloting": False, "quarter": 8108,
    "place": lambda s, w: Place(_campaign(s, w), "sent", ""), "seats": 3, "until": LATER, "fresh_until": LATER,
    "begin": EARLIER, "end": LATER, "monday": date(2026, 12, 28), "week": 7, "before_week": 9,
    "reasons": [SkipReason.PAUSED], "before_quarter": 8108,
    "statuses": [], "where": [], "states": [], "values": {}, "members": [Membership("other", "T", "D", "P")],
    "decision": Decision.APPROVED, "reason": "x", "state": ChangeState.DONE,
    "wanted": [Member(ANA, "all", False, NOON)], "known": None, "only": (),
    "rows": [Usage(ANA, date(2027, 1, 11), 2, "")], "people": [a_person(ANA, team="New")], "learnt": {"rate": 1.0},
    "found": {"S2": GroupReading(frozenset({ANA}))}, "planned": a_planned(LATER), "old": "T", "new": "X",
}  # fmt: skip
OWN: dict[str, dict[str, Any]] = {
    "deliveries.waiting_in_parts": {"size": 10},
    "listed_people.changes": {"listed": [a_person(ANA)], "missing": lambda s, w: list},
    "listed_people.take_over": {"changed": [CHANGED]},
    "approvals.ask": {"new": lambda s, w: _approval(_campaign(s, w))},
    "campaigns.change_status": {"old": CampaignStatus.LIVE, "new": CampaignStatus.PAUSED},
    "campaigns.create": {"new": a_campaign("another")},
    "deliveries.enqueue": {"new": lambda s, w: [a_new(f"{w}-new", campaign_id=_campaign(s, w), person_id=ANA)]},
    "deliveries.mark_skipped": {"reason": SkipReason.STOPPED},
    "deliveries.skip_person": {"reason": SkipReason.STOPPED},
    "deliveries.skip_waiting": {"reason": SkipReason.STOPPED},
    "evidence.add_report": {"kind": "lacks_skill", "weight": 1.0, "week": 2},
    "evidence.ask": {"new": Asked("ask-new", "no_time", "", None, NOON)},
    "evidence.take_back": {"kind": "no_time", "after_period": -1},
    "evidence.drop_guess": {"kind": "no_time"},
    "evidence.forget_ask": {"kind": "no_time"},
    "evidence.prune": {"asked_before": LATER},
    "evidence.settle_ask": {"ask_id": "ask-of-ana"},
    "responses.erase_text": {"reply_id": 1},
    "flags.change_state": {"old": "open", "new": "resolved"},
    "flag_history.note": {"what": "opened"},
    "flag_history.history": {"flag_ids": lambda s, w: [flags.flags(s, w)[0].flag_id]},
    "flag_history.prune": {"settled": ["dismissed"]},
    "flag_lives.change": {"old": lambda s, w: flags.flags(s, w)[0]},
    "flags.close_period": {"period": 3},
    "flags.freeze_membership": {"period": 3},
    "publications.keep": {"publication": Publication(3, (), (Scope(ScopeType.TEAM, "T"),))},
    "publications.fix_limits": {"period": 3, "limits": Limits()},
    "flags.open_flag": {"new": StoredFlag(0, "team", "U", "no_time", "early", "5-9", "open", ANA, (), 0, NOON)},
    "installations.save": {"new": lambda s, w: _installed(w)},
    "message_works.add": {"new": lambda s, w: _work(_campaign(s, w))},
    "forgotten.mark_cleared": {"those": lambda s, w: [(w, HASH)]},
    "weekly_counts.add_usage": {"counts": []},
    "weekly_counts.keep": {"counts": []},
    "needs.hear": {"found": [Need(BarrierKind.LACKS_SKILL, "Canvas", "5-9")]},
    "needs.decide": {"number": 1, "decision": "adopt"},
    "needs.keep_post": {"state": PostState("told", 1, LATER, NOON)},
    "past.add": {"counts": [past.people(past.REACHED, 2)]},
    "wishes.change_preference": {"changes": {"stopped_at": None}},
    "wishes.change_preferences": {"changes": {ANA: {"stopped_at": None}}},
    "sent_marks.mark_all_sent": {"marks": lambda s, w: [Mark(_delivery(s, w), "D", "1.1", LATER)]},
    "recall.keep_all": {"several": lambda s, w: [_met(_campaign(s, w), "planned")]},
    "recall.keep": {"met": lambda s, w: _met(_campaign(s, w), "planned")},
    "recall.people_due": {"after": ""},
    "reports.count_where": {"statuses": [DeliveryStatus.SENT, DeliveryStatus.SENDING]},
    "responses.add": {"kind": ResponseKind.TRY_IT},
    "responses.has": {"kind": ResponseKind.TRY_IT},
    "rollups.kinds": {"wanted": ["delivery"]},
    "rollups.messages_before": {"statuses": ["sent", "planned"]},
    "weekly_counts.weeks_without_usage": {"since": 0},
    "rollups.nudges": {"statuses": ["sent", "planned"], "since": None},
    "stories.add": {"new": lambda s, w: _story(w, story_id=f"{w}-new")},
    "stories.change": {"old": lambda s, w: _story(w), "new": lambda s, w: _story(w, words="other words")},
    "undecided.undecided": {"after": ""},
    "usage.prune": {"before": date(2030, 1, 1)},
    "facts.behaviours": {"wanted": NOTHING_WANTED},
}
