"""Whom a nudge can be decided for: this module reads them in batches, each with all that the decision hangs on.

Nobody's whole row is read and nobody is looked up by themselves: what decides is a few short columns, and many people
share the same ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Label,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from nudges.domain.delivery.deliveries import FIRST, DeliveryStatus
from nudges.store.campaigns import Campaign
from nudges.store.engine import AnyRow, fetch
from nudges.store.tables import AudienceRow, CampaignRow, DeliveryRow, PersonRow, PreferenceRow, ResponseRow

_NEVER_SENT = (DeliveryStatus.SKIPPED, DeliveryStatus.EXPIRED, DeliveryStatus.FAILED)
_STANDS = ("version", "status", "is_piloting", "starts_on", "rest_starts_on")
_STANDING = select(*(getattr(CampaignRow, name) for name in _STANDS)).where(
    col(CampaignRow.campaign_id) == bindparam("campaign_id")
)
_BETWEEN = select(col(AudienceRow.person_id)).where(
    col(AudienceRow.campaign_id) == bindparam("campaign_id"),
    col(AudienceRow.person_id).between(bindparam("first"), bindparam("last")),
)
_IN_CAMPAIGN = col(AudienceRow.campaign_id) == bindparam("campaign_id")
_ANSWER: tuple[Any, ...] = (
    col(ResponseRow.value).label("given"),
    col(ResponseRow.is_right),
    col(ResponseRow.responded_at),
)
_ENTERING = {
    "is_pilot": col(AudienceRow.is_pilot) == bindparam("is_pilot"),
    "entered_after": col(AudienceRow.entered_at) > bindparam("entered_after"),
    "entered_until": col(AudienceRow.entered_at) <= bindparam("entered_until"),
}


def _nothing(*names: str) -> tuple[Label[None], ...]:
    return tuple(null().label(name) for name in names)


_NO_ANSWER = _nothing("given", "is_right", "responded_at")


class Situation(NamedTuple):
    """What a decision about somebody hangs on, beside the nudge and the instant; in the order of the columns read."""

    kind: str | None  # None: in the audience, but no longer known
    zone: str
    place: str
    country: str
    hours: str
    working_days: str
    own_hours: str | None  # None, like the wishes below: never asked for anything
    is_inside: bool
    is_held_out: bool
    is_pilot: bool
    joined_at: datetime | None  # None: in the audience since the campaign was published
    is_stopped: bool
    paused_until: datetime | None
    topics: str | None
    before: str | None  # how the nudge stands that has to come first
    before_sent_at: datetime | None
    given: str | None = None  # what was answered to it, where the question asks for that
    given_is_right: bool | None = None
    given_at: datetime | None = None


@dataclass(frozen=True)
class Question:
    """One nudge of one campaign, and for whom: everybody, the pilot or the rest, or whose turn it is after another."""

    workspace_id: str
    campaign_id: int
    nudge_key: str
    published_at: datetime
    is_pilot: bool | None = None
    entered_after: datetime | None = None
    entered_until: datetime | None = None
    before: str = ""
    sent_until: datetime | None = None  # with `before`: that one was sent until then, or never will be
    given_kind: str = ""  # with `before`: it hangs on this kind of response
    silent_until: datetime | None = None  # with `given_kind`: who got that one until then need not have responded


def undecided(session: Session, asked: Question, *, after: str, most: int) -> Sequence[AnyRow]:
    """Return the next people after that id for whom it can be decided and is not: each an id and a `Situation`."""
    names = [name for name, value in asked.__dict__.items() if value not in (None, "")]
    values = {name: getattr(asked, name) for name in names}
    statement = _statement(*names, is_sqlite=session.get_bind().dialect.name == "sqlite")
    return fetch(session, statement, after=after, most=most, **values).all()


def still_meant(session: Session, campaign: Campaign, first: str, last: str) -> frozenset[str]:
    """Return the ids of the audience from the first to the last; none when the campaign is not what it was any more.

    Who was forgotten a moment ago is not among them, and what a new text asks for is not decided by the old one.
    """
    found = fetch(session, _BETWEEN, campaign_id=campaign.campaign_id, first=first, last=last)
    present = fetch(session, _STANDING, campaign_id=campaign.campaign_id).one_or_none()
    wanted = tuple(getattr(campaign, name) for name in _STANDS)
    return frozenset(found.scalars()) if present is not None and tuple(present) == wanted else frozenset()


@lru_cache(maxsize=16)
def _statement(*names: str, is_sqlite: bool) -> Executable:
    # Chosen before anything else is looked up: when nothing is new, this is all that runs.
    first = _chosen(*names, is_sqlite=is_sqlite).limit(bindparam("most"))
    chosen = first.subquery() if is_sqlite else first.cte("chosen")
    is_late = chosen.c.entered_at > bindparam("published_at")
    in_people, in_wishes = (_about(row, chosen, is_sqlite=is_sqlite) for row in (PersonRow, PreferenceRow))
    return (
        select(
            chosen.c.person_id,
            col(PersonRow.kind),
            col(PersonRow.slack_zone),
            col(PersonRow.place),
            col(PersonRow.country),
            col(PersonRow.hours),
            col(PersonRow.working_days),
            col(PreferenceRow.own_hours),
            chosen.c.left_at.is_(None),
            chosen.c.is_held_out,
            chosen.c.is_pilot,
            case((is_late, chosen.c.entered_at)),
            col(PreferenceRow.stopped_at).is_not(None),
            col(PreferenceRow.paused_until),
            col(PreferenceRow.topics),
            chosen.c.status,
            chosen.c.sent_at,
            chosen.c.given,
            chosen.c.is_right,
            chosen.c.responded_at,
        )
        .select_from(chosen)
        .outerjoin(PersonRow, in_people)
        .outerjoin(PreferenceRow, in_wishes)
        .order_by(chosen.c.person_id)
    )


def _about(row: Any, chosen: Any, *, is_sqlite: bool) -> ColumnElement[bool]:
    """Return what joins rows about people to those who are chosen."""
    here: BindParameter[str] = bindparam("workspace_id")
    theirs: ColumnElement[bool] = (col(row.workspace_id) == here) & (col(row.person_id) == chosen.c.person_id)
    if is_sqlite:
        return theirs
    # Said once more as a range: otherwise PostgreSQL reads everybody there is for each thousand.
    first, last = (select(end(chosen.c.person_id)).scalar_subquery() for end in (func.min, func.max))
    return and_(theirs, col(row.person_id).between(first, last))


def _chosen(*names: str, is_sqlite: bool) -> Select[Any]:
    theirs = (getattr(AudienceRow, name) for name in ("person_id", "entered_at", "left_at", "is_held_out", "is_pilot"))
    where = [_IN_CAMPAIGN, *(_ENTERING[name] for name in names if name in _ENTERING)]
    if "before" not in names:
        open_yet = _is_open(AudienceRow, is_sqlite=is_sqlite)
        chosen = select(*theirs, *_nothing("status", "sent_at"), *_NO_ANSWER)
        return chosen.where(*where, *open_yet).order_by(col(AudienceRow.person_id))
    # Begun with what must come first: one index tells in its own order of whom it can be said by now.
    first = aliased(DeliveryRow)
    answer = _ANSWER if "given_kind" in names else _NO_ANSWER
    chosen = select(*theirs, col(first.status), col(first.sent_at), *answer)
    chosen = chosen.join_from(first, AudienceRow, col(AudienceRow.person_id) == _theirs(first, is_sqlite=is_sqlite))
    is_sent = (col(first.status) == DeliveryStatus.SENT) & (col(first.sent_at) <= bindparam("sent_until"))
    if "given_kind" in names:
        chosen = chosen.outerjoin(ResponseRow, _given_to(first))
        # Who may still answer is not asked for at every tick.
        has_answered = col(ResponseRow.kind).is_not(None)
        is_sent = is_sent & (has_answered | (col(first.sent_at) <= bindparam("silent_until")))
    is_settled = is_sent | or_(*(col(first.status) == status for status in _NEVER_SENT))
    open_yet = _is_open(first, is_sqlite=is_sqlite)
    return chosen.where(*_of(first, "before"), is_settled, *where, *open_yet).order_by(col(first.person_id))


def _given_to(first: Any) -> ColumnElement[bool]:
    of_it = col(ResponseRow.delivery_id) == col(first.delivery_id)
    return of_it & (col(ResponseRow.kind) == bindparam("given_kind"))


def _is_open(row: Any, *, is_sqlite: bool) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of those who come next and about whom the nudge is not decided."""
    same = aliased(DeliveryRow)
    decided = [*_of(same, "nudge_key"), col(same.person_id) == _theirs(row, is_sqlite=is_sqlite)]
    if not is_sqlite:
        # Otherwise PostgreSQL goes through all who were decided before, for each thousand.
        decided.append(col(same.person_id) > bindparam("after"))
    return col(row.person_id) > bindparam("after"), ~select(col(same.person_id)).where(*decided).exists()


def _of(row: Any, nudge: str) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of the decisions about the nudge of that name; a question that came back decides nothing."""
    of_campaign = col(row.campaign_id) == bindparam("campaign_id")
    return of_campaign, col(row.nudge_key) == bindparam(nudge), col(row.occurrence) == FIRST


def _theirs(row: Any, *, is_sqlite: bool) -> Any:
    """Return somebody's id, to look them up by.

    Hidden from SQLite that both are one column: it would look through all who come after, for each of them.
    PostgreSQL has to see it: otherwise it looks through everybody while it does not know how many they are.
    """
    return func.coalesce(col(row.person_id), "") if is_sqlite else col(row.person_id)
