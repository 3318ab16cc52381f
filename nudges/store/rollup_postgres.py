"""Counts kept by PostgreSQL itself: this module is a trigger for each way rows can change.

PostgreSQL runs these once a statement, with all rows as they were (`o`) and as they are (`n`): a thousand new rows cost
little more than one. What is counted once for a person is looked up before and after for everybody concerned.
"""

from collections.abc import Iterator, Mapping

from nudges.domain.delivery.deliveries import NOTICES
from nudges.store.rollup_facts import COLUMNS, Facts

_FACTS = Facts(is_sqlite=False)
_TABLES = ("deliveries", "responses", "audience")
_EVENTS = {"insert": ("n",), "delete": ("o",), "update": ("n", "o")}
_NAMES = {"n": "NEW TABLE AS n", "o": "OLD TABLE AS o"}
_NUDGES = f"campaign_id <> {NOTICES}"
_FIRSTS = f"{_NUDGES} AND occurrence = 1"
_WHO = "campaign_id, workspace_id, person_id"
_SAME = "IS NOT DISTINCT FROM"
# Nudges where somebody may have two first rows, looking from the first of the new rows' people to the last; or where
# far more stand between these two than are new, so that each is looked up. Apart, so that it is asked once.
_DOUBTFUL = f"""
WITH doubtful AS MATERIALIZED (
  SELECT campaign_id, workspace_id, nudge_key FROM (
    SELECT campaign_id, workspace_id, nudge_key, min(person_id) AS begins, max(person_id) AS ends, count(*) AS moved
    FROM n WHERE {_FIRSTS} GROUP BY 1, 2, 3
  ) s CROSS JOIN LATERAL (
    SELECT count(*) AS present, count(DISTINCT person_id) AS people FROM (
      SELECT d.person_id FROM deliveries d WHERE d.campaign_id = s.campaign_id AND d.nudge_key = s.nudge_key
        AND d.occurrence = 1 AND d.person_id BETWEEN s.begins AND s.ends LIMIT 2 * s.moved + 1
    ) d
  ) f WHERE f.present > 2 * s.moved OR f.present > f.people
)
"""


def triggers(version: int) -> Mapping[str, tuple[str, str]]:
    """Return by name each trigger's function and the trigger, as the statements that make them."""
    found = {}
    for table in _TABLES:
        for event, names in _EVENTS.items():
            full = f"rollup_{table}_{event}_{version}"
            head = f"CREATE OR REPLACE FUNCTION {full}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            seen = " ".join(_NAMES[name] for name in names)
            found[full] = (
                f"{head} {_adding(_changes(table, names))}; RETURN NULL; END $$",
                f"CREATE OR REPLACE TRIGGER {full} AFTER {event.upper()} ON {table} REFERENCING {seen} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {full}()",
            )
    return found


def _adding(changes: Iterator[str]) -> str:
    each = " UNION ALL ".join(f"({change})" for change in changes)
    total = f"SELECT {COLUMNS}, sum(change) FROM ({each}) AS changes ({COLUMNS}, change)"
    # In one order, so that two transactions never wait for each other crosswise.
    kept = f"GROUP BY {COLUMNS} HAVING sum(change) <> 0 ORDER BY {COLUMNS}"
    added = f"ON CONFLICT ({COLUMNS}) DO UPDATE SET count = rollups.count + excluded.count"
    return f"INSERT INTO rollups ({COLUMNS}, count) {total} {kept} {added}"


def _changes(table: str, names: tuple[str, ...]) -> Iterator[str]:
    work = {"deliveries": _of_deliveries, "responses": _of_responses, "audience": _of_audience}
    yield from work[table](names)


def _of_deliveries(names: tuple[str, ...]) -> Iterator[str]:
    for name, change in _signs(names):
        yield f"SELECT {_FACTS.delivery(name)}, {change} FROM {name}"
    yield from _reached(names)
    if len(names) == 1:  # who a delivery is about never changes
        yield _again(names[0])


def _again(name: str) -> str:
    """Count rows beyond the first of a person and nudge, before the statement and after it."""
    keys = f"{_WHO}, nudge_key"
    # With new rows nothing changes where nobody has two now; so it is asked for all of a nudge at once.
    begin, among = (
        (_DOUBTFUL, "JOIN doubtful USING (campaign_id, workspace_id, nudge_key)") if name == "n" else ("", "")
    )
    touched = f"{begin} SELECT {keys}, count(*) AS moved FROM {name} {among} WHERE {_FIRSTS} GROUP BY {keys}"
    present = (
        "SELECT count(*) FROM deliveries d WHERE d.campaign_id = t.campaign_id AND d.nudge_key = t.nudge_key "
        "AND d.person_id = t.person_id AND d.occurrence = 1"
    )
    before = "t.present - t.moved" if name == "n" else "t.present + t.moved"
    change = f"greatest(t.present - 1, 0) - greatest({before} - 1, 0)"
    return f"SELECT {_FACTS.again('t')}, {change} FROM (SELECT t.*, ({present}) AS present FROM ({touched}) t) t"


