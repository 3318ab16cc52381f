"""Rules beyond the people file, asked of the database: this module is each of them as a condition on people."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from nudges.domain.delivery.deliveries import DeliveryStatus
from nudges.domain.delivery.responses import ResponseKind
from nudges.domain.people.fact_rules import (
    Answered,
    DidNotAnswer,
    InChannel,
    InUserGroup,
    JoinedWithin,
    QuizBelow,
    Sampled,
    Used,
    steps_of,
)
from nudges.domain.people.samples import PRIME, STEPS, draw_called, end_of
from nudges.domain.people.segments import FactRule, plain
from nudges.store.facts import TIME_TO_ANSWER, Scene, began_at
from nudges.store.tables import CampaignRow, DeliveryRow, GroupMemberRow, PersonRow, ResponseRow, UsageRow

Condition = ColumnElement[bool]
_PERSON_ID = col(PersonRow.person_id)


def fact_condition(session: Session, scene: Scene, rule: FactRule) -> Condition:
    """Return the rule as a condition on the people of the scene's workspace."""
    match rule:
        case Answered(nudges):
            return or_(false(), *(_PERSON_ID.in_(_answered(scene, name)) for name in nudges))
        case DidNotAnswer(nudges):
            return or_(false(), *(_left_open(scene, name) for name in nudges))
        case QuizBelow():
            return _PERSON_ID.in_(_scored_below(scene, rule))
        case Used():
            return _PERSON_ID.in_(_used(session, scene, rule))
        case JoinedWithin(within):
            return _joined(session, scene, within)
        case InUserGroup(group_ids):
            return _PERSON_ID.in_(_members(scene, group_ids))
        case InChannel(names):
            channels = tuple(scene.channels[name] for name in names if name in scene.channels)
            return _PERSON_ID.in_(_members(scene, channels))
        case Sampled(share, draw):
            factors = draw_called(draw)
            return (col(PersonRow.lot) * factors.times + factors.plus) % PRIME < end_of(share)


def _answered(scene: Scene, name: str) -> Any:
    return _of_nudge(select(col(ResponseRow.person_id)), ResponseRow, scene, name)


def _left_open(scene: Scene, name: str) -> Condition:
    long_ago = col(DeliveryRow.sent_at) <= scene.now - TIME_TO_ANSWER
    sent = select(col(DeliveryRow.person_id)).where(col(DeliveryRow.status) == DeliveryStatus.SENT, long_ago)
    was_sent = _PERSON_ID.in_(_of_nudge(sent, DeliveryRow, scene, name))
    return and_(was_sent, not_(_PERSON_ID.in_(_answered(scene, name))))


def _scored_below(scene: Scene, rule: QuizBelow) -> Any:
    person_id = col(ResponseRow.person_id)
    right = func.sum(case((col(ResponseRow.is_right).is_(True), 1), else_=0))
    is_graded = (col(ResponseRow.kind) == ResponseKind.ANSWER, col(ResponseRow.is_right).is_not(None))
    statement = _of_nudge(select(person_id).where(*is_graded), ResponseRow, scene, rule.playbook)
    return statement.group_by(person_id).having(right * STEPS < func.count() * steps_of(rule.share))


def _of_nudge(statement: Any, table: type[ResponseRow | DeliveryRow], scene: Scene, name: str) -> Any:
    playbook, _, nudge_key = name.partition("/")
    where = [col(table.workspace_id) == scene.workspace_id, col(CampaignRow.playbook) == playbook]
    where += [col(table.nudge_key) == nudge_key] if nudge_key else []
    return statement.join(CampaignRow, col(CampaignRow.campaign_id) == col(table.campaign_id)).where(*where)


def _used(session: Session, scene: Scene, rule: Used) -> Any:
    person_id, week_on = col(UsageRow.person_id), col(UsageRow.week_on)
    where = [
        col(UsageRow.workspace_id) == scene.workspace_id,
        week_on > scene.today - timedelta(days=rule.within.days),
        week_on <= scene.today,
    ]
    if rule.tool:
        where.append(col(UsageRow.tool).in_(_tools(session, scene, rule.tool)))
    most = func.max(col(UsageRow.active_days)).label("active_days")
    weeks = select(person_id.label("person_id"), most).where(*where).group_by(person_id, week_on).subquery()
    enough = func.sum(weeks.c.active_days) >= rule.at_least
    return select(weeks.c.person_id).group_by(weeks.c.person_id).having(enough)


def _tools(session: Session, scene: Scene, wanted: str) -> list[str]:
    """Return the ways in which the tool is written in the imported usage."""
    statement = select(col(UsageRow.tool)).distinct().where(col(UsageRow.workspace_id) == scene.workspace_id)
    return [tool for tool in session.execute(statement).scalars() if plain(tool) == plain(wanted)]


def _joined(session: Session, scene: Scene, within: timedelta) -> Condition:
    began = began_at(session, scene.workspace_id)
    if began is None:
        return false()
    seen_at = col(PersonRow.first_seen_at)
    return and_(seen_at > began, seen_at >= scene.now - within)


def _members(scene: Scene, group_ids: tuple[str, ...]) -> Any:
    where = (col(GroupMemberRow.workspace_id) == scene.workspace_id, col(GroupMemberRow.group_id).in_(group_ids))
    return select(col(GroupMemberRow.person_id)).where(*where)
