"""A nudge as Block Kit: this module is the layout of tips, stories, quizzes and notices in each of their states."""

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.blocks.actions import ActionId, AnswerValue, DeliveryValue, message_block_id
from bot.blocks.notices import notice_buttons, notice_text
from bot.blocks.parts import Safe, bold, button, context, divider, escape, is_channel, lines, picture, say, section
from bot.blocks.reading import joined, spoken
from bot.texts import has_text, shown, text
from nudges.domain.limits import BUTTON_SHOWN, counted
from nudges.domain.messages import AnswerShown, ChoiceLine, Message, TryItLink

LETTERS = "ABCDEFGHIJ"
FIRST_LINES = ("first.what", "first.gain", "first.sees", "first.keeps", "first.stop")


def message_blocks(message: Message, *, team_id: str = "") -> list[Block]:
    """Return the blocks that show this message in its present state, our own words in its language."""
    language = shown(message.language)
    if message.kind == "notice":
        told = section(notice_text(message, language), block_id=_id(message, "body"))
        return [told, *notice_buttons(message, language), _footer(language)]
    blocks: list[Block] = []
    if message.is_first:
        blocks += [section(lines(say(key, language) for key in FIRST_LINES)), divider()]
    if message.win:
        blocks.append(context(_win(message, language)))
    blocks.append(section(_body(message), block_id=_id(message, "body")))
    if message.picture is not None:
        blocks.append(picture(message.picture.link, message.picture.alt, block_id=_id(message, "picture")))
    if message.by:
        blocks.append(context(say("message.told_by", language, by=message.by)))
    blocks += _quiz_blocks(message, language)
    blocks += _footer_blocks(message, team_id, language)
    return blocks


def fallback_text(message: Message, *, team_id: str = "") -> str:
    """Return what notifications show and screen readers speak: the author's line, or all that the message says."""
    language = shown(message.language)
    if message.kind == "notice":
        return joined([spoken(notice_text(message, language)), spoken(say("message.notice_footer", language))])
    said = [
        *([escape(message.fallback)] if message.fallback else _content_said(message, language)),
        *_quiz_said(message, language),
        "" if message.fallback else _link_said(message.try_it, team_id, language),
        *(spoken(line) for line in _thanks(message, language)),
        *(spoken(say(key, language)) for key in FIRST_LINES if message.is_first),
    ]
    return joined(said)


def channel_link(channel_id: str, team_id: str) -> str:
    """Return an address that opens the channel in the reader's own Slack."""
    team = f"&team={team_id}" if team_id else ""
    return f"https://slack.com/app_redirect?channel={channel_id}{team}"


def _body(message: Message) -> Safe:
    # A message's texts are safe mrkdwn already: nudges.domain.messages rendered them.
    question = Safe(message.question) if "*" in message.question else bold(Safe(message.question))
    return lines([Safe(message.body), question], "\n\n")


def _win(message: Message, language: str) -> Safe:
    key = f"message.win.{message.win_kind}"
    return say(key if has_text(key) else "message.win.other", language, win=Safe(message.win))


def _quiz_blocks(message: Message, language: str) -> list[Block]:
    if not message.choices:
        return []
    if message.answer is not None:
        return [section(lines(_answer_lines(message.answer, language), "\n\n"), block_id=_id(message, "answer"))]
    buttons = [_choice_button(message, place) for place in range(len(message.choices))]
    blocks: list[Block] = [ActionsBlock(block_id=_id(message, "choices"), elements=buttons)]
    if _needs_letters(message.choices):
        blocks.insert(0, section(lines(_lettered(message.choices))))
    return [*blocks, context(say("message.choose", language))]


def _choice_button(message: Message, place: int) -> ButtonElement:
    choice = message.choices[place]
    return button(
        LETTERS[place] if _needs_letters(message.choices) else choice.text,
        f"{ActionId.ANSWER_QUIZ}.{place}",
        value=AnswerValue(message.delivery_id, choice.key).encode(),
        aloud=choice.text if _needs_letters(message.choices) else "",
    )


