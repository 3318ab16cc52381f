"""What the outbox is asked for every message: this module is those statements, each built once.

Building a statement takes several times as long as running it.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Executable,
    Integer,
    Select,
    Table,
    Text,
    Update,
    UpdateBase,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlmodel import col

from nudges.domain.delivery.deliveries import DeliveryStatus, SkipReason
from nudges.store.insertions import insert_into
from nudges.store.tables import CampaignRow, DeliveryRow

CLAIMABLE = (DeliveryStatus.PLANNED, DeliveryStatus.RETRY)
READ_AT_ONCE = 100
_WORDS = ("status", "reason", "local_due", "zone")
_INSTANTS = ("due_at", "window_ends_at", "fresh_until")
_TABLE: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_HERE = col(DeliveryRow.workspace_id) == bindparam("workspace_id")
_THERE = col(DeliveryRow.workspace_id) == bindparam("in_workspace")  # an UPDATE keeps its columns' names to itself


@lru_cache(maxsize=2)
def enqueuing(dialect: str) -> UpdateBase:
    """Return the insertion of new rows; `decided` is JSON, each decision with its people by delivery id.

    The database spreads each decision over its people, so a thousand rows cost little more than one, and on PostgreSQL
    what counts along with each statement is asked once.
    """
    is_postgres = dialect == "postgresql"
    # Taken apart before it is joined: otherwise the whole text is read again for each person.
    decided = (
        (_decided_postgres() if is_postgres else _decided_sqlite()).cte("each_decided").prefix_with("MATERIALIZED")
    )
    spread = func.json_each_text if is_postgres else func.json_each
    person = spread(decided.c.people).table_valued("key", "value", name="person")
    columns = {
        "delivery_id": person.c.key,
        "person_id": person.c.value,
        "workspace_id": bindparam("in_workspace", type_=Text()),
        "campaign_id": bindparam("of_campaign", type_=Integer()),
        "nudge_key": bindparam("of_nudge", type_=Text()),
        **{name: bindparam(name, type_=_TABLE.c[name].type) for name in ("occurrence", "priority", "created_at")},
        **{name: literal_column("0") for name in ("attempt", "failures", "empty_reads", "version")},
        **{name: literal_column("''") for name in ("channel_id", "message_ts")},
        **{name: decided.c[name] for name in (*_WORDS, *_INSTANTS, "is_enqueued")},
        "ready_at": decided.c.due_at,
    }
    rows = select(*columns.values()).select_from(decided.join(person, true()))
    insertion = insert_into(dialect, _TABLE)
    new = insertion.from_select(list(columns), rows, include_defaults=False)
    # Without the option PostgreSQL's driver has forgotten by the time it is asked.
    return new.on_conflict_do_nothing(index_elements=["delivery_id"]).execution_options(preserve_rowcount=True)


def _decided_sqlite() -> Select[Any]:
    each = func.json_each(bindparam("decided", type_=Text())).table_valued("value", name="one")
    names = (*_WORDS, *_INSTANTS, "is_enqueued", "people")
    return select(*(func.json_extract(each.c.value, f"$.{name}").label(name) for name in names))


def _decided_postgres() -> Select[Any]:
    value = (
        func.json_array_elements(cast(bindparam("decided", type_=Text()), JSON))
        .table_valued("value", name="one")
        .c.value
    )
    words = [value.op("->>")(name).label(name) for name in _WORDS]
    at = [func.timezone("UTC", cast(value.op("->>")(name), DateTime())).label(name) for name in _INSTANTS]
    is_enqueued = (value.op("->>")("is_enqueued") == "1").label("is_enqueued")
    return select(*words, *at, is_enqueued, value.op("->")("people").label("people"))


@lru_cache(maxsize=32)
def leaving(*names: str) -> Update:
    """Return the change of a row that still is what an attempt knew: its status, and the columns named."""
    return (
        update(_TABLE)
        .where(
            col(DeliveryRow.delivery_id) == bindparam("known_id"),
            col(DeliveryRow.status) == bindparam("known_status"),
            col(DeliveryRow.attempt) == bindparam("known_attempt"),
        )
        .values({name: bindparam(name) for name in ("status", *names)})
    )


@lru_cache(maxsize=1)
def candidates_due() -> Executable:
    """Return the statement that finds what is due, the most urgent first."""
    busy = select(col(DeliveryRow.person_id)).where(_HERE, col(DeliveryRow.status) == DeliveryStatus.SENDING)
    paused = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.status) == "paused")
    return (
        select(col(DeliveryRow.delivery_id), col(DeliveryRow.person_id))
        .where(_HERE, _is_claimable(), col(DeliveryRow.ready_at) <= bindparam("now"))
        .where(col(DeliveryRow.person_id).not_in(busy), col(DeliveryRow.campaign_id).not_in(paused))
        .order_by(col(DeliveryRow.priority), col(DeliveryRow.ready_at), col(DeliveryRow.delivery_id))
        .limit(bindparam("most"))
    )


@lru_cache(maxsize=1)
def claiming() -> UpdateBase:
    """Return the statement that takes the chosen rows as far as they still wait, and gives them back."""
    chosen = col(DeliveryRow.delivery_id).in_(bindparam("chosen", expanding=True))
    return (
        update(_TABLE)
        .where(chosen, _is_claimable())
        .values(
            status=DeliveryStatus.SENDING,
            attempt=col(DeliveryRow.attempt) + 1,
            claimed_at=bindparam("now"),
            empty_reads=0,
            version=_present_version(),
        )
        .returning(*_TABLE.columns)
    )


@lru_cache(maxsize=1)
def standing_now() -> Executable:
    """Return the statement that tells which of these are sent, and under which name they stand."""
    among = col(DeliveryRow.delivery_id).in_(bindparam("ids", expanding=True))
    return select(col(DeliveryRow.delivery_id), col(DeliveryRow.message_ts)).where(
        among, col(DeliveryRow.status) == DeliveryStatus.SENT
    )


@lru_cache(maxsize=2)
def abandoning(*limit: str) -> Update:
    """Return the change of what is on its way into what nobody knows; with a limit only what was claimed before."""
    where = [_THERE, col(DeliveryRow.status) == DeliveryStatus.SENDING]
    if limit:
        where.append(col(DeliveryRow.claimed_at) <= bindparam("claimed_before"))
    unread = {"unknown_at": bindparam("now"), "empty_reads": 0, "read_at": None}
    return update(_TABLE).where(*where).values(status=DeliveryStatus.UNKNOWN, reason="process_ended", **unread)


@lru_cache(maxsize=1)
def expiring() -> Update:
    """Return the change of what waits and is no longer fresh, so many at most; what was planned and to be retried."""
    stale = (
        select(col(DeliveryRow.delivery_id))
        .where(_THERE, col(DeliveryRow.status) == bindparam("waiting"))
        .where(col(DeliveryRow.fresh_until) <= bindparam("now"))
        .limit(bindparam("most"))
    )
    values = {"status": DeliveryStatus.EXPIRED, "reason": SkipReason.STALE}
    return update(_TABLE).where(col(DeliveryRow.delivery_id).in_(stale)).values(**values)


@lru_cache(maxsize=1)
def rested_unknown() -> Executable:
    """Return the statement that finds what has been unknown for long enough and was not just looked up."""
    read_at = col(DeliveryRow.read_at)
    return (
        select(_TABLE)
        .where(_HERE, col(DeliveryRow.status) == DeliveryStatus.UNKNOWN)
        .where(col(DeliveryRow.unknown_at) <= bindparam("rested_since"))
        .where(read_at.is_(None) | (read_at <= bindparam("read_before")))
        .order_by(col(DeliveryRow.unknown_at))
        .limit(READ_AT_ONCE)
    )


@lru_cache(maxsize=1)
def unknown_now() -> Executable:
    """Return the statement that names all that is unknown, with what tells one doubt about a row from the next."""
    columns = (DeliveryRow.delivery_id, DeliveryRow.attempt, DeliveryRow.empty_reads)
    return select(*map(col, columns)).where(_HERE, col(DeliveryRow.status) == DeliveryStatus.UNKNOWN)


@lru_cache(maxsize=1)
def one_timed() -> Executable:
    """Return the statement that finds one row of a workspace, unless it never had a time."""
    return select(_TABLE).where(
        _HERE,
        col(DeliveryRow.delivery_id) == bindparam("delivery_id"),
        col(DeliveryRow.due_at).is_not(None),
    )


def _is_claimable() -> ColumnElement[bool]:
    # Spelt out: a list of values is put together anew at each run.
    return or_(*(col(DeliveryRow.status) == status for status in CLAIMABLE))


def _present_version() -> ColumnElement[int]:
    # Written with the claim: an update that comes while a message is on its way must not change what it was sent with.
    present = select(col(CampaignRow.version)).where(col(CampaignRow.campaign_id) == col(DeliveryRow.campaign_id))
    return func.coalesce(present.scalar_subquery(), 0)
