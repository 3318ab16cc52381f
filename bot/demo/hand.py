"""What somebody does with what they see: this module presses, ticks, types and sends, as a visitor would on the page.

Everything goes the way of a click in Slack: to the app and back, with its checks. Where a thing is no longer there,
nothing is done and nothing is said.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from bot.blocks.actions import ActionId, CallbackId, InputId, PickId
from bot.blocks.own_values import MenuValue
from bot.demo import screen
from bot.demo.screen import Control, Form, Values
from bot.sandbox.errors import Impossible
from bot.sandbox.form_values import merged
from bot.sandbox.records import Json
from bot.sandbox.workspace import Slack
from nudges.domain.playbooks.playbook import Playbook
from nudges.domain.playbooks.quizzes import Quiz, keys_of
from nudges.domain.stories.stories import Consent

COMMAND = "/nudge"
PATIENCE_S = 2.0  # a Home tab is drawn after its opening was acknowledged
LOOK_S = 0.02


class Act(StrEnum):
    """What can be done about one nudge."""

    ANSWER = "answer"
    NEXT_SCENE = "next_scene"
    TAP = "tap"
    TRY = "try"
    USEFUL = "useful"
    NOT_FOR_ME = "not_for_me"
    SAVE = "save"
    REPORT = "report"
    CONFIRM = "confirm"  # yes, that is what I meant


class Knowledge:
    """Which answers are right, by the playbooks: people know their own work."""

    def __init__(self, playbooks: Sequence[Playbook]) -> None:
        quizzes = [nudge for one in playbooks for nudge in one.nudges if isinstance(nudge, Quiz)]
        worded = [quiz.worded(number) for quiz in quizzes for number in range(quiz.wordings)]
        self._quizzes = {frozenset(choice.key for choice in quiz.choices): quiz for quiz in worded}

    def answer(self, keys: Sequence[str], *, is_right: bool) -> tuple[str, ...]:
        """Return what somebody picks who knows it, or does not; the first thing where nobody can know."""
        quiz = self._quizzes.get(frozenset(keys))
        picked = keys_of(quiz.right_answer() if is_right else quiz.other_answer()) if quiz else ()
        return picked if picked and picked[0] else tuple(keys[:1])


class Hand:
    """Does things in the sandbox as one of its people; every act returns whether it could be done."""

    def __init__(self, slack: Slack, knowledge: Knowledge) -> None:
        self._slack = slack
        self._knowledge = knowledge
        self._acts: Mapping[Act, Callable[[str, str, str], bool]] = {
            Act.ANSWER: self._answer,
            Act.NEXT_SCENE: self._next_scene,
            Act.TAP: self._tap,
            Act.REPORT: self._report_under,
            Act.TRY: lambda person, ts, _: self._press(person, ts, ActionId.TRY_IT),
            Act.USEFUL: lambda person, ts, _: self._press(person, ts, ActionId.MARK_USEFUL),
            Act.NOT_FOR_ME: lambda person, ts, _: self._press(person, ts, ActionId.MARK_NOT_FOR_ME),
            Act.SAVE: lambda person, ts, _: self._press(person, ts, ActionId.SAVE),
            Act.CONFIRM: lambda person, ts, _: self._press(person, ts, ActionId.HEARD_RIGHT),
        }

    def do(self, act: Act, person: str, ts: str, how: str = "") -> bool:
        """Do one thing about one message."""
        try:
            return self._acts[act](person, ts, how)
        except Impossible:  # the message changed in between
            return False

    def report(self, person: str, kind: str) -> bool:
        """Say what is in the way, under the newest nudge or, without one, by the shortcut."""
        ts = screen.last_message(self._slack, person)
        if ts and self.do(Act.REPORT, person, ts, kind):
            return True
        self._slack.do.shortcut(person, CallbackId.REPORT_SHORTCUT.value)
        return self._send_report(person, kind)

    def choose_in_menu(self, person: str, wanted: ActionId) -> bool:
        """Choose a line of the menu under the newest nudge."""
        ts = screen.last_message(self._slack, person)
        menu = screen.find(screen.message_controls(self._slack, person, ts), ActionId.MORE) if ts else None
        lines = (one for one in menu.options if _stands_for(one, wanted)) if menu else iter(())
        line = next(lines, None)
        if menu is None or line is None:
            return False
        return self._click(person, menu, ts=ts, value={"selected_option": line})

    def command(self, person: str, words: str) -> bool:
        """Type a slash command."""
        return self._slack.do.command(person, COMMAND, words).ok

    def type(self, person: str, words: str) -> bool:
        """Type into the conversation."""
        return self._slack.do.message(person, words).ok

    def open_home(self, person: str) -> bool:
        """Look at the Home tab, and wait until it is drawn."""
        if not self._slack.do.open(person).ok:
            return False
        deadline = time.monotonic() + PATIENCE_S
        while not screen.home_controls(self._slack, person)[0] and time.monotonic() < deadline:
            time.sleep(LOOK_S)
        return bool(screen.home_controls(self._slack, person)[0])

    def vote(self, person: str, place: int = 0) -> bool:
        """Vote in Home for what comes next."""
        self.open_home(person)
        view_id, controls = screen.home_controls(self._slack, person)
        vote = screen.find(controls, ActionId.VOTE)
        if vote is None or not vote.options:
            return False
        value = {"selected_option": vote.options[place % len(vote.options)]}
        return self._slack.do.click(
            person, view_id=view_id, block_id=vote.block_id, action_id=vote.action_id, value=value
        ).ok

    def tell_story(self, person: str, words: str) -> bool:
        """Tell a story from Home, to be passed on inside the company with the name."""
        self.open_home(person)
        view_id, controls = screen.home_controls(self._slack, person)
        button = screen.find(controls, ActionId.MY_STORIES)
        if button is None:
            return False
        self._slack.do.click(person, view_id=view_id, block_id=button.block_id, action_id=button.action_id)
        form = screen.open_form(self._slack, person)
        field = screen.find(form.controls, InputId.STORY_WORDS) if form else None
        consent = screen.find(form.controls, InputId.STORY_CONSENT) if form else None
        if form is None or field is None or consent is None:
            return False
        values = merged(screen.typed(field, words), screen.chosen(consent, Consent.INSIDE))
        is_taken = self._send(person, form, values)
        self._close(person)
        return is_taken

    def _answer(self, person: str, ts: str, how: str) -> bool:
        """Answer a question; `how` is `right` or `wrong`, and `sure` or `unsure`."""
        controls = screen.message_controls(self._slack, person, ts)
        words = how.split()
        sure = screen.find(controls, PickId.SURE)
        state = screen.chosen(sure, str(sure.options[-1 if "sure" in words else 0]["value"])) if sure else {}
        check = screen.find(controls, ActionId.CHECK_ANSWER)
        if check is not None:
            picked = _picks(controls, self._knowledge, is_right="right" in words)
            return self._click(person, check, ts=ts, state=merged(state, picked))
        keys = [one.value.rpartition(":")[2] for one in controls if one.name == ActionId.ANSWER_QUIZ]
        picked_key = self._knowledge.answer(keys, is_right="right" in words)[0] if keys else ""
        button = screen.of_choice(controls, ActionId.ANSWER_QUIZ, picked_key)
        return button is not None and self._click(person, button, ts=ts, state=state)

    def _next_scene(self, person: str, ts: str, how: str) -> bool:
        return self._press(person, ts, ActionId.ANSWER_SCENE)

    def _tap(self, person: str, ts: str, how: str) -> bool:
        """Tap a yes, a no or a vote; a key that is not there means the first one."""
        controls = [
            one for one in screen.message_controls(self._slack, person, ts) if one.name == ActionId.TAP and one.value
        ]
        button = screen.of_choice(controls, ActionId.TAP, how) or (controls[0] if controls and not how else None)
        return button is not None and self._click(person, button, ts=ts)

    def _report_under(self, person: str, ts: str, how: str) -> bool:
        return self._press(person, ts, ActionId.REPORT_BARRIER) and self._send_report(person, how)

    def _send_report(self, person: str, kind: str) -> bool:
        form = screen.open_form(self._slack, person)
        field = screen.find(form.controls, InputId.KIND) if form else None
        if form is None or field is None:
            return False
        is_taken = self._send(person, form, screen.chosen(field, kind))
        self._close(person)
        return is_taken

    def _press(self, person: str, ts: str, action: ActionId) -> bool:
        button = screen.find(screen.message_controls(self._slack, person, ts), action)
        return button is not None and self._click(person, button, ts=ts)

    def _click(
        self, person: str, control: Control, *, ts: str, value: Json | None = None, state: Values | None = None
    ) -> bool:
        outcome = self._slack.do.click(
            person, ts=ts, block_id=control.block_id, action_id=control.action_id, value=value, values=state
        )
        return outcome.ok

    def _send(self, person: str, form: Form, values: Values) -> bool:
        sent = self._slack.do.submit(person, form.view_id, values)
        return sent.outcome.ok

    def _close(self, person: str) -> None:
        """Close what says thank you."""
        form = screen.open_form(self._slack, person)
        if form is not None:
            self._slack.do.close(person, form.view_id, is_cleared=True)


def _stands_for(line: Json, wanted: ActionId) -> bool:
    value = MenuValue.decode(str(line["value"]))
    return value is not None and value.action is wanted


def _picks(controls: Sequence[Control], knowledge: Knowledge, *, is_right: bool) -> Values:
    """Return what is ticked, or put in order, before Check is pressed."""
    boxes = screen.find(controls, PickId.ALL)
    if boxes is not None:
        keys = [str(option["value"]) for option in boxes.options]
        return screen.chosen(boxes, *knowledge.answer(keys, is_right=is_right))
    places = [one for one in controls if one.name == ActionId.PICK and one.action_id != PickId.SURE.action]
    keys = sorted(str(option["value"]) for option in places[0].options) if places else []
    picked = knowledge.answer(keys, is_right=is_right)
    state: Values = {}
    for place, key in zip(places, picked, strict=False):
        state = merged(state, screen.chosen(place, key))
    return state
