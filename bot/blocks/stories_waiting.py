"""Stories that wait for comms: this module is the list, the form to decide upon one, and what came of it."""

from slack_sdk.models.blocks import Block, InputBlock, Option, PlainTextInputElement, RadioButtonsElement
from slack_sdk.models.views import View

from bot.blocks.actions import ActionId, CallbackId, InputId
from bot.blocks.answers import Answer, answer, line_answer
from bot.blocks.forms import note
from bot.blocks.parts import Safe, button, context, divider, fit, header, lines, mention, plain, say, section
from bot.blocks.story_values import ReviewValue
from bot.blocks.times import day
from bot.texts import DEFAULT_LANGUAGE, plural, text
from nudges.domain.stories.stories import LONGEST_STORY, DeclineReason, StoryState
from nudges.domain.stories.story_views import StoryDecision, WaitingStory

ROWS_SHOWN = 20
SHARE = "share"
_FIRST_WORDS = 200
_LONGEST_OPTION = 75


def stories_answer(found: tuple[WaitingStory, ...], language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return the stories that wait, each with what its author agreed to and a button to read it."""
    if not found:
        return line_answer("story.waiting_none", language)
    blocks: list[Block] = [header(text("story.waiting_header", language))]
    for story in found[:ROWS_SHOWN]:
        blocks += _row(story, language)
    left = len(found) - ROWS_SHOWN
    if left > 0:
        blocks.append(context(plural("story.waiting_more", left, language)))
    return answer([*blocks, divider(), context(say("story.waiting_note", language))])


def review_form(story: WaitingStory, language: str = DEFAULT_LANGUAGE) -> View:
    """Return one story to decide upon: the author's own words, those to share beside them, and the decision."""
    blocks: list[Block] = [
        section(_about(story, language)),
        section(lines([say("story.review_own", language), say("story.quote", language, words=story.words)])),
    ]
    remark = _remark(story, language)
    if remark:
        blocks.append(context(remark))
    return View(
        type="modal",
        callback_id=CallbackId.REVIEW_FORM,
        title=plain(text("story.review_title", language), 24),
        submit=plain(text("story.decide", language)),
        close=plain(text("form.cancel", language)),
        private_metadata=ReviewValue(story.story_id, story.revision).encode(),
        blocks=[*blocks, _words(story, language), _decision(language)],
    )


def underway_note(language: str = DEFAULT_LANGUAGE) -> View:
    """Return that the decision is taken in."""
    return note(text("story.underway_title", language), [section(say("story.underway", language))], language)


def decided_answer(done: StoryDecision, language: str = DEFAULT_LANGUAGE) -> Answer:
    """Return what a decision came to."""
    starts_on = day(done.starts_on, language) if done.starts_on else ""
    return line_answer(f"story.done_{done.decided}", language, day=starts_on, campaign=done.campaign)


def _row(story: WaitingStory, language: str) -> list[Block]:
    value = ReviewValue(story.story_id, story.revision).encode()
    read = None if story.is_own else button(text("story.read", language), ActionId.READ_STORY, value=value)
    words = fit(" ".join((story.edited or story.words).split()), _FIRST_WORDS)
    shown = lines([_about(story, language), say("story.quote", language, words=words)])
    remark = say("story.is_own", language) if story.is_own else _remark(story, language)
    return [section(shown, accessory=read), *([context(remark)] if remark else [])]


def _about(story: WaitingStory, language: str) -> Safe:
    return say(
        "story.waiting_line",
        language,
        who=_who(story, language),
        day=day(story.told_on, language),
        consent=text(f"story.review_{story.consent}", language),
    )


def _who(story: WaitingStory, language: str) -> Safe:
    if story.author_id:
        return mention(story.author_id)
    if story.place:
        return say("story.a_colleague_of", language, place=story.place)
    return say("story.a_colleague", language)


def _remark(story: WaitingStory, language: str) -> Safe:
    if story.state is StoryState.ASKED:
        return say("story.is_asked", language)
    return say("story.is_own_words", language) if story.state is StoryState.OWN_WORDS else Safe("")


def _words(story: WaitingStory, language: str) -> Block:
    element = PlainTextInputElement(
        action_id=InputId.REVIEW_WORDS,
        multiline=True,
        max_length=LONGEST_STORY,
        initial_value=story.edited or story.words,
    )
    return InputBlock(
        block_id=InputId.REVIEW_WORDS,
        label=plain(text("story.review_words", language)),
        hint=plain(text("story.review_words_hint", language)),
        element=element,
    )


def _decision(language: str) -> Block:
    share = Option(text=plain(text("story.share", language), _LONGEST_OPTION), value=SHARE)
    reasons = [
        Option(text=plain(text(f"story.decline_{one}", language), _LONGEST_OPTION), value=one.value)
        for one in DeclineReason
    ]
    element = RadioButtonsElement(action_id=InputId.REVIEW_DECISION, options=[share, *reasons])
    return InputBlock(
        block_id=InputId.REVIEW_DECISION,
        label=plain(text("story.review_decision", language)),
        hint=plain(text("story.decline_what", language)),
        element=element,
    )
