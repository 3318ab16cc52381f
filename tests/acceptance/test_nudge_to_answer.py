"""From a playbook to an answer, in both transports: this module follows nudges and what people do with them."""

import re

from tests.acceptance.acting import Someone, labels, shown, words_of
from tests.acceptance.running import RunningApp, wait_until
from tests.acceptance.small_company import ADMIN, HANS, LISBON, NEIL, NEVER_WRITTEN_TO, NEW_YORK, TOKYO, YUKI

TIP, QUIZ = "Stuck on a billing question", "Where do you ask first?"
CHANNEL, MAIL = "#ask-billing", "A mail to the lead"


def test_a_tip_arrives_in_the_persons_hours_with_what_is_in_it_for_them(app: RunningApp) -> None:
    maya = Someone(app, "U0MAYA")
    said = maya.sees(TIP)
    assert "*An easier day:* Answer the customer on the first call" in said
    assert "Stuck on a billing question, Maya?" in said
    first = app.posted_to("U0MAYA")[0].astimezone(LISBON)
    assert (first.strftime("%a"), 10 <= first.hour < 12) == ("Mon", True)


def test_the_first_message_ever_says_what_this_is_and_only_the_first(app: RunningApp) -> None:
    bea = Someone(app, "U0BEA")
    hello = [one for one in bea.got() if "Hello, I am Nudger" in shown(one)]
    assert [TIP in shown(one) for one in hello] == [True]
    assert "stop" in shown(hello[0]) and "/nudge my-data" in shown(hello[0])


def test_the_notification_alone_says_all_that_the_message_says(app: RunningApp) -> None:
    message = Someone(app, "U0BEA").message(QUIZ)
    for words in (QUIZ, CHANNEL, MAIL, "Answer the customer on the first call"):
        assert words in message["text"]


def test_a_wrong_answer_is_met_with_why_and_a_second_click_changes_nothing(app: RunningApp) -> None:
    carl = Someone(app, "U0CARL")
    before = carl.message(QUIZ)
    assert carl.click(MAIL, QUIZ).ok
    answered = carl.sees("only you learn the answer")
    assert f"*Your answer:* {MAIL}" in answered
    assert f"*The best answer here:* {CHANNEL}" in answered
    after = carl.message(QUIZ)
    assert after["ts"] == before["ts"]
    assert CHANNEL not in labels(after)
    # An old screen still shows the buttons: the same click again, and another choice, change nothing.
    for label in (MAIL, CHANNEL):
        assert press_old(carl, before, label)
    assert shown(carl.message(QUIZ)) == shown(after)


def test_the_right_answer_is_confirmed(app: RunningApp) -> None:
    dita = Someone(app, "U0DITA")
    assert dita.click(CHANNEL, QUIZ).ok
    assert "Yes. Six minutes." in dita.sees("*Your answer:* #ask-billing ✓")


def test_useful_and_not_for_me_are_thanked_for_and_counted_once(app: RunningApp) -> None:
    eva, fay = Someone(app, "U0EVA"), Someone(app, "U0FAY")
    assert eva.click("Useful", TIP).ok
    eva.sees("Thanks, marked useful")
    assert {"Useful", "Not for me"}.isdisjoint(labels(eva.message(TIP)))
    assert fay.click("Not for me", TIP).ok
    fay.sees("Thanks, noted: not for you")


def test_try_it_leads_to_the_channel_and_leaves_the_message_as_it_is(app: RunningApp) -> None:
    gil = Someone(app, "U0GIL")
    before = shown(gil.message(TIP))
    assert gil.click("Open the channel", TIP).ok
    button = next(one for one in _elements(gil.message(TIP)) if one["text"]["text"] == "Open the channel")
    assert "C0BILLING" in button["url"]
    wait_until(lambda: "you followed the button under “ask before you search”" in gil.asks("my-data"))
    assert shown(gil.message(TIP)) == before


def test_saying_what_is_in_the_way_is_thanked_for_and_shows_in_the_message(app: RunningApp) -> None:
    hugo = Someone(app, "U0HUGO")
    thanks = hugo.reports("no_time", "Month end, every month", under=TIP)
    assert "Thank you for saying so" in thanks
    hugo.sees("Thanks for saying what is in the way. Your name stays out of it.")
    assert "What is in the way?" not in labels(hugo.message(TIP))
    assert "What is in the way?" in labels(hugo.message(QUIZ))
    assert "counts once" in hugo.reports("no_time", under=QUIZ)


