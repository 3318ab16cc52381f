"""The outbox: this module is the tests of enqueueing, claiming and the fenced updates that follow a claim."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from nudges.domain.delivery.deliveries import Skipped, SkipReason
from nudges.store import campaigns, deliveries
from nudges.store.campaigns import CampaignStatus
from nudges.store.engine import Database, open_database
from tests.store.marks import LATER, MARKS, MINUTE, mark
from tests.store.rows import HERE, NOON, a_new, claim, put, put_campaign, read


def test_storing_the_same_decision_twice_adds_nothing(db: Database) -> None:
    new = [a_new(), a_new()]
    assert put(db, *new) == 2
    assert put(db, *new, a_new()) == 1


def test_a_decision_against_is_kept_with_its_reason_and_is_never_claimed(db: Database) -> None:
    put(db, a_new("no", decision=Skipped(SkipReason.HOLDOUT)))
    assert claim(db, NOON + timedelta(days=30)) == []
    with db.reading() as session:
        assert deliveries.find(session, HERE, "no") is None


def test_nothing_is_claimed_before_it_is_due(db: Database) -> None:
    put(db, a_new("d"))
    assert claim(db, NOON - MINUTE) == []
    (claimed,) = claim(db)
    assert (claimed.delivery_id, claimed.status, claimed.attempt, claimed.claimed_at) == ("d", "sending", 1, NOON)


def test_the_most_urgent_come_first_then_the_longest_due(db: Database) -> None:
    put(
        db,
        a_new("usual"),
        a_new("urgent", priority=1),
        a_new("older", due_at=NOON - MINUTE),
        a_new("last", priority=9, due_at=NOON - 2 * MINUTE),
    )
    assert [one.delivery_id for one in claim(db)] == ["urgent", "older", "usual", "last"]


def test_one_person_has_one_message_in_flight(db: Database) -> None:
    put(db, a_new("a", person_id="U1", priority=2), a_new("b", person_id="U1"), a_new("c", person_id="U2"))
    first = claim(db)
    assert [one.delivery_id for one in first] == ["a", "c"]
    assert claim(db) == []
    mark(db, "sent", first[0])
    assert [one.delivery_id for one in claim(db)] == ["b"]


def test_no_more_are_claimed_than_asked_for(db: Database) -> None:
    put(db, *(a_new() for _ in range(30)))
    assert [len(claim(db, limit=limit)) for limit in (7, 20, 20)] == [7, 20, 3]


def test_a_person_with_very_many_due_does_not_keep_the_others_waiting_for_ever(db: Database) -> None:
    put(db, *(a_new(person_id="U0", priority=1) for _ in range(50)), a_new("other", person_id="U1"))
    claimed: list[str] = []
    for _ in range(60):
        found = claim(db, limit=5)
        claimed += [one.delivery_id for one in found]
        for one in found:
            mark(db, "sent", one)
    assert "other" in claimed
    assert len(claimed) == 51


def test_the_rows_of_a_paused_campaign_rest(db: Database) -> None:
    with db.begin() as session:
        live, resting = (put_campaign(session, name) for name in ("live", "resting"))
        campaigns.change_status(session, resting, old=CampaignStatus.LIVE, new=CampaignStatus.PAUSED)
    put(db, a_new("go", campaign_id=live), a_new("rest", campaign_id=resting))
    assert [one.delivery_id for one in claim(db)] == ["go"]
    with db.begin() as session:
        campaigns.change_status(session, resting, old=CampaignStatus.PAUSED, new=CampaignStatus.LIVE)
    assert [one.delivery_id for one in claim(db)] == ["rest"]


def test_two_claimers_never_share_a_row(db: Database) -> None:
    put(db, *(a_new(person_id=f"U{number % 40}") for number in range(120)))
    other = open_database(db.url)

    def work(database: Database) -> list[str]:
        taken: list[str] = []
        while found := claim(database, limit=3):
            taken += [one.delivery_id for one in found]
            for one in found:
                mark(database, "sent", one)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [
            id_ for done in [pool.submit(work, base) for base in (db, other, db, other)] for id_ in done.result(60)
        ]
    other.close()
    assert len(taken) == len(set(taken)) == 120


@pytest.mark.parametrize("name", MARKS)
def test_a_claim_leaves_sending_for_the_state_it_is_marked_with(db: Database, name: str) -> None:
    put(db, a_new("d"))
    (claimed,) = claim(db)
    assert mark(db, name, claimed)
    assert read(db, "d").status == MARKS[name][1]


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_by_an_older_attempt_changes_nothing(db: Database, name: str) -> None:
    put(db, a_new("d"))
    (late,) = claim(db)
    mark(db, "put_back", late)
    (present,) = claim(db)
    before = read(db, "d")
    assert not mark(db, name, late)
    assert read(db, "d") == before
    assert mark(db, name, present)


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_on_a_row_that_was_settled_meanwhile_changes_nothing(db: Database, name: str) -> None:
    put(db, a_new("d"))
    (late,) = claim(db)
    mark(db, "sent", late)
    before = read(db, "d")
    assert not mark(db, name, late)
    assert read(db, "d") == before


def test_being_put_off_by_slack_is_no_failure_of_the_delivery(db: Database) -> None:
    put(db, a_new("d"))
    for counts, failures in ((False, 0), (True, 1), (True, 2), (False, 2)):
        (claimed,) = claim(db)
        with db.begin() as session:
            deliveries.mark_retry(session, claimed, ready_at=NOON, code="x", counts=counts)
        assert read(db, "d").failures == failures


def test_a_retry_is_claimed_again_from_its_new_instant_on(db: Database) -> None:
    put(db, a_new("d"))
    mark(db, "retry", claim(db)[0])
    assert claim(db, LATER - MINUTE) == []
    assert claim(db, LATER)[0].attempt == 2


def test_put_back_keeps_the_row_ready_or_gives_it_another_instant(db: Database) -> None:
    put(db, a_new("d"))
    mark(db, "put_back", claim(db)[0])
    (again,) = claim(db)
    with db.begin() as session:
        deliveries.put_back(session, again, ready_at=LATER)
    assert claim(db) == []
    assert len(claim(db, LATER)) == 1


def test_at_start_everything_in_flight_becomes_unknown(db: Database) -> None:
    put(db, a_new("a"), a_new("b", due_at=LATER))
    claim(db)
    with db.begin() as session:
        assert deliveries.abandon(session, HERE, claimed_before=None, now=NOON) == 1
    assert (read(db, "a").status, read(db, "b").status) == ("unknown", "planned")


def test_later_only_claims_past_their_lease_are_abandoned(db: Database) -> None:
    put(db, a_new("a"), a_new("b", due_at=NOON + MINUTE))
    claim(db)
    claim(db, NOON + MINUTE)
    with db.begin() as session:
        assert deliveries.abandon(session, HERE, claimed_before=NOON, now=NOON + MINUTE) == 1
    assert (read(db, "a").status, read(db, "b").status) == ("unknown", "sending")
