"""Who comes into an audience and who leaves it: this module finds them, a batch at a time; it writes nothing.

Whoever is in it already and as they should be is passed over by the database itself, so that looking again when nothing
is new is one statement, however many people there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.playbooks.company import Company
from nudges.domain.playbooks.playbook import Playbook
from nudges.store.campaigns import Member
from nudges.store.engine import AnyRow, fetch
from nudges.store.segment_sql import Asking, meant
from nudges.store.tables import AudienceRow, PersonRow

_RECORD = [field.name for field in fields(Member)]


@dataclass(frozen=True)
class Draw:
    """The questions for one campaign, built once: a rule reads the ways in which its values are written."""

    campaign_id: int
    coming: Select[Any]
    leaving: Select[Any]


def draw_of(asking: Asking, playbook: Playbook, company: Company, campaign_id: int, *, adds_pilots: bool) -> Draw:
    """Return who a campaign is for, as questions to the database."""
    inside, first, early = meant(asking, playbook, company)
    theirs = and_(
        col(AudienceRow.campaign_id) == bindparam("campaign_id"), col(AudienceRow.person_id) == col(PersonRow.person_id)
    )
    differs = or_(
        col(AudienceRow.person_id).is_(None), col(AudienceRow.left_at).is_not(None), col(AudienceRow.segment) != first
    )
    if adds_pilots:
        differs = or_(differs, and_(early, ~col(AudienceRow.is_pilot)))
    person = (col(PersonRow.person_id), col(PersonRow.team), col(PersonRow.manager_id))
    record = (getattr(AudienceRow, name).label(f"known_{name}") for name in _RECORD)
    coming = (
        select(*person, first.label("segment"), case((early, 1), else_=0).label("is_pilot"), *record)
        .outerjoin_from(PersonRow, AudienceRow, theirs)
        # The workspace once for all segments: with one in each alone SQLite reads all who are left for every batch.
        .where(asking.here, inside, differs, col(PersonRow.person_id) > bindparam("after"))
        .order_by(col(PersonRow.person_id))
        .limit(bindparam("most"))
    )
    is_meant = select(col(PersonRow.person_id)).where(inside, col(PersonRow.person_id) == col(AudienceRow.person_id))
    leaving = (
        select(col(AudienceRow.person_id))
        .where(col(AudienceRow.campaign_id) == bindparam("campaign_id"), col(AudienceRow.left_at).is_(None))
        .where(~is_meant.correlate(AudienceRow).exists())
        .limit(bindparam("most"))
    )
    return Draw(campaign_id, coming, leaving)


def coming(session: Session, draw: Draw, *, after: str, most: int, until: str = "") -> Sequence[AnyRow]:
    """Return the next people after that id (until another) who are meant and not yet in as they should be."""
    statement, limit = draw.coming, {"until": until} if until else {}
    if until:
        statement = statement.where(col(PersonRow.person_id) <= bindparam("until"))
    return fetch(session, statement, campaign_id=draw.campaign_id, after=after, most=most, **limit).all()


def on_record(row: AnyRow) -> Member | None:
    """Return what the audience says of somebody who comes; None of who was never in it."""
    return Member(*(getattr(row, f"known_{name}") for name in _RECORD)) if row.known_person_id else None


def leaving(session: Session, draw: Draw, *, most: int) -> Sequence[str]:
    """Return some of those who are in the audience and not meant any more."""
    return fetch(session, draw.leaving, campaign_id=draw.campaign_id, most=most).scalars().all()
