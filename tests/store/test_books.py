"""Counting: this module is the tests of the queries behind the books, and of counts that outlive their rows."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from nudges.domain.delivery.deliveries import Skipped, SkipReason
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.measuring.metrics import books_of
from nudges.store import campaigns, deliveries, history, past, reports, responses
from nudges.store.campaigns import Member
from nudges.store.engine import Database
from nudges.store.past import PastCount
from nudges.store.undecided import Question, undecided
from tests.store.rows import HERE, NOON, a_new, claim, put, put_campaign

HOUR = timedelta(hours=1)


def a_wave(db: Database) -> int:
    """Store a campaign for four people: two sent, one spared, one waiting."""
    with db.begin() as session:
        campaign_id = put_campaign(session)
        members = [Member(f"U{number}", "all", False, NOON) for number in range(4)]
        campaigns.replace_members(session, campaign_id, members, now=NOON)
    put(db, *(a_new(f"d{number}", person_id=f"U{number}", campaign_id=campaign_id) for number in range(2)))
    put(db, a_new("d2", person_id="U2", campaign_id=campaign_id, decision=Skipped(SkipReason.HOLDOUT)))
    put(db, a_new("d3", person_id="U3", campaign_id=campaign_id, due_at=NOON + HOUR))
    for one in claim(db):
        with db.begin() as session:
            deliveries.mark_sent(session, one, channel_id="D", message_ts="1", now=NOON)
            responses.add(session, HERE, one, ResponseKind.ANSWER, value="a", is_right=True, now=NOON)
    return campaign_id


def test_the_entries_are_counted_by_state_and_reason(db: Database) -> None:
    campaign_id = a_wave(db)
    with db.reading() as session:
        found = books_of(reports.entries(session, campaign_id), audience=4)
        assert (found.sent, found.planned, found.not_enqueued) == (2, 1, {SkipReason.HOLDOUT: 1})
        assert found.is_balanced
        assert reports.decided_people(session, campaign_id) == {"tip": 4}
        assert reports.nudge_counts(session, campaign_id) == {"tip": {"sent": 2, "planned": 1, "skipped": 1}}


def test_a_delivery_that_is_there_twice_throws_the_books_off(db: Database) -> None:
    campaign_id = a_wave(db)
    put(db, a_new("twin", person_id="U0", campaign_id=campaign_id))
    with db.reading() as session:
        decided = sum(reports.decided_people(session, campaign_id).values())
        assert not books_of(reports.entries(session, campaign_id), audience=decided).is_balanced


def test_people_are_counted_and_not_their_messages(db: Database) -> None:
    campaign_id = a_wave(db)
    put(db, a_new("more", person_id="U0", campaign_id=campaign_id, nudge_key="second"))
    for one in claim(db):
        with db.begin() as session:
            deliveries.mark_sent(session, one, channel_id="D", message_ts="2", now=NOON)
    with db.reading() as session:
        assert reports.people_reached(session, campaign_id) == 2
        assert reports.people_answered(session, campaign_id) == 2
        assert reports.people_meant(session, campaign_id) == 4


def test_counts_stay_the_same_when_their_rows_are_gone(db: Database) -> None:
    campaign_id = a_wave(db)
    with db.begin() as session:
        deliveries.expire_stale(session, HERE, NOON + timedelta(days=9))

    def all_counts() -> object:
        with db.reading() as session:
            found = books_of(reports.entries(session, campaign_id), audience=4)
            people = (reports.people_reached(session, campaign_id), reports.people_answered(session, campaign_id))
            shares = reports.response_counts(session, campaign_id)
            return found, people, shares, reports.nudge_counts(session, campaign_id)

    before, cutoff = all_counts(), NOON + timedelta(days=200)
    with db.begin() as session:
        reached = past.people(past.REACHED, reports.people_reached(session, campaign_id))
        answered = past.people(past.ANSWERED, reports.people_answered(session, campaign_id))
        old = deliveries.old_counts(session, campaign_id, ["tip"], cutoff)
        done = responses.old_counts(session, campaign_id, cutoff)
        past.add(session, campaign_id, [reached, answered, *old, *done])
        assert deliveries.delete_old(session, campaign_id, ["tip"], cutoff) == 4
        assert responses.delete_old(session, campaign_id, cutoff) == 2
    assert all_counts() == before


def test_what_still_waits_is_never_old(db: Database) -> None:
    campaign_id = a_wave(db)
    with db.begin() as session:
        assert deliveries.delete_old(session, campaign_id, ["tip"], NOON + timedelta(days=900)) == 3
    assert [one.delivery_id for one in claim(db, NOON + HOUR)] == ["d3"]


def test_numbers_of_people_are_not_added_up(db: Database) -> None:
    one = PastCount("tip", "feedback", "useful", "", True, 3, 3)
    with db.begin() as session:
        past.add(session, 1, [one])
        past.add(session, 1, [one])
    with db.reading() as session:
        assert past.counts(session, 1) == [PastCount("tip", "feedback", "useful", "", True, 6, 3)]


def test_who_comes_and_goes_is_kept_and_who_stays_keeps_their_instant(db: Database) -> None:
    with db.begin() as session:
        campaign_id = put_campaign(session)
        first = [Member("U1", "a", True, NOON), Member("U2", "a", False, NOON)]
        assert campaigns.replace_members(session, campaign_id, first, now=NOON) == (2, 0)
    later = NOON + HOUR
    with db.begin() as session:
        second = [Member("U2", "b", True, later), Member("U3", "a", False, later)]
        assert campaigns.replace_members(session, campaign_id, second, now=later) == (1, 1)
    with db.reading() as session:
        assert campaigns.members(session, campaign_id) == {
            "U1": Member("U1", "a", True, NOON, left_at=later),
            "U2": Member("U2", "b", False, NOON),
            "U3": Member("U3", "a", False, later),
        }
        assert (campaigns.audience_size(session, campaign_id), campaigns.ever_size(session, campaign_id)) == (2, 3)
    with db.begin() as session:
        assert campaigns.replace_members(session, campaign_id, [Member("U1", "a", False, later)], now=later) == (1, 2)
    with db.reading() as session:
        assert campaigns.member(session, campaign_id, "U1") == Member("U1", "a", True, later)


def ids_undecided(db: Database, asked: Question) -> list[str]:
    with db.reading() as session:
        return [row.person_id for row in undecided(session, asked, after="", most=10)]


def test_the_undecided_are_those_without_a_row(db: Database) -> None:
    asked = Question(HERE, a_wave(db), "tip", NOON)
    assert ids_undecided(db, asked) == []
    assert ids_undecided(db, replace(asked, nudge_key="other")) == ["U0", "U1", "U2", "U3"]
    with db.reading() as session:
        after = undecided(session, replace(asked, nudge_key="other"), after="U0", most=2)
    assert [row.person_id for row in after] == ["U1", "U2"]


def test_predecessors_are_those_whose_turn_it_is(db: Database) -> None:
    asked = Question(HERE, a_wave(db), "next", NOON, before="tip", sent_until=NOON)
    assert ids_undecided(db, asked) == ["U0", "U1", "U2"]  # sent, sent, never to be sent
    assert ids_undecided(db, replace(asked, sent_until=NOON - HOUR)) == ["U2"]
    put(db, a_new("n0", person_id="U0", campaign_id=asked.campaign_id, nudge_key="next"))
    assert ids_undecided(db, asked) == ["U1", "U2"]


def test_the_next_instant_passes_over_what_is_behind_and_what_is_paused(db: Database) -> None:
    campaign_id = a_wave(db)
    put(db, a_new("due", campaign_id=campaign_id, due_at=NOON - HOUR))
    with db.reading() as session:
        assert history.next_due_at(session, HERE) == NOON - HOUR
        assert history.next_due_at(session, HERE, after=NOON) == NOON + HOUR
        assert history.next_due_at(session, HERE, person_id="U3") == NOON + HOUR
        assert history.next_due_at(session, HERE, person_id="U0") is None
    with db.begin() as session:
        session.execute(text("UPDATE campaigns SET status = 'paused'"))
    with db.reading() as session:
        assert history.next_due_at(session, HERE) is None
