"""A person in every column that can hold one: this module plants somebody, and finds what is left of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, Table, insert, text

from nudges.domain.delivery.deliveries import person_hash
from nudges.store.aliases import HOLDERS
from nudges.store.engine import UtcDateTime
from nudges.store.tables import Row
from tests.fakes import utc
from tests.services.data_map import documented
from tests.services.house import TEAM, House

CANARY = "U0CANARY77"
WORDS = "canary words that nobody else would ever write"
NUMBER = 4711  # of the campaign everything hangs on
DELIVERY = "canary-delivery"
SOME_TIME = utc("2027-01-04 09:00")
# Columns of the class `id` that hold something else than a person.
OTHER_IDS = {"delivery_id": DELIVERY, "channel_id": "D0CANARY", "message_ts": "4711.000100"}
# Whatever a hash is kept in is named so.
HASHES = ("person_hash", "author_hash")
# A table that tells of groups holds a person only as the manager of a team without a name.
OF_GROUPS = {
    ("publications", "scope_id"),
    ("flags", "scope_id"),
    ("weekly_counts", "scope_id"),
    ("memberships", "team"),
}
NOT_PLANTED = {"forgotten": "it is what stays", "instance": "nobody is in it", "workspaces": "nobody is in it"}


# Words that the rows of a table are read by.
READ_BY = {
    "stories": {"consent": "private", "state": "kept", "campaign_id": None},
    "workshop_seats": {"state": "given_back"},
    "campaigns": {"status": "ended"},
}


def hashed(house: House, person_id: str = CANARY) -> str:
    return person_hash(key=house.core.key, workspace_id=TEAM, person_id=person_id)


def plain_value(column: Column[Any], number: int) -> Any:
    """Return something of the column's type that has nothing to do with anybody."""
    if isinstance(column.type, UtcDateTime):
        return SOME_TIME
    if isinstance(column.type, JSON):
        return {}
    values = ((Boolean, True), (Integer, number), (Float, 1.0), (Date, SOME_TIME.date()))
    return next((value for kind, value in values if isinstance(column.type, kind)), f"plain-{number}")


def planted(house: House, table: Table, classes: Mapping[str, str], number: int) -> dict[str, Any]:
    """Return a row of this table with the person wherever the data map says that one may be."""
    row = {column.name: plain_value(column, number) for column in table.columns}
    row |= {name: TEAM for name in ("workspace_id",) if name in row}
    row |= {name: NUMBER for name in ("campaign_id", "work_id") if name in row}
    for column in table.columns:
        class_, name = classes.get(column.name, ""), column.name
        if name in HASHES:
            row[name] = hashed(house)
        elif (table.name, name) in OF_GROUPS:
            row[name] = f"manager:{CANARY}"
        elif name in OTHER_IDS:
            row[name] = OTHER_IDS[name]
        elif name == "remedies":
            row[name] = [{"do": "x", "by": CANARY, "until": ""}]
        elif name in HOLDERS or class_ == "id":
            row[name] = CANARY
        elif class_ == "free text" or (table.name, name) == ("approvals", "why"):
            row[name] = WORDS
    return row | READ_BY.get(table.name, {})


def plant(house: House) -> dict[str, str]:
    """Put a row about the person into every table; return under which of the page's classes each column is."""
    page = {name: {row[0]: row[2] for row in rows} for name, rows in documented().items()}
    with house.core.db.begin() as session:
        for number, table in enumerate(Row.metadata.sorted_tables, start=900):
            if table.name in NOT_PLANTED:
                continue
            session.execute(insert(table).values(**planted(house, table, page.get(table.name, {}), number)))
    return {f"{table}.{name}": class_ for table, names in page.items() for name, class_ in names.items()}


def holding(house: House, *wanted: str) -> set[str]:
    """Return the columns in which one of these stands."""
    found = set()
    for name in Row.metadata.tables:
        with house.core.db.reading() as session:
            for row in session.execute(text(f"SELECT * FROM {name}")).mappings():
                found |= {
                    f"{name}.{column}" for column, value in row.items() if any(one in str(value) for one in wanted)
                }
    return found
