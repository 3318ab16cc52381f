"""A question as Block Kit: this module is the layout of a quiz before its answer, for each way of answering.

What is ticked or chosen stays at Slack until Check is pressed, and comes along with that click; so the blocks that
hold it keep their ids while the rest of the message changes.
"""

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    InteractiveElement,
    Option,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
)

from bot.blocks.actions import ActionId, AnswerValue, DeliveryValue, PickId, message_block_id
from bot.blocks.parts import Safe, button, context, escape, lines, mrkdwn, plain, say, section
from bot.blocks.quiz_answers import answer_blocks, answer_said, strong
from bot.blocks.reading import spoken
from bot.texts import text
from nudges.domain.delivery.messages import ChoiceLine, Message
from nudges.domain.delivery.responses import Confidence
from nudges.domain.playbooks.limits import BUTTON_SHOWN, counted
from nudges.domain.playbooks.playbook import Pick
from nudges.domain.playbooks.quiz_shown import QuizShown, SceneShown

LETTERS = "ABCDEFGHIJ"
OPTION_MAX = 75


def quiz_blocks(message: Message, language: str) -> list[Block]:
    """Return what a quiz adds to its message: what can be chosen, or the answer and what follows it."""
    if not message.choices:
        return []
    quiz = message.quiz or QuizShown()
    if message.answer is None:
        return [*_asked(message, quiz, language), context(say(_HINTS[quiz.pick], language))]
    blocks = answer_blocks(message, message.answer, quiz, language)
    return [*blocks, *_scene_blocks(message, quiz.scene, language)] if quiz.scene else blocks


def quiz_said(message: Message, language: str) -> list[str]:
    """Return the same as sentences, for notifications and screen readers."""
    if not message.choices:
        return []
    quiz = message.quiz or QuizShown()
    if message.answer is None:
        return _choices_said(message.choices, text(_HINTS[quiz.pick], language), language)
    said = answer_said(message.answer, quiz, language)
    scene = quiz.scene
    if scene is None or scene.answer is not None:
        return said
    told = [spoken(scene.body), spoken(scene.question)]
    return [*said, *told, *_choices_said(scene.choices, text("message.choose", language), language)]


_HINTS = {Pick.ONE: "message.choose", Pick.ALL: "quiz.tick_all", Pick.IN_ORDER: "quiz.put_in_order"}


def _asked(message: Message, quiz: QuizShown, language: str) -> list[Block]:
    sure = _how_sure(message, language) if quiz.asks_how_sure else []
    match quiz.pick:
        case Pick.ALL:
            return [*sure, _boxes(message), _check(message, language)]
        case Pick.IN_ORDER:
            return [*sure, *_places(message, language), _check(message, language)]
        case _:
            return [*sure, *_buttons(message, message.choices, ActionId.ANSWER_QUIZ, "choices")]


def _how_sure(message: Message, language: str) -> list[Block]:
    options = [Option(value=word.value, text=plain(text(f"quiz.sure.{word.value}", language))) for word in Confidence]
    asked = section(say("quiz.how_sure", language), block_id=_fixed(message, "sure-asked"))
    return [asked, ActionsBlock(block_id=_fixed(message, "sure"), elements=[_radio(options)])]


def _radio(options: list[Option]) -> InteractiveElement:
    return RadioButtonsElement(action_id=PickId.SURE.action, options=options)


def _boxes(message: Message) -> Block:
    options = [Option(value=choice.key, text=plain(choice.text, OPTION_MAX)) for choice in message.choices]
    boxes = CheckboxesElement(action_id=PickId.ALL.action, options=options)
    return ActionsBlock(block_id=_fixed(message, "picks"), elements=[boxes])


def _places(message: Message, language: str) -> list[Block]:
    """The steps in full, then one line a place, each with a menu of them all."""
    options = [
        Option(value=choice.key, text=plain(f"{letter}. {choice.text}", OPTION_MAX))
        for letter, choice in zip(LETTERS, message.choices, strict=False)
    ]
    listed = section(lines(lettered(message.choices)), block_id=_fixed(message, "steps"))
    return [listed, *(_place(message, place, options, language) for place in range(len(message.choices)))]


def _place(message: Message, place: int, options: list[Option], language: str) -> Block:
    menu = StaticSelectElement(
        action_id=f"{ActionId.PICK}.{place}",
        placeholder=plain(text("quiz.choose_step", language)),
        options=options,
    )
    return SectionBlock(
        text=mrkdwn(say("quiz.place", language, place=place + 1)),
        accessory=menu,
        block_id=_fixed(message, f"place-{place}"),
    )


def _check(message: Message, language: str) -> Block:
    value = DeliveryValue(message.delivery_id).encode()
    pressed = button(text("quiz.check", language), ActionId.CHECK_ANSWER, value=value, style="primary")
    return ActionsBlock(block_id=_fixed(message, "check"), elements=[pressed])


def _scene_blocks(message: Message, scene: SceneShown, language: str) -> list[Block]:
    if scene.answer is not None:
        return []
    told = section(lines([Safe(scene.body), strong(scene.question)], "\n\n"), block_id=_fixed(message, "scene-told"))
    buttons = _buttons(message, scene.choices, ActionId.ANSWER_SCENE, "scene")
    return [told, *buttons, context(say("message.choose", language))]


def _buttons(message: Message, choices: tuple[ChoiceLine, ...], action: ActionId, part: str) -> list[Block]:
    has_letters = needs_letters(choices)
    pressed: list[InteractiveElement] = [
        _button(message, choice, f"{action}.{place}", letter=LETTERS[place] if has_letters else "")
        for place, choice in enumerate(choices)
    ]
    listed: list[Block] = [section(lines(lettered(choices)))] if has_letters else []
    return [*listed, ActionsBlock(block_id=_fixed(message, part), elements=pressed)]


def _button(message: Message, choice: ChoiceLine, action_id: str, *, letter: str) -> ButtonElement:
    value = AnswerValue(message.delivery_id, choice.key).encode()
    return button(letter or choice.text, action_id, value=value, aloud=choice.text if letter else "")


def needs_letters(choices: tuple[ChoiceLine, ...]) -> bool:
    """Return whether a choice is too long for its button: Slack shows about thirty characters, and it must be read."""
    return any(counted(escape(choice.text)) > BUTTON_SHOWN for choice in choices)


def lettered(choices: tuple[ChoiceLine, ...]) -> list[Safe]:
    """Return the choices in full, each with the letter of its button."""
    return [Safe(f"*{letter}.* {escape(choice.text)}") for letter, choice in zip(LETTERS, choices, strict=False)]


def _choices_said(choices: tuple[ChoiceLine, ...], hint: str, language: str) -> list[str]:
    return [text("message.choices", language), *(spoken(line) for line in lettered(choices)), hint]


def _fixed(message: Message, part: str) -> str:
    return message_block_id(message.delivery_id, part, "ask", message.language)
