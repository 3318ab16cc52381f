"""A small promise under a nudge: this module is the tests of its key, its findings and the question that follows."""

import pytest

from nudges.domain.checks.findings import Code
from nudges.domain.delivery.responses import DeliveryState
from nudges.domain.delivery.taps import Tap
from nudges.domain.files.loading import Loaded, load_playbook
from nudges.domain.playbooks.involved import involved, involved_after
from nudges.domain.playbooks.languages import in_language
from nudges.domain.playbooks.nudge_parts import AfterNudge
from nudges.domain.playbooks.playbook import Playbook

HEAD = """
playbook: find-an-expert
title: Find an expert
tool: Slack channels
owner: U0PRIYA
audience: {segments: [all]}
nudges:
"""
TIP = """
  - tip: ask-first
    when: {week: 1, day: tue, at: "10:00"}
    text: Ask in the channel.
"""
PROMISE = '    commit: "I will ask before I mail"\n'


def load(nudges: str) -> Loaded[Playbook]:
    return load_playbook(HEAD + nudges, file="find-an-expert.yaml", company=None)


def a_playbook(more: str = PROMISE) -> Playbook:
    loaded = load(TIP + more)
    assert loaded.value is not None, loaded.findings
    return loaded.value.with_sequels()


def codes(nudges: str) -> set[Code]:
    return {finding.code for finding in load(nudges).findings}


def test_a_promise_is_asked_about_once_a_week_later_of_whoever_gave_it() -> None:
    playbook = a_playbook()
    question = playbook.nudge("ask-first.commitment")
    assert question is not None and isinstance(question.when, AfterNudge)
    assert (question.when.after, question.when.days, question.when.only_if) == ("ask-first", 7, Tap.WILL_TRY)
    assert question.taps == ("done", "not_yet", "not_for_me")
    assert len(playbook.with_sequels().nudges) == 2


def test_the_days_are_the_authors_and_a_translation_is_asked_about_in_its_own_words() -> None:
    words = "    commit_days: 3\n    translations: {de: {text: Frag im Kanal., commit: Ich frage zuerst}}\n"
    question = a_playbook(PROMISE + words).nudge("ask-first.commitment")
    assert question is not None and isinstance(question.when, AfterNudge)
    assert question.when.days == 3
    assert in_language(question, "de").text == "Ich frage zuerst"


def test_a_promise_that_is_left_out_of_a_translation_is_a_finding() -> None:
    assert Code.NO_TRANSLATION in codes(TIP + PROMISE + "    translations: {de: {text: Frag im Kanal.}}\n")


@pytest.mark.parametrize(
    "nudges",
    [
        TIP + "    commit_days: 3\n",
        """
  - challenge: try-it
    when: {week: 1, day: tue, at: "10:00"}
    text: Try it.
    task: Ask once in the channel
    commit: I will
""",
    ],
)
def test_a_promise_that_nobody_can_make_is_a_finding(nudges: str) -> None:
    assert Code.IDLE_COMMIT in codes(nudges)


def test_a_promise_longer_than_a_line_is_a_finding() -> None:
    assert Code.IDLE_COMMIT not in codes(TIP + PROMISE)
    assert load(TIP + f"    commit: {'x' * 151}\n").value is None


def test_what_is_shown_changes_with_what_was_tapped() -> None:
    tip = a_playbook().nudges[0]
    before = involved(tip, {})
    assert (before.commit, before.days) == ("I will ask before I mail", 7)
    given = involved_after(before, tip, tip.kind, DeliveryState(tapped=Tap.WILL_TRY))
    assert (given.has_committed, given.may_tell) == (True, False)
    useful = involved_after(before, tip, tip.kind, DeliveryState(feedback="useful"))
    assert useful.may_tell
    assert not involved_after(before, tip, tip.kind, DeliveryState(feedback="useful", has_told=True)).may_tell


def test_a_story_is_asked_for_after_a_promise_that_worked_out() -> None:
    question = a_playbook().nudges[1]
    before = involved(question, {})
    assert before.is_asked
    assert involved_after(before, question, question.kind, DeliveryState(tapped=Tap.DONE)).may_tell
    assert not involved_after(before, question, question.kind, DeliveryState(tapped=Tap.NOT_YET)).may_tell
