"""What rules ask for beyond the people file: this module reads it for everybody at once, and only what is asked for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.people.behaviour import CHANNEL_PREFIX, Behaviour, Score, UsageWeek
from nudges.domain.people.facts import Wanted
from nudges.store.tables import CampaignRow, DeliveryRow, GroupMemberRow, PersonRow, ResponseRow, UsageRow

TIME_TO_ANSWER = timedelta(days=1)
SETTLING_IN = timedelta(days=1)  # whoever is seen in the first day of all was there before us


@dataclass(frozen=True)
class Scene:
    """Where and when rules are asked; `channels` are the names of company.yaml. `person_id` asks of one person only."""

    workspace_id: str
    now: datetime
    channels: Mapping[str, str] = field(default_factory=dict)
    person_id: str = ""

    @property
    def today(self) -> date:
        """Return the day from which weeks of usage are counted back."""
        return self.now.date()


def behaviours(session: Session, scene: Scene, wanted: Wanted) -> dict[str, Behaviour]:
    """Return what is known of each person; nobody is in it of whom nothing is known that was asked for."""
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    if wanted.nudges:
        _collect(found, "answered", _named(session, wanted, _answered(scene, wanted.playbooks)))
        _collect(found, "sent", _named(session, wanted, _sent(scene, wanted.playbooks)))
    if wanted.quizzes:
        for person_id, playbook, right, answered in session.execute(_scores(scene, wanted.quizzes)):
            found[person_id].setdefault("scores", {})[playbook] = Score(right, answered)
    if wanted.usage:
        for person_id, week in _usage(session, scene, wanted.usage):
            found[person_id]["usage"] = (*found[person_id].get("usage", ()), week)
    if wanted.joining:
        for person_id, here_for in _joined(session, scene):
            found[person_id]["here_for"] = here_for
    _collect(found, "groups", _groups(session, scene, wanted))
    return {person_id: Behaviour(**facts) for person_id, facts in found.items()}


def began_at(session: Session, workspace_id: str) -> datetime | None:
    """Return until when a person first seen was there before us; None where nobody was ever seen."""
    # Not min() of the column's type on SQLite: the function would give back a text.
    first = col(PersonRow.first_seen_at)
    statement = select(first).where(col(PersonRow.workspace_id) == workspace_id).order_by(first).limit(1)
    earliest = session.execute(statement).scalar_one_or_none()
    return None if earliest is None else earliest + SETTLING_IN


def _collect(found: dict[str, dict[str, Any]], name: str, pairs: Iterator[tuple[str, str]]) -> None:
    sets: defaultdict[str, set[str]] = defaultdict(set)
    for person_id, value in pairs:
        sets[person_id].add(value)
    for person_id, values in sets.items():
        found[person_id][name] = frozenset(values)


def _named(session: Session, wanted: Wanted, statement: Any) -> Iterator[tuple[str, str]]:
    for person_id, playbook, nudge_key in session.execute(statement):
        for name in (playbook, f"{playbook}/{nudge_key}"):
            if name in wanted.nudges:
                yield person_id, name


def _answered(scene: Scene, playbooks: Set[str]) -> Any:
    statement = select(col(ResponseRow.person_id), col(CampaignRow.playbook), col(ResponseRow.nudge_key)).distinct()
    return _of_playbooks(statement, ResponseRow, scene, playbooks)


def _sent(scene: Scene, playbooks: Set[str]) -> Any:
    columns = (col(DeliveryRow.person_id), col(CampaignRow.playbook), col(DeliveryRow.nudge_key))
    long_ago = col(DeliveryRow.sent_at) <= scene.now - TIME_TO_ANSWER
    statement = select(*columns).distinct().where(col(DeliveryRow.status) == DeliveryStatus.SENT, long_ago)
    return _of_playbooks(statement, DeliveryRow, scene, playbooks)


def _scores(scene: Scene, playbooks: Set[str]) -> Any:
    person_id, playbook = col(ResponseRow.person_id), col(CampaignRow.playbook)
    right = func.sum(case((col(ResponseRow.is_right).is_(True), 1), else_=0))
    is_graded = (col(ResponseRow.kind) == ResponseKind.ANSWER, col(ResponseRow.is_right).is_not(None))
    statement = select(person_id, playbook, right, func.count()).where(*is_graded).group_by(person_id, playbook)
    return _of_playbooks(statement, ResponseRow, scene, playbooks)


def _of_playbooks(statement: Any, table: type[ResponseRow | DeliveryRow], scene: Scene, playbooks: Set[str]) -> Any:
    on = col(CampaignRow.campaign_id) == col(table.campaign_id)
    where = (col(table.workspace_id) == scene.workspace_id, col(CampaignRow.playbook).in_(sorted(playbooks)))
    return statement.join(CampaignRow, on).where(*where, *_only(scene, col(table.person_id)))


def _usage(session: Session, scene: Scene, within: timedelta) -> Iterator[tuple[str, UsageWeek]]:
    person_id, week_on = col(UsageRow.person_id), col(UsageRow.week_on)
    where = (
        col(UsageRow.workspace_id) == scene.workspace_id,
        week_on > scene.today - timedelta(days=within.days),
        week_on <= scene.today,
    )
    statement = select(person_id, week_on, col(UsageRow.tool), col(UsageRow.active_days))
    for one in session.execute(statement.where(*where, *_only(scene, person_id))):
        yield one.person_id, UsageWeek(one.tool, (scene.today - one.week_on).days, one.active_days)


def _joined(session: Session, scene: Scene) -> Iterator[tuple[str, timedelta]]:
    began = began_at(session, scene.workspace_id)
    if began is None:
        return
    person_id, first_seen_at = col(PersonRow.person_id), col(PersonRow.first_seen_at)
    where = (col(PersonRow.workspace_id) == scene.workspace_id, first_seen_at > began, *_only(scene, person_id))
    for one in session.execute(select(person_id, first_seen_at).where(*where)):
        yield one.person_id, scene.now - one.first_seen_at


def _groups(session: Session, scene: Scene, wanted: Wanted) -> Iterator[tuple[str, str]]:
    names = _group_names(scene, wanted)
    if not names:
        return
    person_id, group_id = col(GroupMemberRow.person_id), col(GroupMemberRow.group_id)
    where = (col(GroupMemberRow.workspace_id) == scene.workspace_id, group_id.in_(sorted(names)))
    for one in session.execute(select(person_id, group_id).where(*where, *_only(scene, person_id))):
        yield from ((one.person_id, name) for name in names[one.group_id])


def _group_names(scene: Scene, wanted: Wanted) -> dict[str, set[str]]:
    """Return by Slack's id what rules call a group; two names may mean one channel."""
    names = {one: {one} for one in wanted.user_groups}
    for channel in wanted.channels & scene.channels.keys():
        names.setdefault(scene.channels[channel], set()).add(CHANNEL_PREFIX + channel)
    return names


def _only(scene: Scene, person_id: Any) -> tuple[ColumnElement[bool], ...]:
    return (person_id == scene.person_id,) if scene.person_id else ()
