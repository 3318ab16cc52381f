"""Valid values by default: this module is how tests make people, playbooks and companies, saying only what matters."""

from datetime import date, datetime, time, timedelta
from typing import Any

from nudges.domain.delivery.deliveries import Planned
from nudges.domain.people.people import Person, PersonKind
from nudges.domain.people.segments import HasValue
from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import (
    AudienceRule,
    Choice,
    FixedDay,
    Goal,
    PersonalWin,
    Playbook,
    Quiz,
    Sponsor,
    Story,
    StoryAuthor,
    Tip,
    WinKind,
)
from nudges.domain.times.hours import Weekday, WorkingWeek

A_MONDAY = date(2027, 1, 11)
DEFAULTS = {"default": "09:00-17:00 mon-fri"}


def a_person(person_id: str = "U0ANA", *, zone: str = "Europe/Lisbon", **values: Any) -> Person:
    """Return a member of Customer service in Lisbon."""
    usual: dict[str, Any] = {
        "kind": PersonKind.MEMBER,
        "first_name": "Ana",
        "department": "Customer service",
        "place": "Lisbon",
        "country": "PT",
        "role": "agent",
        "team": "Billing Lisbon",
        "manager_id": "U0BOSS",
        "language": "pt",
    }
    return Person(person_id=person_id, zone=zone, **(usual | values))


def a_day(*, week: int = 1, day: str = "tue", at: str = "10:00", **values: Any) -> FixedDay:
    """Return `{week: 1, day: tue, at: "10:00"}`."""
    return FixedDay(week=week, day=Weekday.parse(day), at=time.fromisoformat(at), **values)


def a_tip(key: str = "ask-before-you-search", **values: Any) -> Tip:
    """Return a tip for the first Tuesday at ten."""
    usual: dict[str, Any] = {"when": a_day(), "text": "Stuck on a billing question? Post it in *#ask-billing*."}
    return Tip(key=key, **(usual | values))


def a_story(key: str = "how-maya-closed-it", **values: Any) -> Story:
    """Return a story for the second Wednesday at two."""
    usual: dict[str, Any] = {
        "when": a_day(week=2, day="wed", at="14:00"),
        "by": StoryAuthor(name="Maya", team="Customer service Lisbon"),
        "text": "I asked, and had the answer before the customer had finished the form.",
    }
    return Story(key=key, **(usual | values))


def a_quiz(key: str = "where-would-you-ask", *, right: str = "channel", **values: Any) -> Quiz:
    """Return a quiz with the choices `channel`, `mail` and `wait`; `right` names the right one."""
    choices = (
        Choice(key="channel", text="#ask-billing", reply="Six minutes.", right=right == "channel"),
        Choice(key="mail", text="A mail to the billing lead", reply="Only you learn it.", right=right == "mail"),
        Choice(key="wait", text="I wait for the meeting", reply="The customer waits too.", right=right == "wait"),
    )
    usual: dict[str, Any] = {
        "when": a_day(week=3, day="thu"),
        "question": "A customer reports a double charge. Where do you ask first?",
        "choices": choices,
    }
    return Quiz(key=key, **(usual | values))


def a_playbook(name: str = "find-an-expert", **values: Any) -> Playbook:
    """Return a playbook for Customer service with a tip, a story and a quiz."""
    usual: dict[str, Any] = {
        "title": "Find an expert before you escalate",
        "tool": "Slack channels",
        "owner": "U0PRIYA",
        "goal": Goal(business="Resolve more at first contact", kpi="first_contact_resolution", it_partner="U0LEE"),
        "sponsor": Sponsor(name="Dana Ortiz", role="VP Service", says="I ask there myself."),
        "audience": AudienceRule(segments=("customer-service",)),
        "personal_wins": {"customer-service": PersonalWin(kind=WinKind.EASIER_DAY, text="Answer on the first call")},
        "nudges": (a_tip(), a_story(), a_quiz()),
    }
    return Playbook(playbook=name, **(usual | values))


def a_company(*, hours: dict[str, str] | None = None, **values: Any) -> Company:
    """Return a company in Lisbon: nine to five, and the segment `customer-service`."""
    weeks = {name: WorkingWeek.parse(text) for name, text in (hours or DEFAULTS).items()}
    usual: dict[str, Any] = {
        "admins": ("U0AMIR",),
        "authors": ("U0PRIYA",),
        "approvers": ("U0LEE",),
        "default_zone": "Europe/Lisbon",
        "working_hours": weeks,
        "holidays": {"PT": "auto", "DE": "DE-BY"},
        "channels": {"ask-billing": "C0BILLING"},
        "segments": {"customer-service": HasValue("department", ("Customer service",))},
    }
    return Company(**(usual | values))


def a_planned(due_at: datetime, *, zone: str = "UTC", **values: Any) -> Planned:
    """Return a nudge due at that instant, with two hours to go out and fresh for eight."""
    usual: dict[str, Any] = {
        "local_due": due_at.strftime("%Y-%m-%dT%H:%M"),
        "due_at": due_at,
        "window_ends_at": due_at + timedelta(hours=2),
        "fresh_until": due_at + timedelta(hours=8),
    }
    return Planned(zone=zone, **(usual | values))
