"""Pausing, stopping, asking and being forgotten: this module follows what people want for themselves."""

from datetime import timedelta

from tests.acceptance.acting import Someone, shown
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import RunningApp, wait_until
from tests.acceptance.small_company import MONDAY, TUESDAY_NOON

TIP, QUIZ, STORY = "Stuck on a billing question", "Where do you ask first?", "four minutes later it was done"


def lines_back(person: Someone) -> list[str]:
    """Return what the app said in the conversation beside its nudges."""
    return [shown(one) for one in person.got() if not one["blocks"]]


def test_pause_says_until_when_with_the_zone_and_start_ends_it(app: RunningApp) -> None:
    maya = Someone(app, "U0MAYA")
    said = maya.asks("pause 14")
    assert "Paused until" in said and "24 Mar, 09:00" in said and "Lisbon" in said
    assert "back in" in maya.asks("start")


def test_stop_and_start_are_answered(app: RunningApp) -> None:
    bea = Someone(app, "U0BEA")
    assert bea.asks("stop").startswith("Stopped.")
    assert "stop" in bea.opens_home().lower()
    assert "back in" in bea.asks("start")


def test_a_pause_of_no_days_is_explained(app: RunningApp) -> None:
    assert "from 1 to 365 days" in Someone(app, "U0BEA").asks("pause 0")
    assert "from 1 to 365 days" in Someone(app, "U0BEA").asks("pause 9999")


def test_an_unknown_word_offers_the_nearest(app: RunningApp) -> None:
    assert "/nudge pause" in Someone(app, "U0CARL").asks("puase 3")
    assert "/nudge help" in Someone(app, "U0CARL").asks("xyzzy")


def test_help_lists_what_an_employee_may_do_and_nothing_else(app: RunningApp) -> None:
    said = Someone(app, "U0CARL").asks("help")
    for word in ("pause", "stop", "start", "why", "my-data", "forget-me"):
        assert word in said
    assert "publish" not in said


def test_why_names_the_rule_the_hours_and_the_next_one(app: RunningApp) -> None:
    said = Someone(app, "U0DITA").asks("why")
    assert "segment `desks`" in said and "Customer service" in said
    assert "09:00-17:00" in said and "Europe/Lisbon" in said


def test_stop_typed_in_the_conversation_stops_and_help_helps(app: RunningApp) -> None:
    eva = Someone(app, "U0EVA")
    assert eva.types("Stop!").ok
    wait_until(lambda: [line for line in lines_back(eva) if line.startswith("Stopped.")])
    assert eva.types("help").ok
    wait_until(lambda: len(lines_back(eva)) == 2)
    assert "`pause`" in lines_back(eva)[1]


def test_any_other_reply_gets_one_line_back_even_when_slack_repeats_the_event(app: RunningApp) -> None:
    fay = Someone(app, "U0FAY")
    app.slack.set_faults(duplicate_event=1.0)
    try:
        assert fay.types("Thank you, that helped").ok
    finally:
        app.slack.set_faults(duplicate_event=0.0)
    wait_until(lambda: events_heard(app, "U0FAY") >= 2)
    assert fay.types("help").ok
    wait_until(lambda: any("`pause`" in line for line in lines_back(fay)))
    assert len([line for line in lines_back(fay) if line.startswith("Thanks, noted")]) == 1


def test_forget_me_asks_first_erases_and_says_so(app: RunningApp) -> None:
    gil = Someone(app, "U0GIL")
    assert gil.click("Useful", TIP).ok
    assert app.slack.do.command("U0GIL", "/nudge", "forget-me").ok
    assert "Erase everything" in str(gil.form())
    assert gil.submits().outcome.ok
    assert "*Done.*" in str(gil.form())
    assert "ask before you search" not in gil.asks("my-data")
    assert gil.click("Not for me", QUIZ).ok
    wait_until(lambda: any("no longer kept" in shown(one) for one in gil.messages()))


def test_wishes_hold_as_time_goes_on(start: StartApp) -> None:
    app = start()
    app.publish("find-an-expert")
    paused, stopped, back, forgotten = (Someone(app, person) for person in ("U0MAYA", "U0BEA", "U0CARL", "U0DITA"))
    paused.asks("pause 14")
    stopped.asks("stop")
    back.asks("stop")
    assert app.slack.do.command(forgotten.id, "/nudge", "forget-me").ok
    assert forgotten.submits().outcome.ok
    app.walk_to(MONDAY + timedelta(hours=18))
    assert [person.got() for person in (paused, stopped, back, forgotten)] == [[], [], [], []]
    assert TIP in Someone(app, "U0EVA").sees(TIP)
    back.asks("start")
    app.walk_to(TUESDAY_NOON)
    assert QUIZ in back.sees(QUIZ)
    assert [person.got() for person in (paused, stopped, forgotten)] == [[], [], []]
    app.walk_to(MONDAY + timedelta(days=14, hours=18))
    assert STORY in back.sees(STORY)
    assert [person.got() for person in (stopped, forgotten)] == [[], []]
    assert len(paused.got()) == 1, "the best of what the pause held back, not the pile"


def events_heard(app: RunningApp, person_id: str) -> int:
    """Return how often a message of this person was told to the app."""
    return sum(
        record.person == person_id and record.what == "events_api: message" for record in app.slack.calls.after(0)
    )
