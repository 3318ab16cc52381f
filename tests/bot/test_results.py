"""Results as people read them: bars, bands and choices, in Slack in every language, and in the terminal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.blocks.answers_results import results_answer
from bot.blocks.times import band_bar
from bot.cli.results import lines_of
from bot.texts import languages
from nudges.domain.measuring.contrasts import Contrast
from nudges.domain.measuring.results import ChoiceText, Figure, NudgeResult, ResultsView
from nudges.domain.measuring.views import BandedShare
from tests.bot.limits import faults
from tests.bot.office import ADMIN, ANA, Office, blocks_text

TUESDAY = date(2027, 1, 12)


def a_figure(side: str, share: str, group: str = "", **values: Any) -> Figure:
    return Figure(group, side, BandedShare(share, "20-49"), TUESDAY, **values)


QUIZ = NudgeResult(
    key="where-would-you-ask",
    kind="quiz",
    title="A customer reports a double charge. Where do you ask first, before anything else and at once?",
    sent=96,
    sent_band="50+",
    sent_bands={"customer-service": "50+", "sales": "20-49"},
    answered=(a_figure("answered", "60-70 %", is_behind=True), a_figure("answered", "50-60 %", "sales")),
    choices=(a_figure("channel", "over 90 %"), a_figure("mail", "under 10 %")),
    choice_texts=(ChoiceText("channel", "#ask-billing", True), ChoiceText("mail", "A mail & <more>", False)),
)
TIP = NudgeResult(key="quiet-tip", kind="tip", title="Ask.", sent=7, sent_band="5-9", sent_bands={})
COMING = NudgeResult(key="next-tip", kind="tip", title="Ask.", sent=0, sent_band="", sent_bands={})


def some_results(**values: Any) -> ResultsView:
    usual: dict[str, Any] = {
        "name": "find-an-expert",
        "title": "Find an expert",
        "status": "live",
        "starts_on": date(2027, 1, 11),
        "until": TUESDAY,
        "k": 5,
        "sent": 103,
        "reached": 96,
        "segments": ("customer-service", "sales"),
        "nudges": (QUIZ, TIP, COMING),
    }
    return ResultsView(**(usual | values))


@pytest.mark.parametrize("language", languages())
def test_results_keep_slacks_limits_in_every_language(language: str) -> None:
    for found in (some_results(), some_results(nudges=(QUIZ,) * 60, held_out=30), some_results(nudges=())):
        said = results_answer(found, language)
        assert faults("message", {"text": said.text, "blocks": [block.to_dict() for block in said.blocks]}) == []


def test_results_say_what_was_sent_answered_and_chosen_and_what_is_hidden() -> None:
    said = results_answer(some_results()).text
    assert "60-70 % answered something  ·  of 20-49" in said
    assert "sales: 50-60 % answered something" in said
    assert "over 90 % chose “#ask-billing” ✓" in said
    assert "A mail &amp; &lt;more&gt;" in said
    assert "Too few answers so far" in said
    assert "Not sent to anybody yet: next-tip." in said
    assert "as of Tue 12 Jan" in said


def test_with_one_segment_its_rows_are_left_out() -> None:
    assert "50-60 %" not in results_answer(some_results(segments=("sales",))).text


def test_german_shares_are_german() -> None:
    said = results_answer(some_results(), "de").text
    assert "über 90 % haben „#ask-billing“ gewählt ✓" in said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "once it is known how much the tool is used"),
        ({"has_usage": True}, "Too few teams or people"),
        ({"has_usage": True, "contrast": Contrast(-3, 15)}, "nothing is certain yet"),
        ({"has_usage": True, "contrast": Contrast(2, 15)}, "Between 2 and 15 points"),
    ],
)
def test_the_comparison_group_is_told_with_its_uncertainty(values: dict[str, Any], said: str) -> None:
    assert said in results_answer(some_results(held_out=30, **values)).text
    assert "spared" not in results_answer(some_results(**values)).text


def test_the_terminal_says_the_same() -> None:
    said = "\n".join(lines_of(some_results(held_out=30, has_usage=True)))
    assert "60-70 % answered something, of 20-49  (as of 12 Jan" in said
    assert 'chose "#ask-billing" (right)' in said
    assert "too few answers so far" in said
    assert "Too few teams or people" in said


def test_a_bar_is_drawn_to_the_middle_of_its_step() -> None:
    assert [band_bar(band).count("▰") for band in ("under 10 %", "40-50 %", "over 90 %")] == [1, 4, 9]


def test_results_are_for_those_who_run_it(office: Office) -> None:
    assert "To get access" in office.command(ANA, "results find-an-expert").body
    office.command(ADMIN, "results find-an-expert")
    assert "Results: Find an expert" in blocks_text(office.posted())
    office.command(ADMIN, "results")
    assert "results <campaign>" in blocks_text(office.posted(2)[1]).replace("&lt;", "<").replace("&gt;", ">")


def test_an_unknown_campaign_is_explained(office: Office) -> None:
    office.command(ADMIN, "results find-a-expert")
    assert "Did you mean find-an-expert?" in blocks_text(office.posted())


def test_what_is_told_in_slack_has_no_exact_count_of_answers() -> None:
    shown = replace(QUIZ, sent=1_000_003)
    said = results_answer(some_results(nudges=(shown,))).text
    assert said.count("1,000,003") == 1  # only what was sent is exact
