"""Counts kept by SQLite itself: this module is a trigger for each way a row can change.

SQLite runs triggers row by row, so each statement here speaks of one row and of what else is there at that moment.
Who a delivery or response is about, and of which nudge, never changes in a row.
"""

from collections.abc import Iterator, Mapping

from nudges.domain.delivery.deliveries import NOTICES
from nudges.store.rollup_facts import Facts, adding

_FACTS = Facts(is_sqlite=True)
_SEEN = "status, reason, is_enqueued, ready_at, sent_at"


def triggers(version: int) -> Mapping[str, str]:
    """Return each trigger's name and the statement that makes it."""
    found = {}
    for name, head, work in _triggers():
        full = f"rollup_{name}_{version}"
        found[full] = f"CREATE TRIGGER {full} {head} BEGIN {' '.join(one + ';' for one in work)} END"
    return found


def _triggers() -> Iterator[tuple[str, str, list[str]]]:
    yield "planned", "AFTER INSERT ON deliveries", [_one(_FACTS.delivery("new"), 1), _again("new", 1)]
    yield "placed", "AFTER INSERT ON deliveries WHEN new.status = 'sent'", [_reached("new", 1)]
    moved = [_one(_FACTS.delivery("old"), -1), _one(_FACTS.delivery("new"), 1)]
    yield "moved", f"AFTER UPDATE OF {_SEEN} ON deliveries", moved
    sent = "AFTER UPDATE OF status ON deliveries WHEN (old.status = 'sent') <> (new.status = 'sent')"
    yield "sent", sent, [_reached("old", -1, besides="new"), _reached("new", 1)]
    gone = [_one(_FACTS.delivery("old"), -1), _again("old", -1), _reached("old", -1)]
    yield "gone", "AFTER DELETE ON deliveries", gone
    yield "answered", "AFTER INSERT ON responses", _response("new", 1)
    yield "unanswered", "AFTER DELETE ON responses", _response("old", -1)
    changed = [*_response("old", -1, besides="new"), *_response("new", 1)]
    yield "changed", "AFTER UPDATE ON responses", changed
    came = f"AFTER INSERT ON audience WHEN new.segment <> '' AND {_has_past('new')}"
    yield "came", came, _segment("new", "''", "new.segment")
    left = f"AFTER DELETE ON audience WHEN old.segment <> '' AND {_has_past('old')}"
    yield "left", left, _segment("old", "old.segment", "''")
    turned = f"AFTER UPDATE OF segment ON audience WHEN old.segment <> new.segment AND {_has_past('new')}"
    yield "turned", turned, _segment("new", "old.segment", "new.segment")


def _one(keys: str, change: int, where: str = "true") -> str:
    return adding(keys, str(change), f"WHERE {where}")


def _again(row: str, change: int) -> str:
    twin = (
        f"o.campaign_id = {row}.campaign_id AND o.nudge_key = {row}.nudge_key AND o.person_id = {row}.person_id "
        f"AND o.occurrence = 1 AND o.rowid <> {row}.rowid"
    )
    is_first = f"{row}.campaign_id <> {NOTICES} AND {row}.occurrence = 1"
    where = f"{is_first} AND EXISTS (SELECT 1 FROM deliveries o WHERE {twin})"
    return _one(_FACTS.again(row), change, where)


def _reached(row: str, change: int, besides: str = "") -> str:
    # The plus keeps SQLite from walking through all that was sent, for want of knowing how much that is.
    others = (
        f"o.workspace_id = {row}.workspace_id AND o.person_id = {row}.person_id AND +o.status = 'sent' "
        f"AND +o.campaign_id = {row}.campaign_id AND o.delivery_id <> {besides or row}.delivery_id"
    )
    is_only = f"NOT EXISTS (SELECT 1 FROM deliveries o WHERE {others})"
    return _one(_FACTS.reached(row), change, f"{row}.status = 'sent' AND {row}.campaign_id <> {NOTICES} AND {is_only}")


def _response(row: str, change: int, besides: str = "") -> list[str]:
    other = besides or row
    others = (
        f"FROM responses o WHERE o.campaign_id = {row}.campaign_id AND o.person_id = {row}.person_id "
        f"AND NOT (o.delivery_id = {other}.delivery_id AND o.kind = {other}.kind)"
    )
    same = f"AND o.kind = {row}.kind AND o.value = {row}.value AND o.is_right IS {row}.is_right"
    nudge = f"{others} AND o.nudge_key = {row}.nudge_key"
    is_first = f"NOT EXISTS (SELECT 1 {nudge} AND o.responded_at <= {row}.responded_at)"
    second = f"(SELECT min(o.responded_at) {nudge})"
    return [
        _one(_FACTS.response(row), change),
        _one(_FACTS.answered(row), change, f"NOT EXISTS (SELECT 1 {others})"),
        _one(_FACTS.people(row), change, f"NOT EXISTS (SELECT 1 {others} {same})"),
        _one(_FACTS.first(row), change, is_first),
        _one(_FACTS.first(row, at=second), -change, f"{is_first} AND EXISTS (SELECT 1 {nudge})"),
    ]


def _has_past(row: str) -> str:
    """Ask whether there is anything to carry over; of those who just come, as thousands do at once, there is not."""
    return f"(EXISTS (SELECT 1 {_sent(row)}) OR EXISTS (SELECT 1 {_did(row)}))"


def _sent(row: str) -> str:
    here = f"(SELECT c.workspace_id FROM campaigns c WHERE c.campaign_id = {row}.campaign_id)"
    return (
        f"FROM deliveries d WHERE d.workspace_id = {here} AND d.person_id = {row}.person_id "
        f"AND +d.campaign_id = {row}.campaign_id AND +d.status = 'sent'"
    )


def _did(row: str) -> str:
    return f"FROM responses r WHERE r.campaign_id = {row}.campaign_id AND r.person_id = {row}.person_id"


def _segment(row: str, was: str, now: str) -> list[str]:
    """Carry all that a person got and did over to another segment."""
    sent, theirs = _sent(row), _did(row)
    firsts = (
        "SELECT r.campaign_id, r.workspace_id, r.nudge_key, min(r.responded_at) AS responded_at "
        f"{theirs} GROUP BY r.nudge_key"
    )
    moves = ((was, -1), (now, 1))
    return [
        *(adding(_FACTS.delivery("d", segment), str(by), sent) for segment, by in moves),
        *(adding(_FACTS.response("r", segment), str(by), theirs) for segment, by in moves),
        *(adding(_FACTS.first("f", segment), str(by), f"FROM ({firsts}) f WHERE true") for segment, by in moves),
    ]
