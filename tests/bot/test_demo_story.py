"""What a kill has done, in words: this module reads the demo's sentences as a visitor would, in each situation."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cli.demo_story import Findings, Kill, Truth, story
from nudges.domain.delivery.doubts import Doubts

LISBON = ZoneInfo("Europe/Lisbon")
AT = datetime(2027, 1, 12, 10, 2, 14, tzinfo=UTC)
KILL = Kill("demo", AT, AT + timedelta(seconds=50))
WHOLE = Truth(posted=1412)


def told(found: Findings, kill: Kill = KILL) -> str:
    return story(kill, found, LISBON, "Lisbon")


def test_at_first_it_says_when_and_that_nobody_can_know_yet() -> None:
    text = told(Findings())
    assert text.startswith("The demo was killed at 10:02:14 and went on at 10:03:04 (Lisbon time).")
    assert "looks up what nobody can know yet" in text


def test_a_kill_that_left_nothing_open_says_so() -> None:
    text = told(Findings(is_back=True, truth=WHOLE))
    assert "No message was in doubt." in text
    assert "By then Slack held 1,412 messages, none of them twice; none is missing." in text


def test_what_was_in_doubt_is_told_with_how_each_was_settled() -> None:
    found = Findings(is_back=True, doubts=Doubts(found=8, again=3), truth=WHOLE)
    assert "11 messages were in doubt: 8 were found at Slack; 3 were not there and were sent again." in told(found)
    assert found.is_settled


def test_what_is_still_open_is_told_as_open() -> None:
    found = Findings(is_back=True, doubts=Doubts(unsettled=1), truth=WHOLE)
    assert "1 message is in doubt: 1 is still being looked up." in told(found)
    assert "Slack holds 1,412 messages" in told(found)
    assert not found.is_settled
    assert not Findings(is_back=True, doubts=Doubts(waiting=2)).is_settled


def test_what_was_not_sent_again_says_why() -> None:
    doubts = Doubts(too_late=1, full=2, given_up=1)
    text = told(Findings(is_back=True, doubts=doubts, truth=WHOLE))
    assert "1 was not there, and its time was over; 2 were not there, and gave way to other messages" in text
    assert "1 was not there and is no longer wanted." in text


def test_one_message_or_none_is_said_as_such() -> None:
    assert "By then Slack held no message; none is missing." in told(Findings(is_back=True))
    assert "By then Slack held 1 message, once; none is missing." in told(Findings(is_back=True, truth=Truth(posted=1)))
    lost = told(Findings(is_back=True, truth=Truth(posted=1, missing=1)))
    assert "By then Slack held 1 message, none of them twice; 1 that the books call sent is missing." in lost


def test_a_loss_or_a_double_would_be_told_as_plainly() -> None:
    text = told(Findings(is_back=True, truth=Truth(posted=40, doubled=2, missing=1)))
    assert "By then Slack held 40 messages, 2 of them twice; 1 that the books call sent is missing." in text


def test_a_pause_over_night_names_the_days() -> None:
    text = told(Findings(), Kill("app", AT, AT + timedelta(days=1)))
    assert "The app was killed at 10:02:14 on Tuesday, 12 January and was started again at" in text
    assert "10:02:14 on Wednesday, 13 January (Lisbon time)" in text
