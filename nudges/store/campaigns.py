"""Frozen content and its audience: this module is the only writer of `campaigns`, `audience`, `stopped_nudges`."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.staging import Staging
from nudges.store.additions import add_new
from nudges.store.engine import AnyRow, fetch, fetch_all, fetch_one, fetch_value, rows_changed
from nudges.store.tables import AudienceRow, CampaignRow, StoppedNudgeRow

RECALLED = "recalled"  # stands where Slack's code does when people stopped a nudge for good


class CampaignStatus(StrEnum):
    """Whether a campaign sends."""

    WAITING = "waiting"  # for a second person's yes
    DECLINED = "declined"
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True)
class Campaign:
    """One running of a playbook: the text and the company file it began with."""

    campaign_id: int
    name: str
    playbook: str
    text: str
    company_text: str
    text_hash: str
    status: CampaignStatus
    starts_on: date
    published_at: datetime
    published_by: str
    version: int
    content_hash: str = ""
    is_piloting: bool = False
    rest_starts_on: date | None = None  # None: the same day as everybody, or not known while it is piloting
    overruled: str = ""  # stop rules, joined by spaces, that no longer halt its pilot

    @property
    def staging(self) -> Staging:
        """Who may be reached, and from which day."""
        return Staging(self.starts_on, None if self.is_piloting else self.rest_starts_on or self.starts_on)


@dataclass(frozen=True)
class Member:
    """A person who is or was in a campaign's audience, with the first segment that let them in."""

    person_id: str
    segment: str
    is_held_out: bool
    entered_at: datetime
    left_at: datetime | None = None
    is_pilot: bool = False  # drawn when they entered, and kept

    @property
    def is_inside(self) -> bool:
        """Whether the campaign is meant for this person today."""
        return self.left_at is None


# Asked for every message, so built once.
_HERE = select(CampaignRow.__table__).where(  # type: ignore[attr-defined]
    col(CampaignRow.workspace_id) == bindparam("workspace_id")
)
_BY_ID = _HERE.where(col(CampaignRow.campaign_id) == bindparam("campaign_id"))
_ALL = _HERE.where(col(CampaignRow.status).in_(bindparam("statuses", expanding=True))).order_by(
    col(CampaignRow.campaign_id)
)
MEMBER_COLUMNS = tuple(getattr(AudienceRow, field.name) for field in fields(Member))
ONE_MEMBER = select(*MEMBER_COLUMNS, col(AudienceRow.campaign_id)).where(
    col(AudienceRow.campaign_id) == bindparam("campaign_id"), col(AudienceRow.person_id) == bindparam("person_id")
)
_MEMBERS = select(*MEMBER_COLUMNS).where(col(AudienceRow.campaign_id) == bindparam("campaign_id"))
_SOME_MEMBERS = _MEMBERS.where(col(AudienceRow.person_id).in_(bindparam("ids", expanding=True)))
_LETTING_GO = (
    update(AudienceRow.__table__)  # type: ignore[attr-defined]
    .where(col(AudienceRow.campaign_id) == bindparam("in_campaign"), col(AudienceRow.left_at).is_(None))
    .where(col(AudienceRow.person_id).in_(bindparam("ids", expanding=True)))
    .values(left_at=bindparam("now"))
)
_EVER = select(func.count()).where(col(AudienceRow.campaign_id) == bindparam("campaign_id"))
_EVER_PILOTING = _EVER.where(col(AudienceRow.is_pilot) == bindparam("is_pilot"))
_STOPPED = select(col(StoppedNudgeRow.nudge_key), col(StoppedNudgeRow.slack_code)).where(
    col(StoppedNudgeRow.campaign_id) == bindparam("campaign_id")
)


def content_hash_of(text: str, company_text: str) -> str:
    """Return the address of a content: the playbook's and the company's text together."""
    # The length keeps ("ab","c") and ("a","bc") apart.
    return hashlib.sha256(f"{len(text)}:{text}{company_text}".encode()).hexdigest()


def create(session: Session, workspace_id: str, new: Campaign) -> int:
    """Store a campaign and return its id; the name must be free."""
    values = {name: value for name, value in new.__dict__.items() if name != "campaign_id"}
    values["content_hash"] = new.content_hash or content_hash_of(new.text, new.company_text)
    statement = insert(CampaignRow).values(workspace_id=workspace_id, **values).returning(col(CampaignRow.campaign_id))
    return int(session.execute(statement).scalar_one() or 0)


def free_name(session: Session, workspace_id: str, playbook: str) -> str:
    """Return the playbook's name, or with -2, -3 ... for a further run."""
    statement = select(col(CampaignRow.name)).where(col(CampaignRow.workspace_id) == workspace_id)
    taken = set(session.execute(statement).scalars())
    numbered = (playbook if run == 1 else f"{playbook}-{run}" for run in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)


