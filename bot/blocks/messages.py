"""A nudge as Block Kit: this module is the layout of tips, stories, quizzes and notices in each of their states."""

from functools import lru_cache

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, InteractiveElement

from bot.blocks.actions import ActionId, DeliveryValue, message_block_id
from bot.blocks.flags import week_blocks
from bot.blocks.involved import commit_blocks, commit_said, tell_buttons, told_lines
from bot.blocks.kinds import kind_blocks, kind_lead, kind_said
from bot.blocks.menu import menu
from bot.blocks.notices import notice_buttons, notice_text
from bot.blocks.parts import (
    ReadyActions,
    Safe,
    bold,
    button,
    context,
    divider,
    escape,
    is_channel,
    lines,
    picture,
    say,
    section,
)
from bot.blocks.quizzes import quiz_blocks, quiz_said
from bot.blocks.reading import joined, spoken, spoken_blocks
from bot.blocks.reviews import rest_button, why_back
from bot.texts import has_text, shown, text
from nudges.domain.delivery.messages import Message, TryItLink

SEQUEL_KINDS = ("reminder", "attendance", "followup")  # they have answers of their own
FIRST_LINES = ("first.what", "first.gain", "first.sees", "first.keeps", "first.stop")


def message_blocks(message: Message, *, team_id: str = "") -> list[Block]:
    """Return the blocks that show this message in its present state, our own words in its language."""
    language = shown(message.language)
    if message.kind == "notice":
        told = section(notice_text(message, language), block_id=_id(message, "body"))
        week = week_blocks(message.flag_week, language) if message.flag_week else []
        return [told, *week, *notice_buttons(message, language), _footer(message, language)]
    blocks: list[Block] = []
    if message.is_first:
        blocks += [section(lines(say(key, language) for key in FIRST_LINES)), divider()]
    if message.review is not None:
        blocks.append(context(why_back(message.review, language)))
    elif message.win:
        blocks.append(context(_win(message, language)))
    lead = kind_lead(message, language)
    if lead:
        blocks.append(context(lead, block_id=_id(message, "lead")))
    if _body(message):
        blocks.append(section(_body(message), block_id=_id(message, "body")))
    if message.picture is not None:
        blocks.append(picture(message.picture.link, message.picture.alt, block_id=_id(message, "picture")))
    if message.by and not lead:
        blocks.append(context(say("message.told_by", language, by=message.by)))
    blocks += quiz_blocks(message, language)
    blocks += kind_blocks(message)
    blocks += commit_blocks(message, language)
    blocks += _footer_blocks(message, team_id, language)
    return blocks


