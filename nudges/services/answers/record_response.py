"""What people do with a nudge, stored once: this module commits a response before anybody acknowledges it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from nudges.domain.barriers.evidence import AskBack, heard_in
from nudges.domain.delivery.deliveries import Delivery
from nudges.domain.delivery.messages import worded
from nudges.domain.delivery.responses import Confidence, Feedback, ResponseKind
from nudges.domain.measuring.views import Outcome, ReplyOutcome, Verdict
from nudges.domain.playbooks.playbook import BarrierKind, Quiz
from nudges.services.answers.note_recall import note_answer, note_known, note_unwanted
from nudges.services.barriers.keep_evidence import PATIENCE, hear, keep_text, report
from nudges.services.core import Core
from nudges.services.delivery.ready_messages import message_for, nudge_of, wording_of
from nudges.services.keeping.forget_person import is_forgotten
from nudges.store import campaigns, deliveries, responses

WORDS = ("stop", "help", "start", "pause")

Record = Callable[[Session, Delivery, datetime], Verdict]


def record_answer(core: Core, person_id: str, delivery_id: str, answer: str, confidence: str = "") -> Outcome:
    """Store the answer to a quiz, as quizzes.py writes it; the first one counts, a choice that does not exist is GONE.

    `confidence` is kept where the quiz asks for it and the person said it.
    """

    def record(session: Session, delivery: Delivery, now: datetime) -> Verdict:
        quiz = _quiz_of(session, core, delivery)
        is_right = quiz.grade(answer) if quiz else None
        if quiz is None or is_right is None:
            return Verdict.GONE
        sure = confidence if quiz.how_sure and confidence in set(Confidence) else ""
        kind = ResponseKind.REVIEW if delivery.is_review else ResponseKind.ANSWER
        is_new = responses.add(
            *(session, core.workspace_id, delivery, kind), value=answer, is_right=is_right, confidence=sure, now=now
        )
        if is_new:
            note_answer(session, core, delivery, is_right=is_right, confidence=sure, now=now)
        return Verdict.RECORDED if is_new else Verdict.REPEATED

    return record_on(core, person_id, delivery_id, record)


def record_scene(core: Core, person_id: str, delivery_id: str, choice_key: str) -> Outcome:
    """Store the second answer of a scenario; it belongs to the scene that the first one led to, else it is GONE."""

    def record(session: Session, delivery: Delivery, now: datetime) -> Verdict:
        quiz, first = _quiz_of(session, core, delivery), responses.state(session, delivery_id).answer
        scene = quiz.scene_after(first.choice_key) if quiz and first else None
        chosen = scene.choice(choice_key) if scene else None
        if chosen is None:
            return Verdict.GONE
        kind = ResponseKind.SCENE
        return _add(session, core, delivery, kind, value=choice_key, is_right=chosen.right, now=now)

    return record_on(core, person_id, delivery_id, record)


def record_known(core: Core, person_id: str, delivery_id: str) -> Outcome:
    """Store that the person knows a question that came back; from then on it does not come back any more."""

    def record(session: Session, delivery: Delivery, now: datetime) -> Verdict:
        if not delivery.is_review or not note_known(session, core, delivery):
            return Verdict.GONE
        return _add(session, core, delivery, ResponseKind.KNOWN, now=now)

    return record_on(core, person_id, delivery_id, record)


def quiz_asked(core: Core, person_id: str, delivery_id: str) -> Quiz | None:
    """Return the quiz of a person's own delivery, worded as it was asked; None where it is no quiz of theirs."""
    with core.db.reading() as session:
        delivery = deliveries.find(session, core.workspace_id, delivery_id)
        is_theirs = delivery is not None and delivery.person_id == person_id and not delivery.is_notice
        return _quiz_of(session, core, delivery) if delivery and is_theirs else None


def record_feedback(core: Core, person_id: str, delivery_id: str, feedback: Feedback) -> Outcome:
    """Store Useful or Not for me; the first tap counts. A question that is not for somebody does not come back."""

    def record(session: Session, delivery: Delivery, now: datetime) -> Verdict:
        verdict = _add(session, core, delivery, ResponseKind.FEEDBACK, value=feedback.value, now=now)
        if verdict is Verdict.RECORDED and feedback is Feedback.NOT_FOR_ME:
            note_unwanted(session, core, delivery)
        return verdict

    return record_on(core, person_id, delivery_id, record)


def record_try_it(core: Core, person_id: str, delivery_id: str) -> Outcome:
    """Store that the person followed the Try it button."""
    return _record_kind(core, person_id, delivery_id, ResponseKind.TRY_IT)