def campaigns(session: Session, workspace_id: str, *statuses: CampaignStatus) -> list[Campaign]:
    """Return the campaigns with one of these statuses (all without any), oldest first."""
    rows = fetch(session, _ALL, workspace_id=workspace_id, statuses=[*(statuses or CampaignStatus)])
    return [_to_campaign(row) for row in rows]


def by_name(session: Session, workspace_id: str, name: str) -> Campaign | None:
    """Return the campaign of that name, or None."""
    where = (col(CampaignRow.workspace_id) == workspace_id, col(CampaignRow.name) == name)
    row = session.execute(select(CampaignRow).where(*where)).scalar_one_or_none()
    return _to_campaign(row) if row else None


def by_id(session: Session, workspace_id: str, campaign_id: int) -> Campaign | None:
    """Return the campaign of that id, or None when it is another workspace's."""
    return fetch_value(session, _BY_ID, _to_campaign, workspace_id=workspace_id, campaign_id=campaign_id)


def change_status(session: Session, campaign_id: int, *, old: CampaignStatus, new: CampaignStatus) -> bool:
    """Move a campaign from one status to another; False when it was not in the old one."""
    where = (col(CampaignRow.campaign_id) == campaign_id, col(CampaignRow.status) == old)
    return rows_changed(session, update(CampaignRow).where(*where).values(status=new)) == 1


def replace_text(
    session: Session, campaign_id: int, *, text: str, company_text: str, text_hash: str, version: int
) -> None:
    """Give a campaign another version of its text; what Slack refused is tried again, what was recalled is not."""
    values = {"text": text, "company_text": company_text, "text_hash": text_hash, "version": version}
    values["content_hash"] = content_hash_of(text, company_text)
    session.execute(update(CampaignRow).where(col(CampaignRow.campaign_id) == campaign_id).values(**values))
    where = (col(StoppedNudgeRow.campaign_id) == campaign_id, col(StoppedNudgeRow.slack_code) != RECALLED)
    session.execute(delete(StoppedNudgeRow).where(*where))


def begin(
    session: Session,
    campaign_id: int,
    *,
    published_by: str,
    starts_on: date,
    is_piloting: bool,
    now: datetime,
    status: CampaignStatus = CampaignStatus.LIVE,
) -> None:
    """Let a campaign that never ran run from now on, or wait with another text and day."""
    changes = {"published_by": published_by, "starts_on": starts_on, "is_piloting": is_piloting}
    values = changes | {"published_at": now, "status": status}
    session.execute(update(CampaignRow).where(col(CampaignRow.campaign_id) == campaign_id).values(**values))


def widen(session: Session, campaign_id: int, rest_starts_on: date) -> bool:
    """Let the rest begin on a day of their own; False when the campaign was not in its pilot."""
    where = (col(CampaignRow.campaign_id) == campaign_id, col(CampaignRow.is_piloting))
    values = {"is_piloting": False, "rest_starts_on": rest_starts_on}
    return rows_changed(session, update(CampaignRow).where(*where).values(**values)) == 1


def overrule(session: Session, campaign_id: int, rules: str) -> None:
    """Remember which stop rules no longer halt the pilot."""
    session.execute(update(CampaignRow).where(col(CampaignRow.campaign_id) == campaign_id).values(overruled=rules))


def members(session: Session, campaign_id: int) -> dict[str, Member]:
    """Return by person id who is or was in the audience."""
    rows = fetch(session, _MEMBERS, campaign_id=campaign_id)
    return {row[0]: Member(*row) for row in rows}


def member(session: Session, campaign_id: int, person_id: str) -> Member | None:
    """Return one person who is or was in the audience, or None."""
    row = fetch_one(session, ONE_MEMBER, campaign_id=campaign_id, person_id=person_id)
    return Member(*row[:-1]) if row else None


def replace_members(
    session: Session, campaign_id: int, wanted: Sequence[Member], *, now: datetime, adds_pilots: bool = False
) -> tuple[int, int]:
    """Make the audience these people, who fit in memory, and return how many came and left."""
    inside = {person_id for person_id, member in members(session, campaign_id).items() if member.is_inside}
    new = {member.person_id for member in wanted}
    take_in(session, campaign_id, wanted, adds_pilots=adds_pilots)
    let_go(session, campaign_id, sorted(inside - new), now)
    return len(new - inside), len(inside - new)