def fallback_text(message: Message, *, team_id: str = "") -> str:
    """Return what notifications show and screen readers speak: the author's line, or all that the message says."""
    language = shown(message.language)
    if message.kind == "notice":
        week = spoken_blocks(week_blocks(message.flag_week, language)) if message.flag_week else ""
        return joined([spoken(notice_text(message, language)), week, spoken(_why_told(message, language))])
    said = [
        spoken(why_back(message.review, language)) if message.review else "",
        *([escape(message.fallback)] if message.fallback else _content_said(message, language)),
        *quiz_said(message, language),
        *kind_said(message),
        spoken(commit_said(message, language)),
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
    # A message's texts are safe mrkdwn already: nudges.domain.delivery.messages rendered them.
    question = Safe(message.question) if "*" in message.question else bold(Safe(message.question))
    return lines([Safe(message.body), question], "\n\n")


def _win(message: Message, language: str) -> Safe:
    key = f"message.win.{message.win_kind}"
    return say(key if has_text(key) else "message.win.other", language, win=Safe(message.win))


def _footer_blocks(message: Message, team_id: str, language: str) -> list[Block]:
    blocks: list[Block] = []
    try_it = _try_it_button(message, team_id)
    if try_it is not None:
        blocks.append(ActionsBlock(block_id=_id(message, "try"), elements=[try_it]))
    blocks.append(_open_actions(_id(message, "actions"), _bare(message), language))
    thanks = _thanks(message, language)
    if thanks:
        blocks.append(context(lines(thanks), block_id=_id(message, "state")))
    if message.is_weary:
        other = [
            (ActionId.FEWER_ME, "home.fewer"),
            (ActionId.TOPICS_ME, "home.topics"),
            (ActionId.STOP_ME, "home.stop"),
        ]
        buttons = [button(text(key, language), action) for action, key in other]
        blocks.append(ActionsBlock(block_id=_id(message, "weary"), elements=buttons))
    return blocks


def _bare(message: Message) -> Message:
    """Return what the row of buttons under a message hangs on, which most messages have in common."""
    return Message(
        message.delivery_id,
        message.kind,
        "",
        feedback=message.feedback,
        has_reported=message.has_reported,
        involved=message.involved if message.involved and message.involved.may_tell else None,
        review=message.review,
        is_saved=message.is_saved,
    )


@lru_cache(maxsize=256)
def _open_actions(block_id: str, bare: Message, language: str) -> Block:
    # Five buttons and the menu are most of what a message is built of.
    return ReadyActions(ActionsBlock(block_id=block_id, elements=_open_buttons(bare, language)))


def _open_buttons(message: Message, language: str) -> list[InteractiveElement]:
    value = DeliveryValue(message.delivery_id).encode()
    buttons: list[InteractiveElement] = []
    if message.review is not None:
        buttons += rest_button(message, language)
    elif not message.feedback and message.kind not in SEQUEL_KINDS:
        buttons.append(button(text("message.useful", language), ActionId.MARK_USEFUL, value=value))
        buttons.append(button(text("message.not_for_me", language), ActionId.MARK_NOT_FOR_ME, value=value))
    if not message.has_reported:
        buttons.append(button(text("message.in_the_way", language), ActionId.REPORT_BARRIER, value=value))
    if not message.is_saved:
        buttons.append(button(text("message.save", language), ActionId.SAVE, value=value))
    buttons.append(button(text("message.why_me", language), ActionId.WHY_ME, value=value))
    buttons[:0] = tell_buttons(message, language)
    return [*buttons, menu(message.delivery_id, language)]


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
        told.append(say("message.weary" if message.is_weary else f"message.marked_{message.feedback}", language))
    if message.review is not None and message.review.is_known:
        told.append(say("review.known", language))
    if message.has_reported:
        told.append(say("message.reported", language))
    if message.is_saved:
        told.append(say("message.saved", language))
    told += told_lines(message, language)
    if message.is_recalled:
        told.append(say("message.recalled", language))
    return told


def _content_said(message: Message, language: str) -> list[str]:
    lead = kind_lead(message, language)
    return [
        spoken(lead),
        spoken(_win(message, language)) if message.win and message.review is None else "",
        spoken(message.body),
        escape(message.picture.alt) if message.picture else "",
        spoken(say("message.told_by", language, by=message.by)) if message.by and not lead else "",
        spoken(message.question),
    ]


def _link_said(try_it: TryItLink | None, team_id: str, language: str) -> str:
    address = _address(try_it, team_id)
    if try_it is None or not address:
        return ""
    return say("message.opens", language, label=try_it.label, link=address)


def _footer(message: Message, language: str) -> Block:
    return context(_why_told(message, language))


def _why_told(message: Message, language: str) -> Safe:
    is_theirs = "story_id" in dict(message.notice_values)
    if message.notice_key == "notice.seat_free":
        return say("notice.seat_free_footer", language)
    if message.notice_key == "notice.who_came":
        return say("notice.who_came_footer", language)
    return say("story.notice_footer" if is_theirs else "message.notice_footer", language)


def _id(message: Message, part: str) -> str:
    is_known = message.review is not None and message.review.is_known
    told = (message.feedback, message.has_reported, message.is_recalled, message.is_saved)
    stake = message.involved
    told_of = (stake is not None and stake.may_tell, stake is not None and stake.has_told)
    done = (bool(message.answer), *told, is_known, *told_of)
    state = "".join(mark for mark, is_done in zip("afrtskyo", done, strict=True) if is_done) or "new"
    return message_block_id(message.delivery_id, part, state, message.language)
