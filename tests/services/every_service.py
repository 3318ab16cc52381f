"""Every service that is given a core: this module finds them, calls one and tells what it gave and changed."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import nudges.services
from nudges.clock import Clock
from nudges.domain.barriers.barriers import Grade, Scope, ScopeType
from nudges.domain.barriers.evidence import AskAnswer, Heard
from nudges.domain.barriers.flag_life import Move
from nudges.domain.delivery.deliveries import person_hash
from nudges.domain.delivery.previews import PreviewId
from nudges.domain.delivery.responses import Feedback
from nudges.domain.find.views import FoundRef
from nudges.domain.people.topics import TopicWish
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.domain.plays.models import Receivers, Sends
from nudges.domain.stories.stories import Consent, DeclineReason, Told
from nudges.errors import NudgerError
from nudges.ports import Receipt
from nudges.services.authoring.plan_ahead import Question
from nudges.services.core import Core
from nudges.store import approvals, campaigns, deliveries, flags, reports, stories, versions, workshops
from nudges.store.approvals import ApprovalKind, ApprovalReason
from nudges.store.engine import Database
from tests.bot.office import ADMIN, AFTER_ALL, ANA, AUTHOR, FRIDAY
from tests.builders import a_person
from tests.two_workspaces import (
    BOTH,
    HERE,
    KEY,
    ONLY_HERE,
    ONLY_THEM,
    ONLY_THERE,
    QUIZ,
    THERE,
    TIP,
    Ids,
    Place,
)

Service = Callable[..., Any]
NOT_OF_ONE = {
    "erase_left.erase_left": "all that have left: tests/services/test_installing.py",
    "installing.begin_installation": "before there is a workspace",
    "installing.redeem_state": "before there is a workspace",
    "installing.complete_installation": "Slack names the workspace: tests/services/test_installing.py",
    "installing.reseal_tokens": "all of them: tests/services/test_installing.py",
    "restore.restore": "a whole database",
    "ask_approval.reason_of_growth": "looks at company.yaml alone",
}
# Given what only their callers build, one for each run; through these callers they are called here.
WITHIN = {
    "draft_plan.draft_of": "draft_plan.draft",
    "plan_ahead.plan_published": "plan_ahead.plan_ahead",
    "read_approvals.pilot_view": "read_approvals.waiting_for",
    "send_deliveries.record_receipts": "send_deliveries.send_due",
    "stage_pilots.verdict_of": "stage_pilots.stage_pilots",
    "publishable.profile_findings": "draft_plan.draft",
    "foresee.with_campaign": "draft_plan.draft",
    "kind_facts.with_kind_facts": "send_deliveries.send_due",
    "publish_periods.may_be_raised": "review_barriers.review_barriers",
    "publish_periods.publish_period": "review_barriers.review_barriers",
    "meetings.seat_values": "send_deliveries.send_due",
    "meetings.shown_to": "send_deliveries.send_due",
    "record_response.record_on": "record_response.record_answer",
    "close_period.close_period": "review_barriers.review_barriers",
    "follow_groups.follow_groups": "review_barriers.review_barriers",
    "look_at_groups.count_until": "review_barriers.review_barriers",
    "look_at_groups.usage_since": "review_barriers.review_barriers",
    "raise_flags.raise_flag": "review_barriers.review_barriers",
    "raise_flags.name_flag": "review_barriers.review_barriers",
    "keep_evidence.keep_text": "record_response.record_reply",
    "prune_evidence.prune_evidence": "prune_history.prune_history",
    "tombstones.apply_list": "tombstones.hold_to_tombstones",
}


def public() -> dict[str, Service]:
    """Return every public function of the services that is given a core or a database."""
    found = {}
    for one in pkgutil.walk_packages(nudges.services.__path__, "nudges.services."):
        module = importlib.import_module(one.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            kinds = [parameter.annotation for parameter in inspect.signature(function).parameters.values()]
            if function.__module__ == module.__name__ and name[0] != "_" and {Core, Database, Clock} & set(kinds):
                found[f"{one.name.rpartition('.')[2]}.{name}"] = function
    return found


ALL = public()
CALLED = sorted(set(ALL) - set(NOT_OF_ONE) - set(WITHIN))


def _campaign(place: Place) -> Any:
    with place.core.db.reading() as session:
        return campaigns.by_name(session, HERE, ONLY_HERE)


def _delivery(place: Place) -> Any:
    with place.core.db.reading() as session:
        return deliveries.find(session, HERE, reports.deliveries_of(session, HERE, ANA)[0].delivery_id)


def _approval(place: Place) -> Any:
    with place.core.db.reading() as session:
        return approvals.open_ones(session, HERE)[0]


def _version(place: Place) -> Any:
    campaign = _campaign(place)
    with place.core.db.reading() as session:
        return versions.version_of(session, campaign.campaign_id, campaign.version)


def _story(place: Place) -> Any:
    with place.core.db.reading() as session:
        return stories.undecided(session, HERE)[0]


def _flag(place: Place) -> Any:
    with place.core.db.reading() as session:
        return flags.flags(session, HERE)[0]


def _place(place: Place) -> workshops.Place:
    return workshops.Place(_campaign(place).campaign_id, TIP, "")


def _ref(place: Place) -> FoundRef:
    return FoundRef(_campaign(place).campaign_id, TIP)


def _company(place: Place) -> Any:
    return place.core.company()


def _entry(place: Place) -> Any:
    return place.core.library().playbooks[ONLY_HERE]


# What a parameter of this name is given: a value, or what makes it of the first workspace's own; ids are in `of_other`.
VALUES: dict[str, Any] = {
    "campaign": _campaign, "playbook_of": _campaign, "delivery": _delivery, "found": _approval, "version": _version,
    "company": _company, "entry": _entry, "actor_id": ADMIN, "viewer_id": ADMIN, "person_id": ANA, "owner": ADMIN,
    "person_ids": [ANA], "old": ANA, "new": "U0NEW", "person": a_person(ANA), "name": ONLY_THERE,
    "file": f"{ONLY_THERE}.yaml",
    "campaign_name": ONLY_THERE, "nudge_key": TIP, "now": AFTER_ALL, "starts_on": date(2027, 2, 1), "why": "no",
    "text": "slack_id,department\nU0ANA,IT\n", "limit": 20, "settle": timedelta(0), "workspace_name": "Here",
    "marker": None, "kind": BarrierKind.NO_TIME, "feedback": Feedback.USEFUL, "choice_key": "channel",
    "answer": "channel", "place": _place, "token": "AAAA.BBBB", "hours": "10:00-16:00", "states": [],
    "claimed": lambda place: [_delivery(place)], "refs": lambda place: [_ref(place)], "ref": _ref,
    "topics": TopicWish(), "until": AFTER_ALL, "key": "will_try", "is_right": True, "confidence": "",
    "event_id": "Ev1", "segment": ONLY_THEM, "notice_key": "k", "text_key": "notice.campaign_ended",
    "values": {"campaign": "x"}, "reason": "slack:app_uninstalled", "subject": ONLY_THERE, "group_ids": ["S1"],
    "story": _story, "told": Told("words", Consent.INSIDE), "form_id": "V9", "revision": 1, "words": "words",
    "hashed": person_hash(key=KEY, workspace_id=THERE, person_id=ANA),
    "period": 0, "preview_id": PreviewId(ONLY_THERE, QUIZ, ""), "asked": Question(ONLY_THERE),
    "flag": _flag, "heard": Heard(BarrierKind.LACKS_SKILL, 1.0), "playbook": BOTH, "reply_id": 1, "text_id": "V8",
    "source": "form", "language": "en", "band": "5-9", "grade": Grade.EARLY, "probability": 0.9, "owner_id": AUTHOR,
    "said": AskAnswer.RIGHT, "to_id": ADMIN, "play_key": "fewer-and-shorter", "number": 1, "move": Move.ACKNOWLEDGED,
    "scope": Scope(ScopeType.DEPARTMENT, "Customer service"), "traces": [],
    "sends": Sends(to=Receivers.EVERYBODY, title="A title", text="A text."), "is_whole": False,
    "at": AFTER_ALL,
    "workspace_id": HERE, "since": FRIDAY, "spans": [], "steps": [], "url": "https://example.com/needs",
    "came": [ANA], "shown": [ANA],
}  # fmt: skip
OWN: dict[str, dict[str, Any]] = {
    "late_posts.take_back": {"late": lambda place: [(_delivery(place), Receipt("D0ANA", "1.000100"))]},
    "ask_approval.ask": {"kind": ApprovalKind.PUBLISH, "reason": ApprovalReason.PILOT, "version": 1,
                         "content_hash": "f" * 64},
    "meetings.is_for": {"playbook": lambda place: _entry(place).playbook},
    "count_came.count_came": {"playbook": lambda place: _entry(place).playbook},
    "ask_back.confirm": {"said": "right"},
    "begin_campaign.start": {"campaign": _campaign},
    "draft_files.save_draft": {"version": "0" * 64, "text": f"playbook: {ONLY_THERE}\n"},
    "flag_cards.calendar_for": {"owner": a_person(ADMIN)},
    "flag_cards.cards_of": {"found": []},
    "flag_record.open_or_reopen": {"new": _flag},
    "import_usage.import_usage": {"text": "slack_id,week,active_days\nU0ANA,2027-01-04,3\n"},
    "publishable.edited_twin": {"playbook": ONLY_THERE},
    "publishable.first_day": {"playbook": lambda place: _entry(place).playbook, "wanted": None},
    "publishable.refuse_nobody": {"playbook": lambda place: _entry(place).playbook},
    "publishable.refuse_twin": {"playbook": ONLY_THERE},
    "publishable.twins": {"playbook": ONLY_THERE},
    "review_stories.decline": {"reason": DeclineReason.NOT_NOW},
    "story_look.notice_values": {"values": {"story_id": "0" * 32}},
    "segment_look.look_at_segment": {"name": "customer-service"},
    "needs.views": {"found": []},
    "needs.decide": {"decision": "adopt"},
    "votes.vote": {"playbook": ONLY_THERE},
    "stage_pilots.ask_to_widen": {"reason": ApprovalReason.PILOT},
}  # fmt: skip


def arguments(name: str, place: Place, ids: Ids) -> tuple[bool, dict[str, Any]]:
    """Return whether it wants a session, and what to call it with."""
    of_other = {
        "delivery_id": ids.deliveries[0],
        "approval_id": ids.approval,
        "content_hash": ids.content_hash,
        "flag_id": ids.flag,
        "campaign_id": ids.campaign,
        "story_id": ids.story,
        "digest": ids.digest,
        "ask_id": ids.ask,
    }
    given: dict[str, Any] = {}
    wants_session = False
    for parameter in inspect.signature(ALL[name]).parameters.values():
        own = OWN.get(name, {})
        if parameter.name == "session":
            wants_session = True
            continue
        if parameter.name in ("core", "db"):
            given[parameter.name] = place.core if parameter.name == "core" else place.core.db
            continue
        is_rest = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        is_optional = parameter.default is not parameter.empty or is_rest
        if parameter.name not in own and is_optional:
            continue
        known = {**VALUES, **of_other, **own}
        assert parameter.name in known, f"{name}: say in VALUES what `{parameter.name}` is"
        value = known[parameter.name]
        given[parameter.name] = value(place) if inspect.isfunction(value) else value
    return wants_session, given


def outcome(name: str, place: Place, ids: Ids) -> str:
    """Call the service for the first workspace; return all that it said, its refusal or its words to Slack."""
    wants_session, given = arguments(name, place, ids)
    messenger = place.messenger
    already = len(messenger.sent), len(messenger.updated), len(messenger.previewed)
    try:
        if wants_session:
            with place.core.db.begin() as session:
                found = _whole(ALL[name](session=session, **given))
        else:
            found = _whole(ALL[name](**given))
    except NudgerError as error:
        found = (type(error).__name__, error.message, error.hint)
    except TypeError as error:
        raise AssertionError(f"{name}: {error}") from error
    went_out = messenger.sent[already[0] :], messenger.updated[already[1] :], messenger.previewed[already[2] :]
    return repr((found, went_out))


def _whole(found: Any) -> Any:
    return list(found) if hasattr(found, "__next__") else found
