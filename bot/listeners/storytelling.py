"""Forms about stories: this module takes in what people tell and change, and what comms decides."""

from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.blocks import stories, stories_waiting
from bot.blocks.actions import CallbackId, FormOrigin, InputId
from bot.blocks.answers import Answer, line_answer, said_answer
from bot.blocks.story_values import ReviewValue, StoryValue
from bot.listeners.access import check_form
from bot.listeners.answering import Desk
from bot.listeners.failing import explain, guarded
from bot.listeners.payloads import Payload, chosen_in, form_of, metadata_of, person_of, picked_in, typed_in
from bot.texts import text
from nudges.domain.stories.stories import Consent, DeclineReason, Told
from nudges.domain.stories.story_views import Telling
from nudges.errors import NudgerError
from nudges.services.stories import review_stories, tell_story


@dataclass(frozen=True)
class OwnForms:
    """The forms of people's own stories."""

    desk: Desk

    def take_told(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Store a story, then acknowledge with thanks."""
        person_id, language = self._who(body, CallbackId.TELL_FORM)
        told, origin = _told(body), FormOrigin.decode(metadata_of(body))
        delivery_id = origin.delivery_id if origin else ""
        done = tell_story.tell(self.desk.core, person_id, told, form_id=form_of(body), delivery_id=delivery_id)
        if done is Telling.EMPTY:
            ack(response_action="errors", errors={InputId.STORY_WORDS.value: text("story.empty", language)})
        elif done is Telling.TOO_MANY:
            ack(response_action="update", view=stories.too_many_note(told.words, language))
        elif done is Telling.GONE:
            ack(response_action="update", view=stories.telling_note(done, language))
        else:
            ack(response_action="update", view=stories.told_note(told.consent, language))
            context["is_done"] = told.consent.is_named

    def show_told(self, body: Payload, context: BoltContext) -> None:
        """Show the thanks under the nudge, where the author gave their name."""
        origin = FormOrigin.decode(metadata_of(body))
        if context.get("is_done") and origin is not None:
            self.desk.redraw(person_of(body), origin.delivery_id, written_in=origin.language)

    def choose(self, ack: Ack, body: Payload) -> None:
        """Open the story that was picked from the list, or the form for a new one."""
        person_id, language = self._who(body, CallbackId.STORY_LIST)
        picked = picked_in(body, InputId.STORY)
        found = next((one for one in tell_story.own_stories(self.desk.core, person_id) if one.story_id == picked), None)
        if found is not None:
            view = stories.story_form(found, language)
        elif picked == stories.NEW:
            view = stories.tell_form(language=language)
        else:
            view = stories.telling_note(Telling.GONE, language)
        ack(response_action="update", view=view)

    def take_changed(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Change, take back or answer an edit; a yes is carried out after the acknowledgement."""
        person_id, language = self._who(body, CallbackId.STORY_FORM)
        value = StoryValue.decode(metadata_of(body))
        if value is None:
            ack(response_action="update", view=stories.telling_note(Telling.GONE, language))
            return
        done = self._changed(person_id, value, body)
        if done is Telling.EMPTY:
            ack(response_action="errors", errors={InputId.STORY_WORDS.value: text("story.empty", language)})
            return
        context["is_done"] = done is Telling.AGREED
        ack(response_action="update", view=stories.telling_note(done, language))

    def share_agreed(self, body: Payload, context: BoltContext, client: WebClient) -> None:
        """Share the words that the author said yes to; where it cannot be, say so in the conversation."""
        value = StoryValue.decode(metadata_of(body))
        if not context.get("is_done") or value is None:
            return
        person_id = person_of(body)
        language = self.desk.language(person_id)
        try:
            done = tell_story.agree(self.desk.core, person_id, value.story_id, value.digest)
        except NudgerError as error:
            _write(client, person_id, said_answer(explain(error, language)))
            return
        if done is Telling.GONE:
            _write(client, person_id, line_answer("story.gone", language))

    def _changed(self, person_id: str, value: StoryValue, body: Payload) -> Telling:
        core, answer = self.desk.core, picked_in(body, InputId.STORY_AGREE)
        if stories.BACK in chosen_in(body, InputId.STORY_BACK):
            return tell_story.withdraw(core, person_id, value.story_id)
        changed = tell_story.change(core, person_id, value.story_id, _told(body))
        if changed is not Telling.UNCHANGED or not answer:
            return changed
        if answer == stories.YES:
            return Telling.AGREED
        return tell_story.keep_own_words(core, person_id, value.story_id, value.digest)

    def _who(self, body: Payload, form: CallbackId) -> tuple[str, str]:
        person_id = person_of(body)
        check_form(self.desk.core, person_id, form)
        return person_id, self.desk.language(person_id)


@dataclass(frozen=True)
class Reviewing:
    """The form in which comms decides upon a story."""

    desk: Desk

    def take(self, ack: Ack, body: Payload, context: BoltContext) -> None:
        """Acknowledge; beginning a campaign may take longer than Slack waits."""
        person_id = person_of(body)
        check_form(self.desk.core, person_id, CallbackId.REVIEW_FORM)
        language = self.desk.language(person_id)
        decision = picked_in(body, InputId.REVIEW_DECISION)
        if decision != stories_waiting.SHARE and decision not in set(DeclineReason):
            ack(response_action="errors", errors={InputId.REVIEW_DECISION.value: text("story.not_chosen", language)})
            return
        context["is_done"] = True
        ack(response_action="update", view=stories_waiting.underway_note(language))

    def decide(self, body: Payload, context: BoltContext, client: WebClient) -> None:
        """Share, ask the author or decline, and write what it came to; the role is asked again."""
        if not context.get("is_done"):
            return
        person_id = person_of(body)
        language = self.desk.language(person_id)
        try:
            check_form(self.desk.core, person_id, CallbackId.REVIEW_FORM)
            said = self._decided(person_id, body, language)
        except NudgerError as error:
            said = said_answer(explain(error, language))
        _write(client, person_id, said)

    def _decided(self, person_id: str, body: Payload, language: str) -> Answer:
        value, decision = ReviewValue.decode(metadata_of(body)), picked_in(body, InputId.REVIEW_DECISION)
        if value is None:
            return line_answer("story.gone", language)
        core = self.desk.core
        if decision == stories_waiting.SHARE:
            words = typed_in(body, InputId.REVIEW_WORDS)
            done = review_stories.approve(core, person_id, value.story_id, value.revision, words)
        else:
            reason = DeclineReason(decision)
            done = review_stories.decline(core, person_id, value.story_id, value.revision, reason)
        return stories_waiting.decided_answer(done, language)


def register(app: App, desk: Desk) -> None:
    """Listen to the forms; before the listener of all other forms, which only acknowledges."""
    own, reviewing = OwnForms(desk), Reviewing(desk)
    app.view(CallbackId.TELL_FORM.value)(ack=own.take_told, lazy=[guarded(desk, own.show_told)])
    app.view(CallbackId.STORY_LIST.value)(own.choose)
    app.view(CallbackId.STORY_FORM.value)(ack=own.take_changed, lazy=[guarded(desk, own.share_agreed)])
    app.view(CallbackId.REVIEW_FORM.value)(ack=reviewing.take, lazy=[guarded(desk, reviewing.decide)])


def _told(body: Payload) -> Told:
    consent = picked_in(body, InputId.STORY_CONSENT)
    # Whatever is not one of our words counts as the narrowest of them.
    return Told(typed_in(body, InputId.STORY_WORDS), Consent(consent) if consent in set(Consent) else Consent.PRIVATE)


def _write(client: WebClient, person_id: str, said: Answer) -> None:
    client.chat_postMessage(
        channel=person_id,
        text=said.text,
        blocks=[block.to_dict() for block in said.blocks],
        unfurl_links=False,
        unfurl_media=False,
    )
