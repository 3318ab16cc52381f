"""One verdict and one wording for many: this module holds what a batch shares equal to what each is told alone.

`NUDGER_SOAK=1` draws many more batches, and others each time.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from nudges.domain.barriers.barriers import Scope, ScopeType
from nudges.domain.barriers.flags import members_of
from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.people.people import Person, PersonKind
from nudges.services.barriers.play_sends import is_eased
from nudges.services.delivery.ready_messages import message_for
from nudges.services.delivery.standing import verdict_for
from nudges.store import campaigns, deliveries, people
from nudges.store.ahead import look_ahead
from nudges.store.campaigns import Member
from nudges.store.tables import (
    AudienceRow,
    CampaignRow,
    DeliveryRow,
    FlagRow,
    PersonRow,
    PreferenceRow,
    StoppedNudgeRow,
)
from tests.fakes import utc
from tests.services.house import COMPANY, House, a_quiz_text, a_text
from tests.store.rows import a_campaign

BEGAN, TEN = utc("2027-01-06 09:00"), utc("2027-01-12 10:00")
STORY = """
  - story: how-maya-closed-it
    when: {week: 1, day: tue, at: "10:00"}
    by: {name: Maya, team: Billing Lisbon}
    text: I wrote one line in *#ask-billing*, {first_name}.
    translations: {de: {text: "Ich schrieb eine Zeile, {first_name}."}}
"""
NAMED = """
  - tip: named
    when: {week: 1, day: tue, at: "10:00"}
    text: In {team} ({place}) one line is enough.
"""
HOW_TO = """
  - howto: three-steps
    when: {week: 1, day: tue, at: "10:00"}
    text: Ask in three steps, {first_name}.
    steps: [Open the channel, Write one line]
