"""One decision for many is everybody's own: this module holds planning in batches equal to `plan`, person by person.

`NUDGER_SOAK=1` tries many more companies, and others each time.
"""

import os
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from nudges.domain.delivery.deliveries import (
    Decided,
    DeliveryStatus,
    NewDeliveries,
    Planned,
    Skipped,
    SkipReason,
    delivery_id,
)
from nudges.domain.delivery.eligibility import Standing
from nudges.domain.delivery.planning import HORIZON, Facts, Predecessor, Terms, plan
from nudges.domain.people.audiences import NEVER_SENDABLE
from nudges.domain.people.people import Person, PersonKind
from nudges.domain.playbooks.playbook import AfterNudge, Nudge
from nudges.domain.times.cadence import nominal_day
from nudges.services.authoring.frozen import frozen
from nudges.services.delivery.plan_deliveries import LATEST_ZONE, plan_deliveries
from nudges.store import campaigns, deliveries, people
from nudges.store.campaigns import Campaign, Member
from nudges.store.people import Preference
from nudges.store.tables import AudienceRow, CampaignRow, DeliveryRow, PersonRow, PreferenceRow, StoppedNudgeRow
from tests.builders import a_planned
from tests.fakes import utc
from tests.services.house import COMPANY, House, a_text
from tests.store.rows import a_campaign

PUBLISHED, MONDAY = utc("2027-01-06 09:00"), date(2027, 1, 11)
OPENINGS = "working_hours: {default: '09:00-17:00 mon-fri', AE: '09:00-17:00 mon-thu, 09:00-12:00 fri'}"
ODD = COMPANY.replace("{PT: none, DE: none, IN: none, US: none}", "{DE: DE-BY, PT: auto}") + OPENINGS
TEXT = a_text(
    first_tip='{week: 1, day: tue, at: "16:45"}',
    second_tip="{after: first-tip, days: 2}",
    third_tip='{week: 1, day: thu, at: "10:00", valid_for: 3d}',
    more="ends_on: 2027-01-22",
)
NUDGES = ("first-tip", "second-tip", "third-tip")
INSTANTS = tuple(utc(f"2027-01-{day}") for day in ("08 09:00", "11 06:00", "14 10:00", "19 23:30"))
SENT, NEVER = DeliveryStatus.SENT, DeliveryStatus.EXPIRED
IS_SOAK = bool(os.environ.get("NUDGER_SOAK"))


@dataclass(frozen=True)
class Case:
    """Somebody in an audience, what they asked of us, and how the first tip stands for them."""

    person: Person
    member: Member
    wish: Preference
    before: Predecessor | None


