"""Read models by default: this module is how tests of blocks and listeners make what services would return."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from nudges.domain.barriers.evidence import AskBack
from nudges.domain.delivery.messages import AnswerShown, ChoiceLine, Message, TryItLink
from nudges.domain.measuring.views import (
    BandedShare,
    BooksView,
    CampaignView,
    HealthView,
    Role,
    Shares,
    StatusView,
    Wishes,
)
from nudges.domain.people.own_views import (
    BallotView,
    Candidate,
    HomeView,
    NextNudge,
    NudgeLine,
    SavedLine,
    Topic,
    WhyLine,
    WhyNudge,
    WhyView,
)
from nudges.domain.playbooks.playbook import BarrierKind

ZONE = "Europe/Lisbon"
NOW = datetime(2027, 1, 12, 10, 0, tzinfo=UTC)
DELIVERY = "0123456789abcdef0123456789abcdef"
LISBON = TryItLink("Open the channel", "C0BILLING")


def a_tip_message(**values: Any) -> Message:
    """Return the tip as it arrives."""
    body = "Stuck on a billing question? Post it in *#ask-billing*: the median answer comes in six minutes."
    usual: dict[str, Any] = {"kind": "tip", "body": body, "try_it": LISBON}
    return _message(usual | values)


def a_story_message(**values: Any) -> Message:
    """Return the story as it arrives."""
    body = "I asked, and had the answer before the customer had finished the form."
    return _message({"kind": "story", "body": body, "by": "Maya, Customer service Lisbon"} | values)


def a_quiz_message(**values: Any) -> Message:
    """Return the quiz as it arrives."""
    choices = (ChoiceLine("channel", "#ask-billing"), ChoiceLine("mail", "A mail to the lead"))
    question = "A customer reports a double charge. Where do you ask first?"
    return _message({"kind": "quiz", "body": "", "question": question, "choices": choices} | values)


def answered(message: Message, *, is_right: bool) -> Message:
    """Return the quiz once it is answered."""
    if is_right:
        shown = AnswerShown("#ask-billing", True, "Yes. Six minutes.", "#ask-billing")
    else:
        shown = AnswerShown("A mail to the lead", False, "It works, but only you learn the answer.", "#ask-billing")
    return replace(message, answer=shown)


def a_notice_message(**values: Any) -> Message:
    """Return a message to an owner."""
    pairs = (("campaign", "find-an-expert"), ("nudge", "where-would-you-ask"), ("code", "invalid_blocks"))
    usual: dict[str, Any] = {"notice_key": "notice.nudge_stopped", "notice_values": pairs, "win": "", "win_kind": ""}
    return _message({"kind": "notice", "body": ""} | usual | values)


def some_wishes(**values: Any) -> Wishes:
    """Return the wishes of somebody who asked for nothing."""
    return Wishes(**({"is_stopped": False, "paused_until": None, "zone": ZONE} | values))


MORNINGS = "09:00-12:30 mon-tue"
A_TOLD_BALLOT = BallotView((Candidate("a", "Talk it over"), Candidate("b", "B")), "gone", "What was", "10-19", True)


def a_busy_home(**values: Any) -> HomeView:
    """Return the Home of somebody who keeps, votes and learns."""
    first, second = Candidate("huddles", "Talk it over"), Candidate("write", "Write it once", is_new=False)
    kept = SavedLine(1, "ask-first", "Find an expert", "tip", "Post it in *#ask-billing* & wait.", NOW)
    busy: dict[str, Any] = {
        "wishes": some_wishes(is_fewer=True, most_a_week=1, hours=MORNINGS, own_hours=MORNINGS),
        "now": NOW,
        "next_nudge": NextNudge("Find an expert", "quiz"),
        "topics": (Topic("Find an expert", 3, 1, 2, NOW), Topic("Talk it over", 1, 1)),
        "saved": tuple(replace(kept, nudge_key=f"tip-{number}") for number in range(10)),
        "ballot": BallotView((first, second), "huddles", "Talk it over", "5-9"),
        "stored": (("nudges", 3), ("responses", 1), ("kept_with_nudges", 3), ("something_new", 2)),
    }
    return a_home(**(busy | values))


def a_why_nudge(**values: Any) -> WhyNudge:
    """Return why Ana got one quiz."""
    usual: dict[str, Any] = {
        "title": "Find an expert before you escalate",
        "kind": "quiz",
        "campaign": "find-an-expert",
        "owner_id": "U0PRIYA",
        "segment": "customer-service",
        "rule": "works in Customer service",
        "is_still_in": True,
        "planned_at": NOW - timedelta(days=4),
        "due_at": NOW,
        "sent_at": NOW,
        "zone": ZONE,
    }
    return WhyNudge(**(usual | values))


def a_home(**values: Any) -> HomeView:
    """Return Ana's Home with two nudges behind her and one ahead."""
    sent = (
        NudgeLine(
            title="Find an expert",
            kind="quiz",
            summary="Where do you ask first?",
            sent_at=NOW,
            answer="#ask-billing",
            was_right=True,
            feedback="useful",
        ),
        NudgeLine(title="Find an expert", kind="tip", summary="Post it there.", sent_at=NOW - timedelta(days=7)),
    )
    usual: dict[str, Any] = {
        "first_name": "Ana",
        "zone": ZONE,
        "wishes": some_wishes(),
        "sent": sent,
        "sent_count": 2,
        "next_at": NOW + timedelta(days=2),
        "role": Role.EMPLOYEE,
    }
    return HomeView(**(usual | values))


