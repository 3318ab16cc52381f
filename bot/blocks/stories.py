"""A person's own stories: this module is the forms in which they tell, see, change and take back what they told."""

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)
from slack_sdk.models.views import View

from bot.blocks.actions import CallbackId, FormOrigin, InputId
from bot.blocks.forms import note
from bot.blocks.parts import Safe, context, divider, escape, fit, lines, plain, say, section
from bot.blocks.story_values import StoryValue
from bot.blocks.times import day
from bot.texts import DEFAULT_LANGUAGE, text
from nudges.domain.stories.stories import LONGEST_STORY, Consent, StoryState
from nudges.domain.stories.story_views import OwnStory, Telling

STORIES_SHOWN = 9  # ten options at most, and one of them is a new story
NEW = "new"
YES, NO = "yes", "no"
BACK = "back"
_LONGEST_OPTION = 75
_SAID = {
    Telling.CHANGED: "story.changed",
    Telling.WITHDRAWN: "story.withdrawn",
    Telling.AGREED: "story.agreed",
    Telling.OWN_WORDS: "story.own_words_kept",
    Telling.UNCHANGED: "story.unchanged",
    Telling.GONE: "story.gone",
}


def tell_form(delivery_id: str = "", language: str = DEFAULT_LANGUAGE, *, written_in: str = "") -> View:
    """Return the one-minute form; the nudge it was opened under travels with it."""
    return View(
        type="modal",
        callback_id=CallbackId.TELL_FORM,
        title=plain(text("story.tell_title", language), 24),
        submit=plain(text("story.send", language)),
        close=plain(text("form.cancel", language)),
        private_metadata=FormOrigin(delivery_id, written_in).encode() if delivery_id else "",
        blocks=[
            section(say("story.lead", language)),
            _words("", language),
            _consents(Consent.INSIDE, language),
            context(say("story.what_next", language)),
        ],
    )


def stories_form(found: tuple[OwnStory, ...], language: str = DEFAULT_LANGUAGE) -> View:
    """Return the list of what a person told, to open one or tell a new one; without any, the form to tell one."""
    if not found:
        return tell_form(language=language)
    options = [_option(one, language) for one in found[:STORIES_SHOWN]]
    new = Option(
        text=plain(text("story.new", language), _LONGEST_OPTION),
        value=NEW,
        description=plain(text("story.new_what", language), _LONGEST_OPTION),
    )
    return View(
        type="modal",
        callback_id=CallbackId.STORY_LIST,
        title=plain(text("story.list_title", language), 24),
        submit=plain(text("story.open", language)),
        close=plain(text("form.close", language)),
        blocks=[
            InputBlock(
                block_id=InputId.STORY,
                label=plain(text("story.which", language)),
                element=RadioButtonsElement(
                    action_id=InputId.STORY, options=[*options, new], initial_option=options[0]
                ),
            )
        ],
    )


def story_form(story: OwnStory, language: str = DEFAULT_LANGUAGE) -> View:
    """Return one story as it stands, to read, change, agree to or take back."""
    blocks: list[Block] = [section(state_line(story, language))]
    if story.state is StoryState.ASKED:
        blocks += [section(lines([say("story.edited", language), _quoted(story.edited, language)])), _agree(language)]
    blocks += [_words(story.words, language), _consents(story.consent, language), _take_back(language)]
    return View(
        type="modal",
        callback_id=CallbackId.STORY_FORM,
        title=plain(text("story.title", language), 24),
        submit=plain(text("story.save", language)),
        close=plain(text("form.cancel", language)),
        private_metadata=StoryValue(story.story_id, story.digest).encode(),
        blocks=blocks,
    )


def state_line(story: OwnStory, language: str = DEFAULT_LANGUAGE) -> Safe:
    """Return where a story stands and until when it is kept."""
    is_told = story.state is StoryState.SHARED and bool(story.reached)
    key = "story.state_shared_reached" if is_told else f"story.state_{story.state}"
    told = say(key, language, day=day(story.keep_until, language), count=story.reached)
    return lines([told, text(f"story.decline_{story.reason}", language) if story.reason else ""])


def told_note(consent: Consent, language: str = DEFAULT_LANGUAGE) -> View:
    """Return the thanks for a story, and what its author may expect."""
    if consent is Consent.PRIVATE:
        said = [say("story.told_private", language)]
    else:
        more = "story.told_named" if consent.is_named else "story.told_anonymous"
        said = [say("story.told", language), say(more, language)]
    return note(text("story.told_title", language), [section(lines(said, "\n\n"))], language)


def telling_note(telling: Telling, language: str = DEFAULT_LANGUAGE) -> View:
    """Return what became of a change."""
    return note(text("story.title", language), [section(say(_SAID[telling], language))], language)


def too_many_note(words: str, language: str = DEFAULT_LANGUAGE) -> View:
    """Return that nothing was taken, with the words so that they are not lost."""
    blocks: list[Block] = [section(say("story.too_many", language)), divider(), section(escape(words))]
    return note(text("story.title", language), blocks, language)


def _option(story: OwnStory, language: str) -> Option:
    words = " ".join(story.words.split())
    told = text("story.told_when", language, day=day(story.told_on, language), words=words)
    return Option(
        text=plain(fit(told, _LONGEST_OPTION), _LONGEST_OPTION),
        value=story.story_id,
        description=plain(text(f"story.short_{story.state}", language), _LONGEST_OPTION),
    )


def _words(words: str, language: str) -> Block:
    element = PlainTextInputElement(
        action_id=InputId.STORY_WORDS,
        multiline=True,
        max_length=LONGEST_STORY,
        initial_value=words or None,
        placeholder=plain(text("story.words_placeholder", language), 150),
    )
    return InputBlock(
        block_id=InputId.STORY_WORDS,
        label=plain(text("story.words", language)),
        hint=plain(text("story.words_hint", language)),
        element=element,
    )


def _consents(chosen: Consent, language: str) -> Block:
    options = {consent: _consent(consent, language) for consent in Consent}
    element = RadioButtonsElement(
        action_id=InputId.STORY_CONSENT, options=list(options.values()), initial_option=options[chosen]
    )
    return InputBlock(block_id=InputId.STORY_CONSENT, label=plain(text("story.consent", language)), element=element)


def _consent(consent: Consent, language: str) -> Option:
    return Option(
        text=plain(text(f"story.consent_{consent}", language), _LONGEST_OPTION),
        value=consent.value,
        description=plain(text(f"story.consent_{consent}_what", language), _LONGEST_OPTION),
    )


def _agree(language: str) -> Block:
    options = [
        Option(text=plain(text(f"story.agree_{word}", language), _LONGEST_OPTION), value=word) for word in (YES, NO)
    ]
    element = RadioButtonsElement(action_id=InputId.STORY_AGREE, options=options)
    return InputBlock(
        block_id=InputId.STORY_AGREE, label=plain(text("story.agree", language)), element=element, optional=True
    )


def _take_back(language: str) -> Block:
    box = Option(text=plain(text("story.take_back_box", language), _LONGEST_OPTION), value=BACK)
    return InputBlock(
        block_id=InputId.STORY_BACK,
        label=plain(text("story.take_back", language)),
        element=CheckboxesElement(action_id=InputId.STORY_BACK, options=[box]),
        optional=True,
    )


def _quoted(words: str, language: str) -> Safe:
    return say("story.quote", language, words=words)
