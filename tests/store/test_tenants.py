"""Two workspaces in one database: this module is the tests that neither sees, changes or deletes a row of the other."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.domain.delivery.responses import ResponseKind
from nudges.store import (
    audit,
    campaigns,
    deliveries,
    evidence,
    flags,
    history,
    instance,
    notices,
    people,
    reports,
    responses,
)
from nudges.store.campaigns import CampaignStatus, Member
from nudges.store.engine import Database
from nudges.store.evidence import Asked
from nudges.store.flags import Membership, StoredFlag
from nudges.store.tables import Row
from tests.builders import a_person
from tests.store.rows import HERE, NOON, THERE, a_campaign, a_new, filled_database

ANA, HASH = "U0ANA", "hash-of-ana"  # the same in both: an account of an organisation with several workspaces
LATER = NOON + timedelta(days=400)
GAP = timedelta(seconds=60)


def fill(session: Session, workspace_id: str) -> None:
    """Store one of everything, all of it about Ana."""
    instance.ensure_workspace(session, workspace_id, workspace_id)
    people.upsert_directory(session, workspace_id, [a_person(ANA)], NOON)
    people.upsert_file(session, workspace_id, [a_person(ANA)], NOON)
    people.change_preference(session, workspace_id, ANA, stopped_at=NOON)
    campaign_id = campaigns.create(session, workspace_id, a_campaign())
    campaigns.replace_members(session, campaign_id, [Member(ANA, "all", False, NOON)], now=NOON)
    states = ("planned", "sending", "unknown", "sent", "retry")
    new = [
        a_new(f"{workspace_id}-{state}", campaign_id=campaign_id, person_id=ANA, nudge_key=state) for state in states
    ]
    bens = a_new(f"{workspace_id}-ben", campaign_id=campaign_id, person_id="U0BEN")
    deliveries.enqueue(session, workspace_id, [*new, bens], NOON)
    for state in states[1:]:
        _bring(session, workspace_id, state)
    sent = deliveries.find(session, workspace_id, f"{workspace_id}-sent")
    assert sent is not None
    responses.add(session, workspace_id, sent, ResponseKind.FEEDBACK, value="useful", now=NOON)
    responses.keep_text(session, workspace_id, hashed=HASH, source="dm", text=f"words in {workspace_id}", now=NOON)
    responses.see_event(session, workspace_id, "Ev1", NOON)
    evidence.add_report(session, workspace_id, hashed=HASH, kind="no_time", period=0, playbook="")
    evidence.add_report(session, workspace_id, hashed=HASH, kind="policy_worry", period=0, playbook="", weight=0.6)
    evidence.ask(session, workspace_id, HASH, Asked(f"ask-{workspace_id}", "policy_worry", "", None, NOON))
    flags.freeze_membership(session, workspace_id, 0, [Membership(HASH, "T", "D", "P")])
    flags.close_period(session, workspace_id, 0, NOON)
    step = {"do": "x", "by": ANA, "due_on": "2027-02-01"}
    flag = StoredFlag(0, "team", "T", "no_time", "confirmed", "5-9", "open", ANA, (step,), 0, NOON)
    flags.open_flag(session, workspace_id, flag)
    notices.add(session, workspace_id, notice_key="k", text_key="t", values={"a": workspace_id}, now=NOON)
    audit.record(session, workspace_id, actor_id=ANA, action="look", subject=workspace_id, now=NOON)


def _bring(session: Session, workspace_id: str, state: str) -> None:
    delivery = deliveries.find(session, workspace_id, f"{workspace_id}-{state}")
    assert delivery is not None
    moved = {
        "sending": lambda: deliveries._leave(session, delivery, DeliveryStatus.SENDING, claimed_at=NOON),
        "unknown": lambda: deliveries.mark_unknown(session, delivery, code="x", now=NOON),
        "sent": lambda: deliveries.mark_sent(session, delivery, channel_id="D", message_ts="1", now=NOON),
        "retry": lambda: deliveries.mark_retry(session, delivery, ready_at=NOON, code="x", counts=True),
    }
    assert moved[state]()


def rows_of(db: Database, workspace_id: str) -> dict[str, list[Any]]:
    """Return everything that belongs to a workspace."""
    with db.reading() as session:
        return rows_in(session, workspace_id)


def rows_in(session: Session, workspace_id: str) -> dict[str, list[Any]]:
    """Return everything that belongs to a workspace, as it stands in this transaction."""
    found: dict[str, list[Any]] = {}
    session.flush()
    ids = {one.campaign_id for one in campaigns.campaigns(session, workspace_id)}
    for table in Row.__subclasses__():
        rows = [dict(row) for row in session.execute(select(Row.metadata.tables[str(table.__tablename__)])).mappings()]
        mine = [
            row for row in rows if row.get("workspace_id") == workspace_id
            or ("workspace_id" not in row and row.get("campaign_id") in ids)
        ]  # fmt: skip
        found[str(table.__tablename__)] = mine
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The other workspace by itself."""
    yield from filled_database(tmp_path_factory.mktemp("alone") / "store.db", fill, THERE)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Two workspaces with the same person in the same state; the other's ids are as in the database above."""
    yield from filled_database(tmp_path_factory.mktemp("both") / "store.db", fill, THERE, HERE)