@st.composite
def cases(draw: st.DrawFn, person_id: str) -> Case:
    def one_of(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    person = Person(
        person_id,
        one_of(PersonKind.MEMBER, PersonKind.MEMBER, PersonKind.GUEST, PersonKind.DEACTIVATED),
        zone=one_of("Europe/Lisbon", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Dubai", "nowhere", ""),
        place=one_of("Lisbon", "Dubai", ""),
        country=one_of("PT", "DE", "AE", ""),
        hours=one_of("", "", "18:00-23:30", "nonsense"),
        working_days=one_of("", "", "mon wed", "sun-thu"),
    )
    entered_at = PUBLISHED + timedelta(days=one_of(0, 0, 2, 7))
    left_at = one_of(None, None, utc("2027-01-10 09:00"))
    member = Member(person_id, "all", one_of(False, False, True), entered_at, left_at, is_pilot=one_of(False, True))
    paused_until = one_of(None, None, utc("2027-01-13 00:00"), utc("2027-03-01 00:00"))
    wish = Preference(stopped_at=one_of(None, None, PUBLISHED), paused_until=paused_until)
    before = one_of(None, Predecessor(NEVER), Predecessor(SENT, utc("2027-01-12 16:50")), Predecessor(SENT, PUBLISHED))
    return Case(person, member, wish, before)


@st.composite
def campaigns_drawn(draw: st.DrawFn) -> Campaign:
    """Return a campaign in its pilot, widened to another week, or for all at once."""
    rest = draw(st.sampled_from([None, date(2027, 1, 18)]))
    return a_campaign(
        text=TEXT,
        company_text=ODD,
        starts_on=MONDAY,
        published_at=PUBLISHED,
        is_piloting=draw(st.booleans()),
        rest_starts_on=rest,
    )


@pytest.fixture
def odd_house(house: House) -> House:
    house.write(ODD, "company")
    return house


@given(
    known=st.integers(0, 9).flatmap(lambda count: st.tuples(*(cases(f"U{number}") for number in range(count)))),
    campaign=campaigns_drawn(),
    stopped=st.sampled_from([{}, {}, {"third-tip": "invalid_blocks"}, {"second-tip": campaigns.RECALLED}]),
    now=st.sampled_from(INSTANTS),
    at_once=st.sampled_from([1, 2, 3, 2000]),
)
@settings(
    max_examples=2000 if IS_SOAK else 25,
    deadline=None,
    derandomize=not IS_SOAK,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_batch_is_decided_as_each_of_its_people_would_be(
    odd_house: House, known: tuple[Case, ...], campaign: Campaign, stopped: dict[str, str], now: datetime, at_once: int
) -> None:
    house = odd_house
    house.clock.now = now
    # Nothing was sent in the future, and while a campaign is in its pilot nothing to anybody else.
    begun = (lambda case: case.member.is_pilot) if campaign.is_piloting else (lambda case: True)
    known = tuple(one for one in known if not one.before or (begun(one) and (one.before.sent_at or now) <= now))
    campaign_id = put_all(house, known, campaign, stopped)
    wanted = {
        (case.person.person_id, key): row
        for case in known
        for key, row in own_rows(house, case, campaign, stopped, campaign_id=campaign_id).items()
    }
    for _ in range(2):  # what follows a decision of this tick is decided in the next
        plan_deliveries(house.core, at_once=at_once)
    assert stored(house, {(case.person.person_id, "first-tip") for case in known if case.before}) == wanted


def own_rows(
    house: House, case: Case, campaign: Campaign, stopped: dict[str, str], *, campaign_id: int
) -> dict[str, tuple[Any, ...]]:
    """Return by nudge the rows that `plan`, asked for this person alone, makes."""
    found: dict[str, tuple[Any, ...]] = {}
    for nudge in frozen(campaign)[0].nudges:
        before = case.before
        if before is None and "first-tip" in found:
            before = Predecessor(found["first-tip"][1])
        alone = replace(case, before=before)
        if nudge.key == "first-tip" and before:
            continue
        row = own_row(house, alone, nudge, campaign, stopped.get(nudge.key), campaign_id=campaign_id)
        if row is not None:
            found[nudge.key] = row
    return found


def own_row(
    house: House, case: Case, nudge: Nudge, campaign: Campaign, stopped: str | None, *, campaign_id: int
) -> tuple[Any, ...] | None:
    """Return the row that `plan`, asked for this person alone, makes; None for none."""
    begins_on = campaign.staging.begins_on(is_pilot=case.member.is_pilot)
    if begins_on is None:
        return None
    follows = isinstance(nudge.when, AfterNudge)
    if follows and case.before is None:
        return None
    if not isinstance(nudge.when, AfterNudge):
        near = house.clock() - LATEST_ZONE + HORIZON  # nobody is asked before the day is near for everybody
        if nominal_day(nudge.when, begins_on) > near.date():
            return None
    reason = SkipReason.RECALLED if stopped == campaigns.RECALLED else SkipReason.NUDGE_STOPPED
    facts = Facts(
        is_sendable=case.person.kind not in NEVER_SENDABLE,
        is_in_audience=case.member.is_inside,
        is_held_out=case.member.is_held_out,
        joined_at=case.member.entered_at if case.member.entered_at > campaign.published_at else None,
        predecessor=case.before if follows else None,
        standing=Standing(is_stopped=case.wish.stopped_at is not None, paused_until=case.wish.paused_until),
        blocked=reason if stopped else None,
    )
    terms = Terms(begins_on, frozen(campaign)[0].ends_on)
    company, now = house.core.company(), house.clock()
    found = plan(nudge=nudge, terms=terms, person=case.person, company=company, facts=facts, now=now)
    core, person_id = house.core, case.person.person_id
    own: dict[str, Any] = {"campaign_id": campaign_id, "nudge_key": nudge.key, "person_id": person_id, "occurrence": 1}
    delivery = delivery_id(key=core.key, workspace_id=core.workspace_id, **own)
    if isinstance(found, Planned):
        instants = (found.due_at, found.due_at, found.window_ends_at, found.fresh_until)
        return (delivery, DeliveryStatus.PLANNED, "", True, found.local_due, found.zone, *instants)
    return (
        (delivery, DeliveryStatus.SKIPPED, found.reason, False, "", "", *[None] * 4)
        if isinstance(found, Skipped)
        else None
    )


def stored(house: House, besides: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    names = ("delivery_id", "status", "reason", "is_enqueued", "local_due", "zone", "due_at", "ready_at",
             "window_ends_at", "fresh_until")  # fmt: skip
    found = {(row.person_id, row.nudge_key): tuple(getattr(row, name) for name in names) for row in house.rows()}
    return {key: row for key, row in found.items() if key not in besides}


def put_all(house: House, known: tuple[Case, ...], campaign: Campaign, stopped: dict[str, str]) -> int:
    """Put these people, what they asked for and the campaign in the place of all that was there."""
    core = house.core
    with core.db.begin() as session:
        for table in (DeliveryRow, AudienceRow, PreferenceRow, PersonRow, CampaignRow, StoppedNudgeRow):
            session.execute(delete(table))
        people.upsert_directory(session, core.workspace_id, [case.person for case in known], PUBLISHED)
        people.upsert_file(session, core.workspace_id, [case.person for case in known], PUBLISHED)
        campaign_id = campaigns.create(session, core.workspace_id, campaign)
        campaigns.take_in(session, campaign_id, [case.member for case in known])
        for key, code in stopped.items():
            campaigns.stop_nudge(session, campaign_id, key, slack_code=code, now=PUBLISHED)
        for case in known:
            wish = {"stopped_at": case.wish.stopped_at, "paused_until": case.wish.paused_until}
            if any(wish.values()):
                people.change_preference(session, core.workspace_id, case.person.person_id, **wish)
        rows = [_before(core.workspace_id, campaign_id, case, case.before) for case in known if case.before]
        if rows:
            session.execute(insert(DeliveryRow), rows)
    return campaign_id


def _before(workspace_id: str, campaign_id: int, case: Case, before: Predecessor) -> dict[str, Any]:
    theirs = {"person_id": case.person.person_id, "delivery_id": f"before-{case.person.person_id}"}
    stands = {"status": before.status, "sent_at": before.sent_at, "created_at": PUBLISHED}
    return {"workspace_id": workspace_id, "campaign_id": campaign_id, "nudge_key": "first-tip"} | theirs | stands


def test_nobody_is_decided_who_was_forgotten_while_the_batch_was_read(house: House) -> None:
    house.run(TEXT)
    with house.core.db.begin() as session:
        campaigns.erase_person(session, house.core.workspace_id, "U0ANA")
    plan_deliveries(house.core, at_once=2)
    assert house.rows(person_id="U0ANA") == []
    assert len(house.rows(nudge_key="first-tip")) == 20


def test_the_ids_of_a_batch_are_those_of_each(house: House) -> None:
    decided = [
        Decided(a_planned(PUBLISHED), {"d1": "U1", "d2": "U2"}),
        Decided(Skipped(SkipReason.HOLDOUT), {"d3": "U3"}),
    ]
    with house.core.db.begin() as session:
        assert deliveries.enqueue_all(session, "T1", NewDeliveries(7, "tip", decided), PUBLISHED) == 3
        assert deliveries.enqueue_all(session, "T1", NewDeliveries(7, "tip", decided), PUBLISHED) == 0
    assert {row.delivery_id: (row.person_id, row.status) for row in house.rows()} == {
        "d1": ("U1", "planned"), "d2": ("U2", "planned"), "d3": ("U3", "skipped"),
    }  # fmt: skip