def take_in(
    session: Session,
    campaign_id: int,
    wanted: Sequence[Member],
    known: Mapping[str, Member] | None = None,
    *,
    adds_pilots: bool = False,
) -> None:
    """Take these people into the audience, or change what is said of them there.

    Who stays keeps the instant of entering, and everybody keeps the draws of holdout and pilot; `adds_pilots` lets
    a new text take more people into the pilot, who then begin as late. Who of them is on record is looked up, unless
    it is `known`.
    """
    if known is None:
        ids = [member.person_id for member in wanted]
        known = {row[0]: Member(*row) for row in fetch(session, _SOME_MEMBERS, campaign_id=campaign_id, ids=ids)}
    fresh = [{"campaign_id": campaign_id, **one.__dict__} for one in wanted if one.person_id not in known]
    add_new(session, AudienceRow.__table__, fresh)  # type: ignore[attr-defined]
    changed = ((known[one.person_id], one) for one in wanted if one.person_id in known)
    changes = [_changed(old, new, adds_pilots=adds_pilots) for old, new in changed]
    if changes:
        session.execute(update(AudienceRow), [{"campaign_id": campaign_id, **one.__dict__} for one in changes])


def let_go(session: Session, campaign_id: int, person_ids: Sequence[str], now: datetime) -> None:
    """Note that these people are no longer meant; they stay on record, as does what was decided for them."""
    if person_ids:
        fetch(session, _LETTING_GO, in_campaign=campaign_id, ids=person_ids, now=now)


def _changed(old: Member, new: Member, *, adds_pilots: bool) -> Member:
    if not old.is_inside:
        return replace(new, is_held_out=old.is_held_out, is_pilot=old.is_pilot)
    if adds_pilots and new.is_pilot and not old.is_pilot:
        return replace(old, segment=new.segment, is_pilot=True, entered_at=new.entered_at)
    return replace(old, segment=new.segment)


def audience_size(session: Session, campaign_id: int) -> int:
    """Return how many people the campaign is meant for today."""
    where = (col(AudienceRow.campaign_id) == campaign_id, col(AudienceRow.left_at).is_(None))
    return session.execute(select(func.count()).where(*where)).scalar_one()


def ever_size(session: Session, campaign_id: int, *, is_pilot: bool | None = None) -> int:
    """Return how many people the campaign is or was meant for, or its pilot; the books are about these."""
    if is_pilot is None:
        return int(fetch(session, _EVER, campaign_id=campaign_id).scalar_one())
    return int(fetch(session, _EVER_PILOTING, campaign_id=campaign_id, is_pilot=is_pilot).scalar_one())


def stop_nudge(session: Session, campaign_id: int, nudge_key: str, *, slack_code: str, now: datetime) -> bool:
    """Stop one nudge for everybody; True when it was not stopped before. A recall outlasts Slack's refusal."""
    present = session.get(StoppedNudgeRow, (campaign_id, nudge_key))
    if present is not None:
        is_new = slack_code == RECALLED and present.slack_code != RECALLED
        present.slack_code = slack_code if is_new else present.slack_code
        return is_new
    row = StoppedNudgeRow(campaign_id=campaign_id, nudge_key=nudge_key, slack_code=slack_code, stopped_at=now)
    session.add(row)
    return True


def stopped_nudges(session: Session, campaign_id: int) -> dict[str, str]:
    """Return Slack's code, or RECALLED, by the key of each stopped nudge."""
    return {row[0]: row[1] for row in fetch_all(session, _STOPPED, campaign_id=campaign_id)}


def memberships_of(session: Session, workspace_id: str, person_id: str) -> list[tuple[str, Member]]:
    """Return the campaigns a person is or was meant for, for their own eyes."""
    found = ((one.name, member(session, one.campaign_id, person_id)) for one in campaigns(session, workspace_id))
    return [(name, one) for name, one in found if one is not None]


def erase_person(session: Session, workspace_id: str, person_id: str) -> None:
    """Take the person out of every audience of the workspace."""
    ours = select(col(CampaignRow.campaign_id)).where(col(CampaignRow.workspace_id) == workspace_id)
    where = (col(AudienceRow.person_id) == person_id, col(AudienceRow.campaign_id).in_(ours))
    session.execute(delete(AudienceRow).where(*where).execution_options(synchronize_session=False))


def erase_audience(session: Session, campaign_id: int) -> int:
    """Forget who a campaign was meant for; return how many they were."""
    return rows_changed(session, delete(AudienceRow).where(col(AudienceRow.campaign_id) == campaign_id))


def _to_campaign(row: CampaignRow | AnyRow) -> Campaign:
    values = {field.name: getattr(row, field.name) for field in fields(Campaign)}
    return Campaign(**values | {"campaign_id": row.campaign_id or 0, "status": CampaignStatus(row.status)})
