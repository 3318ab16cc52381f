"""Asking back: this module takes words that sound like something in the way, and the answer to "did I hear you right?".

Only the answer counts. "Just between us" is stored for nobody: the words are erased at once, and our guess with them.
"""

from dataclasses import dataclass

from nudges.domain.barriers.evidence import Answering, AskAnswer, AskBack, heard_in
from nudges.domain.measuring.views import Verdict
from nudges.domain.playbooks.playbook import BarrierKind
from nudges.services.answers.record_response import record_barrier
from nudges.services.barriers.keep_evidence import PATIENCE, hash_of, hear, keep_text, may_be_asked, playbook_of, report
from nudges.services.core import Core
from nudges.services.keeping.forget_person import is_forgotten
from nudges.store import evidence, responses


@dataclass(frozen=True)
class Answered:
    """What an answer came to, and the kind that was asked about; none where it came too late."""

    what: Answering
    kind: BarrierKind | None = None


def take_words(
    core: Core, person_id: str, text: str, *, delivery_id: str, form_id: str, language: str
) -> AskBack | None:
    """Take a form in which nothing was picked and something written: keep it and ask back.

    None when there is nothing to ask (it sounds like nothing, or they were asked lately); then nothing is kept either,
    and the person picks for themselves.
    """
    heard = heard_in(text, language, core.reads)
    if heard is None:
        return None
    with core.db.begin(patience=PATIENCE) as session:
        playbook = playbook_of(session, core, person_id, delivery_id)
        if playbook is None or is_forgotten(session, core, person_id):
            return None
        if not may_be_asked(session, core, person_id, heard):
            return None
        reply_id = keep_text(session, core, person_id, "form", text)
        return hear(session, core, person_id, heard, playbook=playbook, reply_id=reply_id, text_id=form_id)


def confirm(core: Core, person_id: str, said: str) -> bool:
    """Answer one's last question back, as a rehearsal does: one of the answers, or a kind picked instead."""
    with core.db.reading() as session:
        open_one = evidence.asked(session, core.workspace_id, hash_of(core, person_id))
    if open_one is None or not open_one.kind:
        return False
    if said in set(AskAnswer):
        return answer(core, person_id, open_one.ask_id, AskAnswer(said)).what is not Answering.LATE
    is_open = answer(core, person_id, open_one.ask_id, AskAnswer.SOMETHING_ELSE).what is not Answering.LATE
    return is_open and record_barrier(core, person_id, "", BarrierKind(said)).verdict is Verdict.RECORDED


def answer(core: Core, person_id: str, ask_id: str, said: AskAnswer) -> Answered:
    """Take the answer to one's own question; LATE when it was answered, replaced or forgotten meanwhile."""
    with core.db.begin(patience=PATIENCE) as session:
        hashed = hash_of(core, person_id)
        asked = evidence.settle_ask(session, core.workspace_id, hashed, ask_id)
        if asked is None or is_forgotten(session, core, person_id):
            return Answered(Answering.LATE)
        kind = BarrierKind(asked.kind)
        if said is AskAnswer.RIGHT:
            report(session, core, person_id, kind, playbook=asked.playbook)
            return Answered(Answering.COUNTED, kind)
        evidence.drop_guess(session, core.workspace_id, hashed, kind.value)
        if said is AskAnswer.SOMETHING_ELSE:
            return Answered(Answering.CHOOSE, kind)
        if asked.reply_id is not None:
            responses.erase_text(session, core.workspace_id, hashed, asked.reply_id)
    return Answered(Answering.ERASED, kind)
