"""An answer as Block Kit: this module shows what was chosen, how each part of it stands, and the reason.

Nothing here counts against anybody: what was not right is told as what else belongs there.
"""

from slack_sdk.models.blocks import Block

from bot.blocks.actions import message_block_id
from bot.blocks.parts import Safe, bold, lines, say, section
from bot.blocks.reading import spoken
from nudges.domain.delivery.messages import AnswerShown, Message
from nudges.domain.playbooks.playbook import Pick
from nudges.domain.playbooks.quiz_shown import Mark, PartShown, QuizShown


def answer_blocks(message: Message, answer: AnswerShown, quiz: QuizShown, language: str) -> list[Block]:
    """Return the answer with what is read for it, then a scene's answer, then the reason."""
    blocks: list[Block] = [section(line, block_id=_id(message, part)) for part, line in _lines(answer, quiz, language)]
    return blocks


def answer_said(answer: AnswerShown, quiz: QuizShown, language: str) -> list[str]:
    """Return the same as sentences."""
    return [spoken(line) for _, line in _lines(answer, quiz, language)]


def strong(question: str) -> Safe:
    """Return a question in bold, unless its author has set the weight."""
    return Safe(question) if "*" in question else bold(Safe(question))


def _answer_lines(answer: AnswerShown, language: str, *, is_open: bool = False) -> Safe:
    """Return one chosen answer, its reply, and what would have been better, once nothing is asked any more."""
    chosen = say("message.chosen_right" if answer.is_right else "message.chosen", language, answer=answer.text)
    is_told = not (answer.is_right or is_open)
    better = say("message.better", language, answer=answer.right_text) if is_told else Safe("")
    return lines([chosen, Safe(answer.reply), better], "\n\n")


def _lines(answer: AnswerShown, quiz: QuizShown, language: str) -> list[tuple[str, Safe]]:
    scene = quiz.scene
    is_open = scene is not None and scene.answer is None
    single = [("answer", _answer_lines(answer, language, is_open=is_open))]
    found = _parts(answer, quiz, language) if quiz.parts else single
    if scene is not None and scene.answer is not None:
        # The question is gone with its buttons; without it the answer would hang in the air.
        told = lines([Safe(scene.body), strong(scene.question), _answer_lines(scene.answer, language)], "\n\n")
        found.append(("scene", told))
    if quiz.because:
        found.append(("because", say("quiz.because", language, because=Safe(quiz.because))))
    return found


def _parts(answer: AnswerShown, quiz: QuizShown, language: str) -> list[tuple[str, Safe]]:
    right = sum(part.mark is Mark.RIGHT for part in quiz.parts)
    kind = "ordered" if quiz.pick is Pick.IN_ORDER else "picked"
    whole = sum(part.mark is not Mark.OTHER for part in quiz.parts) if kind == "picked" else len(quiz.parts)
    key = f"quiz.all_{kind}" if answer.is_right else f"quiz.some_{kind}" if right else f"quiz.none_{kind}"
    head = say(key, language, right=right, whole=whole)
    told = [_part(part, place, quiz.pick, language) for place, part in enumerate(quiz.parts)]
    return [("answer", head), *((f"part-{place}", line) for place, line in enumerate(told))]


def _part(part: PartShown, place: int, pick: Pick, language: str) -> Safe:
    reply = Safe(part.reply)
    if pick is Pick.IN_ORDER:
        key = "quiz.step_right" if part.mark is Mark.RIGHT else "quiz.step"
        return lines([say(key, language, place=place + 1, step=part.text), reply])
    return lines([say(f"quiz.{part.mark}", language, choice=part.text), reply])


def _id(message: Message, part: str) -> str:
    # The first answer stands as it is once the scene is answered; a block that is redrawn wants an id of its own.
    scene = message.quiz.scene if message.quiz else None
    state = "as" if scene is not None and scene.answer is not None else "a"
    return message_block_id(message.delivery_id, part, state, message.language)
