"""Counting row by row: this module is what status and results show, counted without any help, to compare with."""

from collections import Counter, defaultdict
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.measuring.results import SILENT, SPOKE
from nudges.store import tallies
from nudges.store.tables import DeliveryRow, ResponseRow

FIRST = col(DeliveryRow.occurrence) == 1  # a question that comes back is counted apart
QUESTIONS = {ResponseKind.ANSWER: "choices", ResponseKind.TAP: "choices", ResponseKind.FEEDBACK: "useful"}
Key = tuple[str, str, date, str, str]  # question, nudge, day, segment, side


def entries(session: Session, campaign_id: int) -> Counter[tuple[str, str, bool]]:
    """Return how many deliveries stand so: status, reason when skipped, whether it was enqueued."""
    reason = case((col(DeliveryRow.status) == DeliveryStatus.SKIPPED, col(DeliveryRow.reason)), else_="")
    keys = (col(DeliveryRow.status), reason, col(DeliveryRow.is_enqueued))
    rows = session.execute(
        select(*keys, func.count()).where(col(DeliveryRow.campaign_id) == campaign_id, FIRST).group_by(*keys)
    )
    return Counter({(status, reason, bool(is_in)): count for status, reason, is_in, count in rows})


def reached(session: Session, campaign_id: int) -> int:
    """Return how many people were sent anything."""
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.status) == DeliveryStatus.SENT)
    return session.execute(select(func.count(col(DeliveryRow.person_id).distinct())).where(*where)).scalar_one()


def answered(session: Session, campaign_id: int) -> int:
    """Return how many people did anything."""
    people = func.count(col(ResponseRow.person_id).distinct())
    return session.execute(select(people).where(col(ResponseRow.campaign_id) == campaign_id)).scalar_one()


def decided(session: Session, campaign_id: int) -> dict[str, int]:
    """Return for how many people each nudge was decided."""
    keys, people = col(DeliveryRow.nudge_key), func.count(col(DeliveryRow.person_id).distinct())
    where = (col(DeliveryRow.campaign_id) == campaign_id, FIRST)
    rows = session.execute(select(keys, people).where(*where).group_by(keys))
    return {nudge_key: count for nudge_key, count in rows}  # noqa: C416 - a Row is no pair to the checker


def said(session: Session, campaign_id: int) -> set[tuple[str, str, bool | None, int, int]]:
    """Return kind, value and rightness of responses with how many there are, and of how many people."""
    keys = (col(ResponseRow.kind), col(ResponseRow.value), col(ResponseRow.is_right))
    people = func.count(col(ResponseRow.person_id).distinct())
    statement = select(*keys, func.count(), people).where(col(ResponseRow.campaign_id) == campaign_id).group_by(*keys)
    return {tuple(row) for row in session.execute(statement)}


def results(session: Session, campaign_id: int, here: ZoneInfo) -> Counter[Key]:
    """Return what is behind results: one by one over all that was sent and tapped."""
    segments = tallies.segments_of(session, campaign_id)
    found: Counter[Key] = Counter()
    for nudge_key, person_id, sent_at in _sendings(session, campaign_id):
        day = sent_at.astimezone(here).date()
        found["answered", nudge_key, day, segments.get(person_id, ""), SILENT] += 1
    first: dict[tuple[str, str], date] = {}
    for nudge_key, person_id, kind, value, responded_at in _taps(session, campaign_id):
        day, segment = responded_at.astimezone(here).date(), segments.get(person_id, "")
        question = QUESTIONS.get(ResponseKind(kind))
        if question:
            found[question, nudge_key, day, segment, value] += 1
        first[nudge_key, person_id] = min(first.get((nudge_key, person_id), day), day)
    for (nudge_key, person_id), day in first.items():
        found["answered", nudge_key, day, segments.get(person_id, ""), SPOKE] += 1
        found["answered", nudge_key, day, segments.get(person_id, ""), SILENT] -= 1
    return Counter({key: count for key, count in found.items() if count})


def everything(session: Session, campaign_id: int, here: ZoneInfo) -> defaultdict[str, object]:
    """Count all of it, as an admin's look at status and results would have to."""
    counts = {"entries": entries, "reached": reached, "answered": answered, "decided": decided, "said": said}
    found = {name: count(session, campaign_id) for name, count in counts.items()}
    return defaultdict(object, found | {"results": results(session, campaign_id, here)})


def _sendings(session: Session, campaign_id: int):  # type: ignore[no-untyped-def]
    columns = (col(DeliveryRow.nudge_key), col(DeliveryRow.person_id), col(DeliveryRow.sent_at))
    where = (col(DeliveryRow.campaign_id) == campaign_id, col(DeliveryRow.status) == DeliveryStatus.SENT, FIRST)
    return session.execute(select(*columns).where(*where).execution_options(yield_per=2000))


def _taps(session: Session, campaign_id: int):  # type: ignore[no-untyped-def]
    names = ("nudge_key", "person_id", "kind", "value", "responded_at")
    columns = (getattr(ResponseRow, name) for name in names)
    where = col(ResponseRow.campaign_id) == campaign_id
    return session.execute(select(*columns).where(where).execution_options(yield_per=2000))