def _needs_letters(choices: tuple[ChoiceLine, ...]) -> bool:
    # Slack shows about thirty characters of a button; an answer must be readable whole.
    return any(counted(escape(choice.text)) > BUTTON_SHOWN for choice in choices)


def _lettered(choices: tuple[ChoiceLine, ...]) -> list[Safe]:
    return [Safe(f"*{letter}.* {escape(choice.text)}") for letter, choice in zip(LETTERS, choices, strict=False)]


def _answer_lines(answer: AnswerShown, language: str) -> list[Safe]:
    chosen = say("message.chosen_right" if answer.is_right else "message.chosen", language, answer=answer.text)
    better = Safe("") if answer.is_right else say("message.better", language, answer=answer.right_text)
    return [chosen, Safe(answer.reply), better]


def _footer_blocks(message: Message, team_id: str, language: str) -> list[Block]:
    blocks: list[Block] = []
    try_it = _try_it_button(message, team_id)
    if try_it is not None:
        blocks.append(ActionsBlock(block_id=_id(message, "try"), elements=[try_it]))
    blocks.append(ActionsBlock(block_id=_id(message, "actions"), elements=_open_buttons(message, language)))
    thanks = _thanks(message, language)
    if thanks:
        blocks.append(context(lines(thanks), block_id=_id(message, "state")))
    return blocks


def _open_buttons(message: Message, language: str) -> list[ButtonElement]:
    value = DeliveryValue(message.delivery_id).encode()
    buttons = []
    if not message.feedback:
        buttons.append(button(text("message.useful", language), ActionId.MARK_USEFUL, value=value))
        buttons.append(button(text("message.not_for_me", language), ActionId.MARK_NOT_FOR_ME, value=value))
    if not message.has_reported:
        buttons.append(button(text("message.in_the_way", language), ActionId.REPORT_BARRIER, value=value))
    return [*buttons, button(text("message.why_me", language), ActionId.WHY_ME, value=value)]


def _try_it_button(message: Message, team_id: str) -> ButtonElement | None:
    address = _address(message.try_it, team_id)
    if message.try_it is None or not address:
        return None
    value = DeliveryValue(message.delivery_id).encode()
    return button(message.try_it.label, ActionId.TRY_IT, value=value, style="primary", url=address)


def _address(try_it: TryItLink | None, team_id: str) -> str:
    if try_it is None:
        return ""
    return channel_link(try_it.channel_id, team_id) if is_channel(try_it.channel_id) else try_it.link


def _thanks(message: Message, language: str) -> list[Safe]:
    told = []
    if message.feedback in ("useful", "not_for_me"):
        told.append(say(f"message.marked_{message.feedback}", language))
    if message.has_reported:
        told.append(say("message.reported", language))
    if message.is_recalled:
        told.append(say("message.recalled", language))
    return told


def _content_said(message: Message, language: str) -> list[str]:
    return [
        spoken(_win(message, language)) if message.win else "",
        spoken(message.body),
        escape(message.picture.alt) if message.picture else "",
        spoken(say("message.told_by", language, by=message.by)) if message.by else "",
        spoken(message.question),
    ]


def _quiz_said(message: Message, language: str) -> list[str]:
    if not message.choices:
        return []
    if message.answer is not None:
        return [spoken(line) for line in _answer_lines(message.answer, language)]
    choices = [spoken(line) for line in _lettered(message.choices)]
    return [text("message.choices", language), *choices, text("message.choose", language)]


def _link_said(try_it: TryItLink | None, team_id: str, language: str) -> str:
    address = _address(try_it, team_id)
    if try_it is None or not address:
        return ""
    return say("message.opens", language, label=try_it.label, link=address)


def _footer(language: str) -> Block:
    return context(say("message.notice_footer", language))


def _id(message: Message, part: str) -> str:
    done = (bool(message.answer), message.feedback, message.has_reported, message.is_recalled)
    state = "".join(mark for mark, is_done in zip("afrt", done, strict=True) if is_done) or "new"
    return message_block_id(message.delivery_id, part, state, message.language)
