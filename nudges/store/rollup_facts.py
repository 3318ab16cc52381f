"""What is counted: this module is the words of SQL that say under which key of `rollups` a row falls.

Triggers add and subtract by them, and a count of everything says the same of all rows at once, so the two cannot drift.
"""

from dataclasses import dataclass

from nudges.domain.delivery.deliveries import NOTICES, DeliveryStatus
from nudges.store.past import ANSWERED, DELIVERY, REACHED, RETURN, RIGHT, WRONG

FIRST, AGAIN, PEOPLE = "first", "again", "people_"
QUARTER_S = 900
COLUMNS = "campaign_id, kind, nudge_key, value, reason, is_enqueued, segment, quarter, workspace_id"
_ORDINALS = "1, 2, 3, 4, 5, 6, 7, 8, 9"
_SENT = DeliveryStatus.SENT.value
_PERSON = "campaign_id, workspace_id, person_id"


@dataclass(frozen=True)
class Facts:
    """The keys of rows, in the words of one database; `row` is the name the row goes by in a statement."""

    is_sqlite: bool

    def delivery(self, row: str, segment: str = "") -> str:
        """Return the key of a delivery: how it stands, and when it is ready or was sent."""
        sent, ready = self.quarter(f"{row}.sent_at"), self.quarter(f"{row}.ready_at")
        when = f"CASE {row}.status WHEN '{_SENT}' THEN {sent} WHEN 'planned' THEN {ready} WHEN 'retry' THEN {ready}"
        return _key(
            row,
            f"CASE WHEN {row}.occurrence > 1 THEN '{RETURN}' ELSE '{DELIVERY}' END",
            nudge=f"CASE {row}.campaign_id WHEN {NOTICES} THEN '' ELSE {row}.nudge_key END",
            value=f"{row}.status",
            reason=f"CASE {row}.status WHEN 'skipped' THEN {row}.reason ELSE '' END",
            is_enqueued=f"{row}.is_enqueued",
            segment=f"CASE {row}.status WHEN '{_SENT}' THEN {segment or _segment(row)} ELSE '' END",
            quarter=f"{when} ELSE 0 END",
        )

    def again(self, row: str) -> str:
        """Return the key of a person's second first asking of one nudge, which should not be there."""
        return _key(row, AGAIN, nudge=f"{row}.nudge_key")

    def reached(self, row: str) -> str:
        """Return the key of a person who was sent anything of a campaign."""
        return _key(row, REACHED)

    def response(self, row: str, segment: str = "") -> str:
        """Return the key of what was answered, and when."""
        return _key(
            row,
            f"{row}.kind",
            nudge=f"{row}.nudge_key",
            value=f"{row}.value",
            reason=_rightness(row),
            segment=segment or _segment(row),
            quarter=self.quarter(f"{row}.responded_at"),
        )

    def first(self, row: str, segment: str = "", at: str = "") -> str:
        """Return the key of the first thing a person did with a nudge."""
        quarter = self.quarter(at or f"{row}.responded_at")
        return _key(row, FIRST, nudge=f"{row}.nudge_key", segment=segment or _segment(row), quarter=quarter)

    def answered(self, row: str) -> str:
        """Return the key of a person who did anything with a campaign."""
        return _key(row, ANSWERED)

    def people(self, row: str) -> str:
        """Return the key of a person who gave an answer, whichever the nudge."""
        return _key(row, f"'{PEOPLE}' || {row}.kind", value=f"{row}.value", reason=_rightness(row))

    def quarter(self, instant: str) -> str:
        """Return the quarter of an hour of an instant: every zone's day begins with one."""
        if self.is_sqlite:
            return f"coalesce(CAST(strftime('%s', {instant}) AS INTEGER) / {QUARTER_S}, 0)"
        return f"coalesce(floor(extract(epoch FROM {instant}) / {QUARTER_S})::bigint, 0)"

    def everything(self) -> tuple[str, ...]:
        """Return the statements that count all rows from the beginning, each giving keys and a count."""
        nudges = f"FROM deliveries d WHERE d.campaign_id <> {NOTICES}"
        firsts_only = f"{nudges} AND d.occurrence = 1"
        firsts = f"SELECT {_PERSON}, nudge_key, min(responded_at) AS responded_at FROM responses GROUP BY 1, 2, 3, 4"
        return (
            _counting(self.delivery("d"), "count(*)", "FROM deliveries d"),
            _counting(self.again("d"), "count(*) - count(DISTINCT d.person_id)", firsts_only),
            _counting(self.reached("d"), "count(DISTINCT d.person_id)", f"{nudges} AND d.status = '{_SENT}'"),
            _counting(self.response("r"), "count(*)", "FROM responses r"),
            _counting(self.first("r"), "count(*)", f"FROM ({firsts}) r"),
            _counting(self.answered("r"), "count(DISTINCT r.person_id)", "FROM responses r"),
            _counting(self.people("r"), "count(DISTINCT r.person_id)", "FROM responses r"),
        )


def adding(keys: str, change: str, rows: str) -> str:
    """Return the statement that adds a change to the counts of these keys; `rows` says for which rows."""
    added = "DO UPDATE SET count = rollups.count + excluded.count"
    return f"INSERT INTO rollups ({COLUMNS}, count) SELECT {keys}, {change} {rows} ON CONFLICT ({COLUMNS}) {added}"


def _counting(keys: str, count: str, rows: str) -> str:
    return f"SELECT {keys}, {count} {rows} GROUP BY {_ORDINALS} HAVING {count} > 0"


def _key(
    row: str,
    kind: str,
    *,
    nudge: str = "''",
    value: str = "''",
    reason: str = "''",
    is_enqueued: str = "true",
    segment: str = "''",
    quarter: str = "0",
) -> str:
    is_word = kind.isidentifier()
    what = (f"{row}.campaign_id", f"'{kind}'" if is_word else kind, nudge, value, reason, is_enqueued, segment, quarter)
    return ", ".join((*what, f"{row}.workspace_id"))


def _rightness(row: str) -> str:
    return f"CASE WHEN {row}.is_right IS NULL THEN '' WHEN {row}.is_right THEN '{RIGHT}' ELSE '{WRONG}' END"


def _segment(row: str) -> str:
    mine = f"a.campaign_id = {row}.campaign_id AND a.person_id = {row}.person_id"
    return f"coalesce((SELECT a.segment FROM audience a WHERE {mine}), '')"