def test_a_form_without_a_choice_asks_for_one_and_stays_open(app: RunningApp) -> None:
    oda = Someone(app, "U0ODA")
    assert oda.click("What is in the way?", TIP).ok
    sent = oda.submits(barrier_words={"value": "Hm"})
    assert not sent.outcome.ok and sent.errors
    assert oda.form()["view"]["title"]["text"] == "What is in the way?"


def test_why_me_is_answered_where_only_the_person_sees_it(app: RunningApp) -> None:
    ole = Someone(app, "U0OLE")
    assert ole.click("Why me?", TIP).ok
    wait_until(lambda: any(one["ephemeral"] for one in ole.messages()))
    said = shown(ole.messages()[-1])
    assert "Customer service" in said
    assert "Find an expert before you escalate" in said


def test_home_shows_what_came_what_was_answered_and_what_is_next(app: RunningApp) -> None:
    ori = Someone(app, "U0ORI")
    assert ori.click(MAIL, QUIZ).ok
    ori.sees("only you learn the answer")
    home = ori.opens_home()
    assert "Hello Ori" in home
    assert "2 nudges so far" in home
    assert f"You answered: {MAIL}" in home


def test_the_home_tab_pauses_and_starts_again(app: RunningApp) -> None:
    osk = Someone(app, "U0OSK")
    osk.opens_home()
    assert osk.click_home("Pause 2 weeks").ok
    wait_until(lambda: "*Paused* until" in shown_home(osk))
    assert osk.click_home("Start again").ok
    wait_until(lambda: "*Paused* until" not in shown_home(osk))


def test_the_global_shortcut_takes_a_report_without_a_nudge(app: RunningApp) -> None:
    assert "Thank you for saying so" in Someone(app, "U0OTA").reports("policy_worry")


def test_my_data_lists_everything_and_only_to_oneself(app: RunningApp) -> None:
    ove = Someone(app, "U0OVE")
    assert ove.click("Useful", TIP).ok
    ove.sees("Thanks, marked useful")
    ove.types("I like this one")
    said = wait_until(lambda: "I like this one" in (text := ove.asks("my-data")) and text)
    for words in ("Porto", "you marked “ask before you search” as useful"):
        assert words in said
    assert "U0MAYA" not in said


def test_another_zone_gets_it_in_its_own_morning_and_a_holiday_moves_it(app: RunningApp) -> None:
    yuki, neil, hans = (app.posted_to(person)[0] for person in (YUKI, NEIL, HANS))
    assert yuki.astimezone(TOKYO).strftime("%a %H") == "Mon 10"
    assert neil.astimezone(NEW_YORK).strftime("%a %H") == "Mon 10"
    assert hans.strftime("%a") == "Tue", "Monday is a public holiday in Berlin"


def test_guests_bots_leavers_and_strangers_get_nothing(app: RunningApp) -> None:
    assert [person for person in NEVER_WRITTEN_TO if app.posted_to(person)] == []


def test_status_agrees_with_what_stands_at_slack(app: RunningApp) -> None:
    said = Someone(app, ADMIN).asks("status")
    books = re.search(r"Enqueued (\d+) = (\d+) sent", said)
    assert books, said
    nudges = [one for one in app.slack.posted() if one.delivery_id]
    assert int(books[2]) == len(nudges) == len({one.delivery_id for one in nudges})
    assert "*The books do not balance.*" not in said


def press_old(person: Someone, message: dict[str, object], label: str) -> bool:
    """Press a button as an old screen still shows it; the app must take it kindly."""
    with person.app.slack.state.lock:
        channel = person.app.slack.state.channels[str(message["channel"])]
        now = channel.messages[str(message["ts"])]
        old = type(now)(**{name: getattr(now, name) for name in now.__slots__} | {"blocks": message["blocks"]})
        channel.messages[now.ts] = old
    outcome = person.click(label, QUIZ)
    wait_until(lambda: label not in labels(person.message(QUIZ)))
    return outcome.ok


def shown_home(person: Someone) -> str:
    return words_of(person.home()["blocks"])


def _elements(message: dict[str, object]) -> list[dict[str, dict[str, str]]]:
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return [element for block in blocks for element in block.get("elements", []) if element.get("type") == "button"]