def record_barrier(
    core: Core,
    person_id: str,
    delivery_id: str,
    kind: BarrierKind,
    text: str = "",
    *,
    form_id: str = "",
    language: str = "",
) -> Outcome:
    """Store a person's own word that something is in the way, under a keyed hash; once a kind, playbook and period.

    Without a delivery id (Home, the shortcut) the report belongs to no playbook. The words are kept thirty days; where
    they sound like something else than what was picked, the outcome asks back.
    """
    heard = heard_in(text, language, core.reads) if text.strip() else None

    def store(session: Session, playbook: str) -> tuple[Verdict, AskBack | None]:
        is_new = report(session, core, person_id, kind, playbook=playbook)
        reply_id = keep_text(session, core, person_id, "form", text) if text.strip() else 0
        ask = hear(session, core, person_id, heard, playbook=playbook, reply_id=reply_id, text_id=form_id)
        return (Verdict.RECORDED if is_new else Verdict.REPEATED), ask

    if not delivery_id:
        with core.db.begin(patience=PATIENCE) as session:
            if is_forgotten(session, core, person_id):
                return Outcome(Verdict.GONE)
            verdict, ask = store(session, "")
        return Outcome(verdict, ask=ask)
    asked: list[AskBack | None] = []

    def record(session: Session, delivery: Delivery, now: datetime) -> Verdict:
        campaign = campaigns.by_id(session, core.workspace_id, delivery.campaign_id)
        if campaign is None:
            return Verdict.GONE
        verdict, ask = store(session, campaign.playbook)
        asked[:] = [ask]  # what is rolled back is done again
        # The row beside the delivery says that something was said, not what.
        responses.add(session, core.workspace_id, delivery, ResponseKind.BARRIER, now=now)
        return verdict

    return replace(record_on(core, person_id, delivery_id, record), ask=asked[0] if asked else None)


def record_reply(core: Core, person_id: str, event_id: str, text: str, language: str = "") -> ReplyOutcome:
    """Keep what a person typed in the conversation, once an event; a word we act on is named and not kept.

    Where it sounds like something in the way the outcome asks back, once a text and at most once a week.
    """
    word = text.strip().strip(".!\"'").lower()
    heard = None if word in WORDS else heard_in(text, language, core.reads)
    with core.db.begin(patience=PATIENCE) as session:
        if not responses.see_event(session, core.workspace_id, event_id, core.clock()):
            return ReplyOutcome(is_new=False)
        if word in WORDS:
            return ReplyOutcome(is_new=True, word=word)
        if is_forgotten(session, core, person_id):
            return ReplyOutcome(is_new=True)
        reply_id = keep_text(session, core, person_id, "dm", text)
        ask = hear(session, core, person_id, heard, playbook="", reply_id=reply_id, text_id=event_id)
    return ReplyOutcome(is_new=True, ask=ask, sounds_so=heard is not None and heard.is_worth_asking)


def see_question(core: Core, event_id: str) -> bool:
    """Note that Slack told us of a question, not what it was; False when it was told before."""
    with core.db.begin(patience=PATIENCE) as session:
        return responses.see_event(session, core.workspace_id, event_id, core.clock())


def message_state(core: Core, person_id: str, delivery_id: str, language: str = "") -> Outcome:
    """Return a delivery's message as it stands, in the language it was written in; writes nothing."""
    with core.db.reading() as session:
        delivery = deliveries.find(session, core.workspace_id, delivery_id)
        return _outcome(session, core, person_id, delivery, Verdict.REPEATED, language=language)


def receipt_of(core: Core, person_id: str, delivery_id: str) -> tuple[str, str]:
    """Return the conversation and timestamp of a person's own message; empty when it is not theirs or not sent."""
    with core.db.reading() as session:
        delivery = deliveries.find(session, core.workspace_id, delivery_id)
    if delivery is None or delivery.person_id != person_id:
        return "", ""
    return delivery.channel_id, delivery.message_ts


def _quiz_of(session: Session, core: Core, delivery: Delivery) -> Quiz | None:
    found = nudge_of(session, core, delivery)
    nudge = worded(found[1], wording_of(delivery)) if found else None
    return nudge if isinstance(nudge, Quiz) else None


def _record_kind(core: Core, person_id: str, delivery_id: str, kind: ResponseKind, value: str = "") -> Outcome:
    def record(session: Session, delivery: Delivery, now: datetime) -> Verdict:
        return _add(session, core, delivery, kind, value=value, now=now)

    return record_on(core, person_id, delivery_id, record)


def record_on(core: Core, person_id: str, delivery_id: str, record: Record) -> Outcome:
    """Find the delivery, check whose it is, and store; how its message looks now is `message_state`'s to say.

    Slack waits for this, so it does no more than that, and shares its commit with others who come at once.
    """

    def work(session: Session) -> Verdict:
        delivery = deliveries.find(session, core.workspace_id, delivery_id)
        if delivery is None or delivery.person_id != person_id:
            return Verdict.NOT_YOURS if delivery else Verdict.GONE
        return Verdict.GONE if delivery.is_notice else record(session, delivery, core.clock())

    return Outcome(core.db.together.write(core.db.begin, work, PATIENCE))


def _outcome(
    session: Session,
    core: Core,
    person_id: str,
    delivery: Delivery | None,
    verdict: Verdict,
    *,
    language: str = "",
) -> Outcome:
    if delivery is None:
        return Outcome(Verdict.GONE)
    if delivery.person_id != person_id:
        return Outcome(Verdict.NOT_YOURS)
    message = message_for(session, core, delivery, is_sent=True, language=language)
    return Outcome(verdict if message else Verdict.GONE, message)


def _add(
    session: Session,
    core: Core,
    delivery: Delivery,
    kind: ResponseKind,
    *,
    value: str = "",
    is_right: bool | None = None,
    now: datetime,
) -> Verdict:
    is_new = responses.add(session, core.workspace_id, delivery, kind, value=value, is_right=is_right, now=now)
    return Verdict.RECORDED if is_new else Verdict.REPEATED