@pytest.fixture
def both(filled: Database) -> Iterator[Session]:
    """A transaction on both workspaces that leaves no trace, so that one database serves all tests."""
    with suppress(_Undone), filled.begin() as session:
        yield session
        raise _Undone


class _Undone(Exception):
    pass


READS: dict[str, Callable[[Session, str], Any]] = {
    "audit.lines": lambda s, w: [line[3] for line in audit.lines(s, w)],
    "audit.lines_of": lambda s, w: [line[2] for line in audit.lines_of(s, w, ANA)],
    "campaigns": lambda s, w: [one.campaign_id for one in campaigns.campaigns(s, w)],
    "campaigns.by_name": lambda s, w: getattr(campaigns.by_name(s, w, "find-an-expert"), "campaign_id", None),
    "campaigns.memberships_of": lambda s, w: campaigns.memberships_of(s, w, ANA),
    "deliveries.waiting": lambda s, w: [one.delivery_id for one in deliveries.waiting(s, w)],
    "deliveries.unknown_to_read": lambda s, w: [
        one.delivery_id for one in deliveries.unknown_to_read(s, w, now=LATER, settle=GAP, gap=GAP)
    ],
    "flags.flags": lambda s, w: [one.flag_id for one in flags.flags(s, w)],
    "flags.owned_by": lambda s, w: flags.owned_by(s, w, ANA),
    "evidence.reports_of_period": lambda s, w: evidence.reports_of_period(s, w, 0),
    "evidence.reports_of_person": lambda s, w: evidence.reports_of_person(s, w, HASH),
    "evidence.asked": lambda s, w: evidence.asked(s, w, HASH),
    "flags.membership": lambda s, w: flags.membership(s, w, 0),
    "flags.memberships_of_person": lambda s, w: flags.memberships_of_person(s, w, HASH),
    "history.sendings": lambda s, w: history.sendings(s, w, ANA, besides=""),
    "history.next_due_at": lambda s, w: history.next_due_at(s, w),
    "history.unsettled_since": lambda s, w: history.unsettled_since(s, w),
    "history.has_unknown": lambda s, w: history.has_unknown(s, w, ANA, besides=""),
    "instance.workspace": lambda s, w: getattr(instance.workspace(s, w), "name", None),
    "notices.notice": lambda s, w: notices.notice(s, w, "k"),
    "people.person": lambda s, w: people.person(s, w, ANA),
    "people.several": lambda s, w: people.several(s, w, [ANA]),
    "people.everybody": lambda s, w: list(people.everybody(s, w)),
    "people.preference": lambda s, w: people.preference(s, w, ANA).stopped_at,
    "people.preferences": lambda s, w: people.preferences(s, w),
    "people.count_wishes": lambda s, w: people.count_wishes(s, w, NOON)[0],
    "reports.people_by_kind": lambda s, w: reports.people_by_kind(s, w),
    "reports.deliveries_of": lambda s, w: [one.delivery_id for one in reports.deliveries_of(s, w, ANA)],
    "reports.rows_of_person": lambda s, w: [row["delivery_id"] for row in reports.rows_of_person(s, w, ANA)],
    "reports.count_where": lambda s, w: reports.count_where(s, w, DeliveryStatus.SENT),
    "reports.waiting_due": lambda s, w: reports.waiting_due(s, w, LATER)[0],
    "responses.texts_of": lambda s, w: [line[2] for line in responses.texts_of(s, w, HASH)],
    "responses.responses_of": lambda s, w: responses.responses_of(s, w, ANA),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_sees_its_own_workspace_only(alone: Database, filled: Database, name: str) -> None:
    with alone.reading() as session:
        assert not READS[name](session, HERE), "sees the other"
        its_own = READS[name](session, THERE)
        assert its_own, "sees nothing of its own"
    with filled.reading() as session:
        assert READS[name](session, THERE) == its_own
        assert READS[name](session, HERE)


def test_a_delivery_of_the_other_is_not_found(filled: Database) -> None:
    with filled.reading() as session:
        assert deliveries.find(session, HERE, f"{THERE}-sent") is None
        assert deliveries.find(session, THERE, f"{THERE}-sent") is not None


def test_a_campaign_of_the_other_is_not_found(filled: Database) -> None:
    with filled.reading() as session:
        (other,) = campaigns.campaigns(session, THERE)
        assert campaigns.by_id(session, HERE, other.campaign_id) is None


def _of(session: Session, workspace_id: str) -> int:
    return campaigns.campaigns(session, workspace_id)[0].campaign_id


WRITES: dict[str, Callable[[Session, str], object]] = {
    "audit.record": lambda s, w: audit.record(s, w, actor_id=ANA, action="look", now=NOON),
    "campaigns.create": lambda s, w: campaigns.create(s, w, a_campaign("another")),
    "campaigns.change_status": lambda s, w: campaigns.change_status(
        s, _of(s, w), old=CampaignStatus.LIVE, new=CampaignStatus.PAUSED
    ),
    "campaigns.replace_text": lambda s, w: campaigns.replace_text(
        s, _of(s, w), text="new", company_text="", text_hash="", version=2
    ),
    "campaigns.replace_members": lambda s, w: campaigns.replace_members(s, _of(s, w), [], now=NOON),
    "campaigns.stop_nudge": lambda s, w: campaigns.stop_nudge(s, _of(s, w), "sent", slack_code="x", now=NOON),
    "campaigns.erase_person": lambda s, w: campaigns.erase_person(s, w, ANA),
    "campaigns.erase_audience": lambda s, w: campaigns.erase_audience(s, _of(s, w)),
    "deliveries.claim_due": lambda s, w: deliveries.claim_due(s, w, now=LATER, limit=20),
    "deliveries.abandon": lambda s, w: deliveries.abandon(s, w, claimed_before=None, now=LATER),
    "deliveries.expire_stale": lambda s, w: deliveries.expire_stale(s, w, LATER),
    "deliveries.skip_person": lambda s, w: deliveries.skip_person(s, w, ANA, SkipReason.STOPPED),
    "deliveries.skip_nudge": lambda s, w: deliveries.skip_nudge(s, w, _of(s, w), "planned"),
    "deliveries.skip_removed": lambda s, w: deliveries.skip_removed_nudges(s, w, _of(s, w), []),
    "deliveries.reopen_campaign": lambda s, w: deliveries.reopen_campaign(s, _of(s, w), ["planned"]),
    "deliveries.delete_old": lambda s, w: deliveries.delete_old(s, _of(s, w), ["sent"], LATER),
    "deliveries.erase_person": lambda s, w: deliveries.erase_person(s, w, ANA),
    "evidence.add_report": lambda s, w: evidence.add_report(s, w, hashed=HASH, kind="no_time", period=1, playbook=""),
    "evidence.take_back": lambda s, w: evidence.take_back(s, w, HASH, "no_time", after_period=-1),
    "evidence.drop_guess": lambda s, w: evidence.drop_guess(s, w, HASH, "policy_worry"),
    "evidence.settle_ask": lambda s, w: evidence.settle_ask(s, w, HASH, f"ask-{w}"),
    "evidence.forget_ask": lambda s, w: evidence.forget_ask(s, w, HASH, "policy_worry"),
    "evidence.prune": lambda s, w: evidence.prune(s, w, before_period=9, asked_before=LATER),
    "evidence.erase_person": lambda s, w: evidence.erase_person(s, w, HASH),
    "flags.prune_memberships": lambda s, w: flags.prune_memberships(s, w, before_period=9),
    "flags.close_period": lambda s, w: flags.close_period(s, w, 1, NOON),
    "flags.change_state": lambda s, w: flags.change_state(
        s, w, flags.flags(s, w)[0].flag_id, old="open", new="resolved"
    ),
    "flags.rename_team": lambda s, w: flags.rename_team(s, w, old="T", new="X"),
    "flags.hand_over": lambda s, w: flags.hand_over(s, w, old_id=ANA, new_id=""),
    "flags.erase_person": lambda s, w: flags.erase_person(s, w, HASH),
    "instance.hold": lambda s, w: instance.hold(s, w, reason="x", now=NOON),
    "instance.mark_synced": lambda s, w: instance.mark_synced(s, w, LATER),
    "notices.add": lambda s, w: notices.add(s, w, notice_key="k2", text_key="t", values={}, now=NOON),
    "notices.prune": lambda s, w: notices.prune(s, w, LATER),
    "people.upsert_directory": lambda s, w: people.upsert_directory(s, w, [], LATER),
    "people.upsert_file": lambda s, w: people.upsert_file(s, w, [a_person(ANA, team="New")], LATER),
    "people.change_preference": lambda s, w: people.change_preference(s, w, ANA, stopped_at=None),
    "people.rename_manager": lambda s, w: people.rename_manager(s, w, old="U0BOSS", new="x"),
    "people.erase": lambda s, w: people.erase(s, w, ANA, HASH, NOON),
    "responses.see_event": lambda s, w: responses.see_event(s, w, "Ev2", NOON),
    "responses.keep_text": lambda s, w: responses.keep_text(s, w, hashed=HASH, source="dm", text="x", now=NOON),
    "responses.delete_old": lambda s, w: responses.delete_old(s, _of(s, w), LATER),
    "responses.erase_person": lambda s, w: responses.erase_person(s, w, ANA, HASH),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_changes_its_own_workspace_only(both: Session, name: str) -> None:
    there, here = rows_in(both, THERE), rows_in(both, HERE)
    WRITES[name](both, HERE)
    assert rows_in(both, THERE) == there
    assert rows_in(both, HERE) != here, "changed nothing at all"


def test_the_same_event_in_two_workspaces_is_two_events(both: Session) -> None:
    assert not responses.see_event(both, HERE, "Ev1", NOON)
    assert responses.see_event(both, "T0THIRD", "Ev1", NOON)


def test_a_hold_of_one_lets_the_other_send(both: Session) -> None:
    assert instance.hold(both, HERE, reason="x", now=NOON)
    assert not instance.hold(both, HERE, reason="y", now=NOON)
    assert sorted(one.hold_reason for one in instance.workspaces(both)) == ["", "x"]