def _reached(names: tuple[str, ...]) -> Iterator[str]:
    sent = f"status = 'sent' AND {_NUDGES}"
    touched = " UNION ".join(f"SELECT DISTINCT {_WHO} FROM {name} WHERE {sent}" for name in names)
    theirs = (
        "FROM deliveries d WHERE d.workspace_id = t.workspace_id AND d.person_id = t.person_id "
        "AND d.campaign_id = t.campaign_id AND d.status = 'sent'"
    )
    is_now = f"EXISTS (SELECT 1 {theirs})"
    was = [f"EXISTS (SELECT 1 {theirs} {_untouched('d', names, 'delivery_id')})"]
    if "o" in names:
        was.append(f"({_WHO}) IN (SELECT {_WHO} FROM o WHERE {sent})")
    yield f"SELECT {_FACTS.reached('t')}, ({is_now})::int - ({' OR '.join(was)})::int FROM ({touched}) t"


def _of_responses(names: tuple[str, ...]) -> Iterator[str]:
    for name, change in _signs(names):
        yield f"SELECT {_FACTS.response(name)}, {change} FROM {name}"
    yield from _once(names, _WHO, _FACTS.answered("t"))
    yield from _once(names, f"{_WHO}, kind, value, is_right", _FACTS.people("t"))
    yield from _once(names, f"{_WHO}, nudge_key", _FACTS.first("t"), each=", min(responded_at) AS responded_at")


def _once(names: tuple[str, ...], columns: str, keys: str, each: str = "") -> Iterator[str]:
    """Take away what stood for these people before the statement, and add what stands for them now."""
    touched = " UNION ".join(f"SELECT DISTINCT {columns} FROM {name}" for name in names)
    same = " AND ".join(f"r.{column} {_SAME} u.{column}" for column in columns.split(", "))
    here = f"r.campaign_id = u.campaign_id AND r.person_id = u.person_id AND {same}"
    rows = f"SELECT r.* FROM responses r JOIN ({touched}) u ON {here}"
    former = f"{rows} WHERE true {_untouched('r', names, 'delivery_id, kind')}"
    if "o" in names:
        former += " UNION ALL SELECT * FROM o"
    for found, change in ((rows, 1), (former, -1)):
        yield f"SELECT {keys}, {change} FROM (SELECT {columns}{each} FROM ({found}) f GROUP BY {columns}) t"


def _of_audience(names: tuple[str, ...]) -> Iterator[str]:
    """Carry all that people got and did over to another segment."""
    turned = (
        "(SELECT m.*, c.workspace_id FROM "
        f"({_turned(names)}) m JOIN campaigns c ON c.campaign_id = m.campaign_id WHERE m.was <> m.now) m"
    )
    sides = "CROSS JOIN LATERAL (VALUES (m.was, -1), (m.now, 1)) s (segment, change)"
    same = "x.campaign_id = m.campaign_id AND x.person_id = m.person_id"
    sent = f"FROM deliveries x JOIN {turned} ON x.workspace_id = m.workspace_id AND {same} {sides}"
    did = f"FROM responses x JOIN {turned} ON {same}"
    firsts = "SELECT x.campaign_id, x.workspace_id, x.nudge_key, m.was, m.now, min(x.responded_at) AS responded_at"
    began = f"FROM ({firsts} {did} GROUP BY 1, 2, x.person_id, 3, 4, 5) m {sides}"
    yield f"SELECT {_FACTS.delivery('x', 's.segment')}, s.change {sent} WHERE x.status = 'sent'"
    yield f"SELECT {_FACTS.response('x', 's.segment')}, s.change {did} {sides}"
    yield f"SELECT {_FACTS.first('m', 's.segment')}, s.change {began}"


def _turned(names: tuple[str, ...]) -> str:
    """Return who was in which segment and is now; joined, because looking each up would take the square of the time."""
    if names == ("n",):
        return "SELECT campaign_id, person_id, '' AS was, segment AS now FROM n"
    if names == ("o",):
        return "SELECT campaign_id, person_id, segment AS was, '' AS now FROM o"
    both = "SELECT campaign_id, person_id, coalesce(o.segment, '') AS was, coalesce(n.segment, '') AS now"
    return f"{both} FROM n FULL JOIN o USING (campaign_id, person_id)"


def _signs(names: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    return ((name, 1 if name == "n" else -1) for name in names)


def _untouched(row: str, names: tuple[str, ...], keys: str) -> str:
    """Leave out the rows that the statement has written."""
    if "n" not in names:
        return ""
    own = " AND ".join(f"n.{key} = {row}.{key}" for key in keys.split(", "))
    return f"AND NOT EXISTS (SELECT 1 FROM n WHERE {own})"
