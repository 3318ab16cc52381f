"""Previews in Slack: this module is a nudge under a line that says nothing was sent, and what its buttons answer."""

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.blocks.actions import ActionId
from bot.blocks.answers import Answer, answer
from bot.blocks.draft_values import AskValue, PreviewValue
from bot.blocks.findings import findings_blocks
from bot.blocks.messages import fallback_text, message_blocks
from bot.blocks.parts import button, context, divider, header, mention, say, section
from bot.blocks.quiz_answers import answer_blocks
from bot.blocks.reading import joined, spoken
from bot.texts import DEFAULT_LANGUAGE, has_text, shown, text
from nudges.domain.delivery.messages import Message
from nudges.domain.playbooks.quiz_shown import QuizShown
from nudges.services.authoring.preview_nudge import Preview

LISTED = 20


def posted_blocks(message: Message, asked_by: str) -> list[Block]:
    """Return a preview as it stands in a conversation."""
    language = shown(message.language)
    return [context(say("preview.line", language, who=mention(asked_by))), divider(), *message_blocks(message)]


def posted_text(message: Message, asked_by: str) -> str:
    """Return the same for notifications and screen readers."""
    return joined([spoken(say("preview.line", shown(message.language), who=mention(asked_by))), fallback_text(message)])


def preview_answer(
    preview: Preview, *, segment: str = "", reviewers: str = "", language: str = DEFAULT_LANGUAGE
) -> Answer:
    """Return one nudge as the person who asks would read it, what was found in it, and where else it can go."""
    blocks: list[Block] = [
        context(say("preview.yours", language, nudge=preview.nudge, segment=preview.reader.segment, when=preview.when)),
        divider(),
        *message_blocks(preview.message()),
        divider(),
        *findings_blocks(preview.findings, shown=5, language=language),
        _buttons(PreviewValue(preview.playbook, preview.nudge, segment), reviewers, language),
    ]
    if not reviewers:
        blocks.append(context(say("preview.no_reviewers", language)))
    return answer(blocks)


def choose_answer(found: tuple[Preview, ...], language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return a playbook's nudges, each with the button that shows it."""
    blocks: list[Block] = [
        header(text("preview.choose", language, title=found[0].title)),
        *(_choice(one, place, language) for place, one in enumerate(found[:LISTED])),
    ]
    left = len(found) - LISTED
    if left > 0:
        blocks.append(context(say("preview.more", language, count=left, playbook=found[0].playbook)))
    return answer(blocks)


def reply_answer(shown: Message | None, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what a click on a preview says: that nothing is stored, and what a reader who answered so would read."""
    if shown is None or shown.answer is None:
        return answer([section(say("preview.clicked", language))])
    told = answer_blocks(shown, shown.answer, shown.quiz or QuizShown(), language)
    return answer([context(say("preview.clicked_choice", language)), *told])


def next_buttons(playbook: str, language: str = DEFAULT_LANGUAGE) -> ActionsBlock:
    """Return what an author does with a playbook that can be used: look, plan, publish."""
    buttons = [
        button(text(f"draft.{step}", language), f"{ActionId.ASK}.{step}", value=AskValue(step, playbook).encode())
        for step in ("preview", "plan", "publish")
    ]
    return ActionsBlock(block_id="next_steps", elements=buttons)


def _choice(preview: Preview, place: int, language: str) -> Block:
    kind = text(f"kind.{preview.kind}", language) if has_text(f"kind.{preview.kind}") else preview.kind
    value = PreviewValue(preview.playbook, preview.nudge).encode()
    look = button(text("preview.look", language), f"{ActionId.PREVIEW_TO_ME}.{place}", value=value)
    said = say("preview.choice", language, nudge=preview.nudge, kind=kind, when=preview.when)
    return section(said, accessory=look)


def _buttons(value: PreviewValue, reviewers: str, language: str) -> ActionsBlock:
    buttons = [button(text("preview.to_me", language), ActionId.PREVIEW_TO_ME, value=value.encode())]
    if reviewers:
        label = text("preview.to_reviewers", language, channel=reviewers)
        buttons.append(button(label, ActionId.PREVIEW_TO_REVIEWERS, value=value.encode()))
    edit = button(text("draft.edit", language), ActionId.EDIT_PLAYBOOK, value=value.playbook)
    return ActionsBlock(block_id="preview", elements=[*buttons, edit])
