"""A whole group marked as sent: who had moved on meanwhile is left alone, and told apart from the others."""

from dataclasses import replace

from nudges.store import deliveries
from nudges.store.engine import Database
from nudges.store.sent_marks import Mark
from tests.store.rows import NOON, a_new, claim, put, read


def test_of_a_group_only_those_are_marked_whose_attempt_it_still_is(db: Database) -> None:
    put(db, a_new("a", person_id="U1"), a_new("b", person_id="U2"), a_new("c", person_id="U3"))
    held, late, other = sorted(claim(db), key=lambda one: one.delivery_id)
    with db.begin() as session:
        deliveries.mark_sent(session, other, channel_id="D3", message_ts="3.9", now=NOON)
    marks = [Mark(held, "D1", "1.1", NOON), Mark(replace(late, attempt=0), "D2", "2.1", NOON),
             Mark(other, "D3", "3.1", NOON)]  # fmt: skip
    with db.begin() as session:
        assert deliveries.mark_all_sent(session, marks) == {"a"}
    assert [(read(db, one).status, read(db, one).message_ts) for one in "abc"] == [
        ("sent", "1.1"),
        ("sending", ""),
        ("sent", "3.9"),
    ]