def some_books(**values: Any) -> BooksView:
    """Return books that balance: 1,280 = 320 + 900 + 60, and 320 in six states."""
    usual: dict[str, Any] = {
        "audience_people": 160,
        "nudges": 8,
        "audience": 1280,
        "enqueued": 320,
        "not_enqueued": (("not_due", 900), ("holdout", 60)),
        "sent": 300,
        "planned": 8,
        "retry": 1,
        "sending": 1,
        "unknown": 2,
        "skipped": (("paused", 3), ("stale", 2)),
        "expired": 1,
        "failed": 2,
        "is_balanced": True,
    }
    return BooksView(**(usual | values))


def a_campaign(name: str = "find-an-expert", **values: Any) -> CampaignView:
    """Return a running campaign."""
    usual: dict[str, Any] = {
        "title": "Find an expert before you escalate",
        "status": "live",
        "starts_on": date(2027, 1, 11),
        "ends_on": date(2027, 3, 5),
        "published_at": NOW - timedelta(days=4),
        "owner_id": "U0PRIYA",
        "books": some_books(),
        "shares": Shares(
            150, BandedShare("60-70 %", "50+"), BandedShare("70-80 %", "20-49"), BandedShare("80-90 %", "50+")
        ),
        "next_at": NOW + timedelta(hours=3),
        "nudge_rows": (("ask-before-you-search", "tip", 150, 10), ("where-would-you-ask", "quiz", 150, 0)),
        "stopped_nudges": (),
    }
    return CampaignView(name=name, **(usual | values))


def a_status(**values: Any) -> StatusView:
    """Return a status with one running campaign."""
    usual: dict[str, Any] = {
        "now": NOW,
        "zone": ZONE,
        "is_held": False,
        "hold_reason": "",
        "people": 400,
        "sendable": 372,
        "stopped": 6,
        "paused": 12,
        "campaigns": (a_campaign(),),
        "sent_today": 41,
        "unknown": 2,
        "open_flags": 1,
        "next_at": NOW + timedelta(hours=3),
        "faults": (),
    }
    return StatusView(**(usual | values))


def some_health(**values: Any) -> HealthView:
    """Return a healthy installation."""
    usual: dict[str, Any] = {
        "now": NOW,
        "zone": ZONE,
        "is_held": False,
        "hold_reason": "",
        "last_tick_at": NOW - timedelta(seconds=20),
        "waiting_due": 0,
        "oldest_due_at": None,
        "unknown": 0,
        "failed_today": 0,
        "last_sync_at": NOW - timedelta(hours=1),
        "people": 400,
        "database": "SQLite 3.46",
        "version": "0.1.0",
        "faults": (),
    }
    return HealthView(**(usual | values))


def a_why(**values: Any) -> WhyView:
    """Return why Ana gets one campaign."""
    line = WhyLine(
        playbook_title="Find an expert before you escalate",
        campaign="find-an-expert",
        segment="customer-service",
        rule="works in Customer service",
        owner_id="U0PRIYA",
        is_held_out=False,
        last_sent_at=NOW - timedelta(days=2),
        next_at=NOW + timedelta(days=5),
        last_skip="paused",
    )
    usual: dict[str, Any] = {
        "wishes": some_wishes(),
        "lines": (line,),
        "working_hours": "09:00-17:00 mon-fri",
        "zone": ZONE,
    }
    return WhyView(**(usual | values))


def some_data() -> dict[str, Any]:
    """Return what is stored about Ana, in the shape of glass_box.my_data."""
    return {
        "person": {"person_id": "U0ANA", "kind": "member", "first_name": "Ana", "zone": ZONE, "attributes": {}},
        "wishes": {"paused_until": NOW},
        "nudges": [{"nudge": "ask-first", "state": "sent", "reason": "", "due": NOW, "sent": NOW}],
        "responses": [{"at": NOW, "nudge": "ask-first", "what": "feedback", "value": "useful"}],
        "typed": [{"at": NOW, "where": "dm", "text": "thanks, that helped"}],
        "reported": [{"kind": "no_time", "week": 12, "period": 3, "weight": 1.0, "take_back_until": NOW}],
    }


def an_ask_back() -> AskBack:
    """Return a question back about the kind that people worry about most."""
    return AskBack("a5" * 16, BarrierKind.MANAGER_DISCOURAGES)


def _message(values: dict[str, Any]) -> Message:
    usual: dict[str, Any] = {
        "delivery_id": DELIVERY,
        "win": "Answer the customer on the first call",
        "win_kind": "easier_day",
    }
    return Message(**(usual | values))
