"""What becomes of waiting rows: this module is the tests of unknown, stale, moved and withdrawn deliveries."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from nudges.domain.delivery.deliveries import Delivery, SkipReason
from nudges.store import deliveries, notices
from nudges.store.engine import Database
from tests.builders import a_planned
from tests.store.marks import LATER, MINUTE, mark
from tests.store.rows import HERE, NOON, THERE, a_new, claim, put, read

SETTLE, GAP = timedelta(seconds=120), timedelta(seconds=60)


def an_unknown(db: Database, delivery_id: str = "d") -> Delivery:
    put(db, a_new(delivery_id))
    mark(db, "unknown", claim(db)[0])
    return read(db, delivery_id)


def to_read(db: Database, after: timedelta) -> list[Delivery]:
    with db.reading() as session:
        return deliveries.unknown_to_read(session, HERE, now=NOON + after, settle=SETTLE, gap=GAP)


def test_an_unknown_row_rests_for_the_settle_time(db: Database) -> None:
    an_unknown(db)
    assert to_read(db, SETTLE - timedelta(seconds=1)) == []
    assert [one.delivery_id for one in to_read(db, SETTLE)] == ["d"]


def test_between_two_readings_lies_the_gap(db: Database) -> None:
    unknown = an_unknown(db)
    with db.begin() as session:
        assert deliveries.note_empty_read(session, unknown, NOON + SETTLE)
    assert to_read(db, SETTLE + GAP - timedelta(seconds=1)) == []
    (again,) = to_read(db, SETTLE + GAP)
    assert again.empty_reads == 1


def test_a_new_claim_starts_counting_empty_readings_anew(db: Database) -> None:
    unknown = an_unknown(db)
    with db.begin() as session:
        deliveries.note_empty_read(session, unknown, NOON + SETTLE)
        deliveries.put_back(session, replace(unknown, empty_reads=1))
    assert claim(db)[0].empty_reads == 0


def test_what_waits_beyond_its_freshness_expires(db: Database) -> None:
    fresh = a_planned(NOON, fresh_until=NOON + timedelta(days=3))
    put(db, a_new("stale"), a_new("fresh", decision=fresh), a_new("in flight"), a_new("retried"))
    mark(db, "retry", next(one for one in claim(db) if one.delivery_id == "retried"))
    with db.begin() as session:
        deliveries.abandon(session, HERE, claimed_before=None, now=NOON)
    put(db, a_new("planned"))
    with db.begin() as session:
        assert deliveries.expire_stale(session, HERE, NOON + timedelta(hours=8)) == 2
    states = {id_: read(db, id_).status for id_ in ("stale", "fresh", "in flight", "retried", "planned")}
    assert states == {
        "stale": "unknown",
        "fresh": "unknown",
        "in flight": "unknown",
        "retried": "expired",
        "planned": "expired",
    }


def test_skipping_touches_only_what_waits(db: Database) -> None:
    put(db, *(a_new(id_, person_id=id_, campaign_id=7) for id_ in ("sent", "retry", "sending", "planned")))
    claimed = {one.delivery_id: one for one in claim(db)}
    mark(db, "sent", claimed["sent"])
    mark(db, "retry", claimed["retry"])
    mark(db, "put_back", claimed["planned"])
    with db.begin() as session:
        assert deliveries.skip_nudge(session, HERE, 7, "tip") == 2
    assert Counter(read(db, id_).status.value for id_ in claimed) == {"sent": 1, "sending": 1, "skipped": 2}


def test_a_person_who_stops_keeps_their_notices(db: Database) -> None:
    put(db, a_new("nudge", person_id="U1"), a_new("notice", person_id="U1", campaign_id=0), a_new("other"))
    with db.begin() as session:
        assert deliveries.skip_person(session, HERE, "U1", SkipReason.STOPPED) == 1
    assert {id_: read(db, id_).status.value for id_ in ("nudge", "notice", "other")} == {
        "nudge": "skipped",
        "notice": "planned",
        "other": "planned",
    }


def test_nudges_taken_out_of_the_playbook_are_skipped(db: Database) -> None:
    put(db, a_new("kept", campaign_id=7, nudge_key="a"), a_new("removed", campaign_id=7, nudge_key="b"))
    put(db, a_new("other", campaign_id=8, nudge_key="b"))
    with db.begin() as session:
        assert deliveries.skip_removed_nudges(session, HERE, 7, ["a"]) == 1
    assert read(db, "removed").status == "skipped"


def test_moving_gives_new_instants_to_planned_rows_only(db: Database) -> None:
    put(db, a_new("planned"), a_new("sending"))
    claimed = {one.delivery_id: one for one in claim(db)}
    mark(db, "put_back", claimed["planned"])
    planned = a_planned(LATER, zone="Asia/Kolkata")
    with db.begin() as session:
        assert deliveries.move(session, read(db, "planned"), planned)
        assert not deliveries.move(session, read(db, "sending"), planned)
    moved = read(db, "planned")
    assert (moved.due_at, moved.zone, moved.window_ends_at) == (LATER, "Asia/Kolkata", planned.window_ends_at)
    assert [one.delivery_id for one in claim(db, LATER)] == ["planned"]


def test_a_move_that_was_thought_out_before_another_changes_nothing(db: Database) -> None:
    put(db, a_new("planned"))
    before = read(db, "planned")
    with db.begin() as session:
        assert deliveries.move(session, before, a_planned(LATER))
        assert not deliveries.move(session, before, a_planned(LATER + MINUTE))
    assert read(db, "planned").due_at == LATER


def test_a_notice_is_stored_once_under_its_key(db: Database) -> None:
    for values, is_new in (({"a": "1"}, True), ({"a": "2"}, False)):
        with db.begin() as session:
            added = notices.add(session, HERE, notice_key="k", text_key="t", values=values, now=NOON)
        assert added == is_new
    with db.reading() as session:
        assert notices.notice(session, HERE, "k") == ("t", {"a": "1"})
        assert notices.notice(session, THERE, "k") is None
