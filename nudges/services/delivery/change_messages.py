"""Working off corrections and recalls: this module changes sent messages one by one, at the pace of posting.

Updating and deleting can be asked twice without harm, so an outcome that is not known is simply tried again, and a
restart goes on where it was. A service never sleeps: whoever calls `change_due` decides how many may go now.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from nudges.domain.delivery.deliveries import Delivery, DeliveryStatus
from nudges.domain.delivery.messages import Message, worded
from nudges.domain.playbooks.playbook import Quiz
from nudges.errors import (
    ContentRefused,
    DeliveryError,
    InstallationStopped,
    MessageGone,
    RecipientUnreachable,
    TemporaryFailure,
)
from nudges.ports import Receipt
from nudges.services.authoring.ask_approval import COMMAND_LINE
from nudges.services.core import Core
from nudges.services.delivery.notices import tell
from nudges.services.delivery.ready_messages import message_for, nudge_of, wording_of
from nudges.services.delivery.send_deliveries import AT_ONCE, Attempt, Step, growing_wait
from nudges.store import campaigns, deliveries, instance, message_works, responses
from nudges.store.message_works import Change, ChangeState, Work, WorkKind

logger = logging.getLogger(__name__)

DONE = {WorkKind.CORRECT: "notice.correct_done", WorkKind.RECALL: "notice.recall_done"}
SOME_REFUSED = {WorkKind.CORRECT: "notice.correct_done_refused", WorkKind.RECALL: "notice.recall_done_refused"}
UNSENT = "notice.recall_done_unsent"
MOST_FAILURES = 8
SWEPT = timedelta(days=2)  # so long after a recall a message may still turn up that was on its way

Runner = Callable[[Callable[[Change], Attempt], list[Change]], Iterable[Attempt]]


@dataclass(frozen=True)
class _Task:
    """What is to be done to one message; without a message it is left as it is."""

    work: Work
    receipt: Receipt | None = None
    message: Message | None = None
    is_deleted: bool = False


def change_due(core: Core, *, limit: int, run: Runner = map) -> list[Attempt]:
    """Change up to `limit` messages whose turn it is and return what became of each; `run` may work in threads."""
    with core.db.reading() as session:
        here = instance.workspace(session, core.workspace_id)
        if here is None or here.hold_reason:
            return []
        found = message_works.due(session, core.workspace_id, core.clock(), min(limit, AT_ONCE))
    if not found:
        return []
    attempts = list(run(lambda change: _change_one(core, change), found))
    for work_id in dict.fromkeys(change.work_id for change in found):
        _finish(core, work_id)
    return attempts


def sweep_recalls(core: Core) -> int:
    """Take back what was on its way to Slack when its nudge was recalled; return how many messages that is."""
    since = core.clock() - SWEPT
    with core.db.reading() as session:
        works = message_works.works(session, core.workspace_id, WorkKind.RECALL)
    recent = [work for work in works if work.asked_at >= since]
    if not recent:
        return 0
    with core.db.begin() as session:
        found = sum(_sweep(session, core, work) for work in recent)
    for work in recent:
        _finish(core, work.work_id)
    return found


def _sweep(session: Session, core: Core, work: Work) -> int:
    stopped = campaigns.stopped_nudges(session, work.campaign_id)
    keys = [work.nudge_key] if work.nudge_key else [key for key, code in stopped.items() if code == campaigns.RECALLED]
    ids = message_works.sent_ids(session, work.campaign_id, keys)
    return message_works.add_changes(session, work.work_id, ids, core.clock())


def _change_one(core: Core, change: Change) -> Attempt:
    with core.db.reading() as session:
        task = _task(session, core, change)
    if task is None or task.receipt is None:
        return _record(core, change, ChangeState.KEPT, step=Step.SPARED)
    try:
        if task.is_deleted:
            core.messenger.delete(task.receipt)
        elif task.message is not None:
            core.messenger.update(task.receipt, task.message)
    except DeliveryError as error:
        return _record_failure(core, change, task, error)
    except Exception as error:  # whatever went wrong, asking again does no harm
        logger.exception("changing broke", extra={"delivery_id": change.delivery_id})
        return _record_failure(core, change, task, TemporaryFailure(slack_code=type(error).__name__))
    is_kept = task.work.kind == WorkKind.RECALL and not task.is_deleted
    return _record(core, change, ChangeState.KEPT if is_kept else ChangeState.DONE, task=task)


def _task(session: Session, core: Core, change: Change) -> _Task | None:
    work = message_works.work(session, core.workspace_id, change.work_id)
    delivery = deliveries.find(session, core.workspace_id, change.delivery_id)
    if work is None or delivery is None or delivery.status != DeliveryStatus.SENT or not delivery.message_ts:
        return None
    receipt = Receipt(delivery.channel_id, delivery.message_ts)
    if work.kind == WorkKind.CORRECT:
        shown = replace(delivery, version=work.version)
        message = message_for(session, core, shown, is_sent=True) if _keeps_answer(session, core, shown) else None
        return _Task(work, receipt if message else None, message)
    if message_works.is_answered(session, delivery.delivery_id):
        message = message_for(session, core, delivery, is_sent=True)
        return _Task(work, receipt if message else None, message)
    return _Task(work, receipt, is_deleted=True)


def _keeps_answer(session: Session, core: Core, delivery: Delivery) -> bool:
    """Return whether what the person chose still exists in the new words; their answer must not vanish."""
    found = nudge_of(session, core, delivery)
    done = responses.state(session, delivery.delivery_id)
    answer = done.answer
    if found is None or (done.tapped and done.tapped not in found[1].taps):
        return False
    nudge = worded(found[1], wording_of(delivery))
    return answer is None or (isinstance(nudge, Quiz) and nudge.grade(answer.choice_key) is not None)


def _record(
    core: Core,
    change: Change,
    state: ChangeState,
    *,
    code: str = "",
    step: Step = Step.POSTED,
    task: _Task | None = None,
) -> Attempt:
    with core.db.begin() as session:
        message_works.mark(session, change, state, code)
        if task is not None and task.work.kind == WorkKind.CORRECT and state == ChangeState.DONE:
            deliveries.note_version(session, change.delivery_id, task.work.version)
    return Attempt(step)


def _record_failure(core: Core, change: Change, task: _Task, error: DeliveryError) -> Attempt:
    fields = {"delivery_id": change.delivery_id, "code": error.code, "slack_code": error.slack_code}
    logger.warning("message not changed", extra=fields)
    if isinstance(error, MessageGone) and task.is_deleted:
        return _record(core, change, ChangeState.DONE, code=error.slack_code, step=Step.REFUSED)
    if isinstance(error, MessageGone | RecipientUnreachable) or change.failures >= MOST_FAILURES:
        return _record(core, change, ChangeState.FAILED, code=error.slack_code, step=Step.REFUSED)
    now = core.clock()
    with core.db.begin() as session:
        if isinstance(error, ContentRefused):  # one refusal of the words speaks for all of them
            message_works.fail_waiting(session, change.work_id, error.slack_code)
            return Attempt(Step.REFUSED)
        if isinstance(error, InstallationStopped):
            instance.hold(session, core.workspace_id, reason=f"slack:{error.slack_code}", now=now)
        wait = error.retry_after if error.retry_after is not None else growing_wait(change.failures)
        counts = error.retry_after is None
        message_works.put_off(session, change, ready_at=now + wait, code=error.slack_code, counts=counts)
    is_limit = isinstance(error, TemporaryFailure) and error.retry_after is not None
    return Attempt(Step.LIMITED if is_limit else Step.REFUSED, error.retry_after)


def _finish(core: Core, work_id: int) -> None:
    """Tell who ordered it how many were changed, once nothing of it waits."""
    with core.db.begin() as session:
        counts = message_works.counts(session, work_id)
        if counts[ChangeState.WAITING] or not message_works.finish(session, work_id, core.clock()):
            return
        work = message_works.work(session, core.workspace_id, work_id)
        campaign = campaigns.by_id(session, core.workspace_id, work.campaign_id) if work else None
        if work is None or campaign is None or work.asked_by == COMMAND_LINE:
            return
        # Together: how many were kept would say how many people answered, and of few people nothing is told.
        total = counts[ChangeState.DONE] + counts[ChangeState.KEPT]
        values = {"total": str(total), "refused": str(counts[ChangeState.FAILED])}
        values |= {"campaign": campaign.name, "nudge": work.nudge_key or "*"}
        key, text_key = f"work:{work_id}", _text_key(work.kind, total, counts[ChangeState.FAILED])
        tell(session, core, person_id=work.asked_by, notice_key=key, text_key=text_key, values=values)


def _text_key(kind: WorkKind, total: int, refused: int) -> str:
    if refused:
        return SOME_REFUSED[kind]
    return UNSENT if kind is WorkKind.RECALL and not total else DONE[kind]