"""
TIP = '\n  - tip: first-tip\n    when: {week: 1, day: tue, at: "10:00"}\n    text: One line is enough.\n'
TEXT = a_text("find-an-expert", TIP, STORY, NAMED, HOW_TO, a_quiz_text(), more="topics: [finding-help]")
NUDGES = ("first-tip", "how-maya-closed-it", "named", "three-steps", "first-quiz")
QUIETLY = COMPANY + "do_not_disturb: true\n"
IS_SOAK = bool(os.environ.get("NUDGER_SOAK"))
USUAL = settings(
    phases=[Phase.generate],
    max_examples=1500 if IS_SOAK else 15,
    deadline=None,
    derandomize=not IS_SOAK,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Case:
    """Somebody with one nudge on its way to them, what they asked of us, and what they had before."""

    person: Person
    member: Member | None
    wish: Mapping[str, Any]
    row: Mapping[str, Any]
    past: Sequence[Mapping[str, Any]]
    rests_until: datetime | None = None


class Resting:
    """A Slack that knows who rests."""

    def __init__(self, until: Mapping[str, datetime]) -> None:
        self._until = until

    def look(self, person_ids: Sequence[str]) -> None:
        """Nothing is asked."""

    def until(self, person_id: str, now: datetime) -> datetime | None:
        return self._until.get(person_id)


USUAL_PERSON = {"first_name": "Ana", "zone": "Europe/Lisbon", "team": "Billing Lisbon", "place": "Lisbon"} | {
    "country": "PT", "department": "Customer service", "language": "en",
}  # fmt: skip
USUAL_ROW = {
    "nudge_key": "first-tip", "fresh_until": utc("2027-01-15 10:00"), "window_ends_at": utc("2027-01-12 12:00"),
    "attempt": 1, "priority": 5,
}  # fmt: skip
# In what one person may differ from the others of a batch: each of these must tell them apart where it matters.
OTHER_PERSON = [
    {"kind": PersonKind.DEACTIVATED}, {"first_name": "Maya"}, {"first_name": "Zoë"}, {"zone": "Pacific/Kiritimati"},
    {"zone": "Asia/Dubai"}, {"team": "Billing Porto"}, {"place": "Porto"}, {"country": "DE"}, {"department": "IT"},
    {"language": "de"}, {"hours": "18:00-23:30"}, {"working_days": "wed"},
]  # fmt: skip
OTHER_MEMBER = [{"segment": "billing"}, {"is_held_out": True}, {"left_at": BEGAN}]
OTHER_WISH = [
    {"introduced_at": BEGAN}, {"stopped_at": BEGAN}, {"paused_until": utc("2027-01-12 11:00")},
    {"paused_until": utc("2027-03-01 00:00")}, {"topics": "only other"}, {"topics": "not finding-help"},
    {"fewer_since": BEGAN}, {"back_at": utc("2027-01-12 09:30")}, {"own_hours": "14-16"}, {"channel_id": "D1"},
]  # fmt: skip
OTHER_ROW = [
    *({"nudge_key": key} for key in NUDGES), {"fresh_until": TEN}, {"fresh_until": utc("2027-01-12 10:30")},
    {"window_ends_at": utc("2027-01-12 09:00")}, {"attempt": 2}, {"priority": 1},
]  # fmt: skip
PASTS = [({"status": "unknown"},), ({"status": "planned"},), ({"status": "sent"},), ({"status": "sent"},) * 3]
OTHERS: list[tuple[str, Any]] = [
    *(("person", one) for one in OTHER_PERSON),
    *(("member", one) for one in OTHER_MEMBER),
    *(("wish", one) for one in OTHER_WISH),
    *(("row", one) for one in OTHER_ROW),
    *(("past", one) for one in PASTS),
    ("nobody", None),
    ("rests", utc("2027-01-12 11:00")),
]
EASED = [("place", "Porto"), ("team", "Billing Porto")]


@st.composite
def batches(draw: st.DrawFn) -> tuple[Case, ...]:
    """Return people of whom all have something in common, and some differ in one thing or two from the others."""
    common = draw(st.lists(st.sampled_from(OTHERS), max_size=1))
    own = draw(st.lists(st.lists(st.sampled_from(OTHERS), max_size=2), min_size=2, max_size=9))
    return tuple(a_case(f"U{number}", [*common, *differs]) for number, differs in enumerate(own))


def a_case(person_id: str, differs: Sequence[tuple[str, Any]]) -> Case:
    def of(part: str) -> dict[str, Any]:
        return {name: value for which, one in differs if which == part for name, value in one.items()}

    member = {"segment": "customer-service", "is_held_out": False, "entered_at": BEGAN, "left_at": None} | of("member")
    is_known = not any(which == "nobody" for which, _ in differs)
    past = next((one for which, one in differs if which == "past"), ())
    return Case(
        Person(person_id, **(USUAL_PERSON | of("person"))),
        Member(person_id, **member) if is_known else None,
        of("wish"),
        USUAL_ROW | of("row"),
        past,
        next((one for which, one in differs if which == "rests"), None),
    )


@pytest.fixture
def quiet_house(house: House) -> House:
    house.write(QUIETLY, "company")
    return house


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize(("nudge_key", "eased"), [*((key, None) for key in NUDGES), *(("first-tip", e) for e in EASED)])
def test_whatever_makes_one_person_differ_keeps_their_verdict_and_their_words_their_own(
    quiet_house: House, nudge_key: str, eased: tuple[str, str] | None, is_reversed: bool
) -> None:
    usual: tuple[str, dict[str, Any]] = ("row", {"nudge_key": nudge_key})
    all_of_them = [usual, *OTHERS, usual]
    known = [a_case(f"U{number}", [usual, one]) for number, one in enumerate(all_of_them[:: -1 if is_reversed else 1])]
    assert_told_alike(quiet_house, known, eased=eased)


@given(known=batches(), recalled=st.sampled_from(["", "first-tip", "named"]), eased=st.sampled_from([None, *EASED]))
@USUAL
def test_a_batch_is_told_what_each_of_its_people_would_be_told_alone(
    quiet_house: House, known: tuple[Case, ...], recalled: str, eased: tuple[str, str] | None
) -> None:
    assert_told_alike(quiet_house, known, recalled=recalled, eased=eased)


def assert_told_alike(
    house: House, known: Sequence[Case], *, recalled: str = "", eased: tuple[str, str] | None = None
) -> None:
    now = house.clock.now = TEN
    rests = {case.person.person_id: case.rests_until for case in known if case.rests_until}
    core = replace(house.core, quiet=Resting(rests))
    ids = put_all(house, known, recalled=recalled, eased=eased)
    with core.db.reading() as together:
        claimed = [one for id_ in ids if (one := deliveries.find(together, core.workspace_id, id_))]
        assert len(claimed) == len(known)
        look_ahead(together, core.workspace_id, claimed)
        for one in claimed:
            with core.db.reading() as alone:
                assert verdict_for(together, core, one, now) == verdict_for(alone, core, one, now), one
                assert message_for(together, core, one) == message_for(alone, core, one), one


def put_all(house: House, known: Sequence[Case], *, recalled: str, eased: tuple[str, str] | None) -> list[str]:
    """Put these people and what is on its way to them in the place of all that was there; return the deliveries."""
    core = house.core
    with core.db.begin() as session:
        for table in (DeliveryRow, AudienceRow, PreferenceRow, PersonRow, CampaignRow, StoppedNudgeRow, FlagRow):
            session.execute(delete(table))
        everybody = [case.person for case in known]
        people.upsert_directory(session, core.workspace_id, everybody, BEGAN)
        people.upsert_file(session, core.workspace_id, everybody, BEGAN)
        campaign = a_campaign(text=TEXT, company_text=QUIETLY, starts_on=date(2027, 1, 11), published_at=BEGAN)
        campaign_id = campaigns.create(session, core.workspace_id, campaign)
        campaigns.take_in(session, campaign_id, [case.member for case in known if case.member])
        if recalled:
            campaigns.stop_nudge(session, campaign_id, recalled, slack_code=campaigns.RECALLED, now=BEGAN)
        if eased:
            session.execute(insert(FlagRow), [a_flag(core.workspace_id, *eased)])
        for case in known:
            if case.wish:
                people.change_preference(session, core.workspace_id, case.person.person_id, **case.wish)
        rows = [row for case in known for row in rows_of(case, core.workspace_id, campaign_id)]
        session.execute(insert(DeliveryRow), rows)
    return [row["delivery_id"] for row in rows if row["status"] == DeliveryStatus.SENDING]


def rows_of(case: Case, workspace_id: str, campaign_id: int) -> list[dict[str, Any]]:
    person_id = case.person.person_id
    usual = {
        "workspace_id": workspace_id,
        "campaign_id": campaign_id,
        "person_id": person_id,
        "created_at": BEGAN,
        "due_at": TEN,
        "ready_at": TEN,
        "zone": "Europe/Lisbon",
        "local_due": "2027-01-12T10:00",
    }
    mine = usual | {
        "delivery_id": f"d-{person_id}",
        "status": DeliveryStatus.SENDING,
        "claimed_at": TEN,
        "sent_at": None,
    }
    before = [
        usual
        | dict(case.row)
        | {
            "delivery_id": f"p{number}-{person_id}",
            "nudge_key": f"earlier-{number}",
            "claimed_at": None,
            "sent_at": TEN - timedelta(days=number + 1) if one["status"] == "sent" else None,
            **one,
        }
        for number, one in enumerate(case.past)
    ]
    return [mine | dict(case.row), *before]


def a_flag(workspace_id: str, scope_type: str, scope_id: str) -> dict[str, Any]:
    asked = {"kind": "no_time", "grade": "confirmed", "band": "5-9", "period": 1, "remedies": [], "opened_at": BEGAN}
    until = {"eased_until": utc("2027-02-01 00:00")}
    return {"workspace_id": workspace_id, "scope_type": scope_type, "scope_id": scope_id} | asked | until


@given(
    drawn=st.lists(
        st.tuples(
            st.sampled_from(["", "Billing", " billing ", "Sales"]),
            st.sampled_from(["", "U0", "U1", "U2", "U3"]),
            st.sampled_from(["", "IT", "it "]),
        ),
        min_size=2,
        max_size=6,
    ),
    scope=st.sampled_from(
        [("team", "billing"), ("team", "manager:U0"), ("team", "manager:U1"), ("department", "it"), ("place", "Porto")]
    ),
)
@USUAL
def test_a_play_spares_just_those_who_count_in_its_area(
    house: House, drawn: list[tuple[str, str, str]], scope: tuple[str, str]
) -> None:
    everybody = [
        Person(f"U{number}", team=team, manager_id=manager_id, department=department, place="Porto" if number else "")
        for number, (team, manager_id, department) in enumerate(drawn)
    ]
    with house.core.db.begin() as session:
        for table in (PersonRow, FlagRow):
            session.execute(delete(table))
        people.upsert_file(session, house.core.workspace_id, everybody, BEGAN)
        session.execute(insert(FlagRow), [a_flag(house.core.workspace_id, *scope)])
    counted = {one.person_id for one in members_of(Scope(ScopeType(scope[0]), scope[1]), everybody)}
    with house.core.db.reading() as session:
        spared = {one.person_id for one in everybody if is_eased(session, house.core, one)}
    assert spared == counted
