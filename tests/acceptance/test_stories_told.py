"""Skin in the game: this module is a promise that is asked about once, and a story from its telling to its readers."""

from datetime import timedelta

from bot.sandbox.people_acts import Submitted
from tests.acceptance.acting import Someone, button, labels, shown, words_of
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import RunningApp, wait_until
from tests.acceptance.small_company import AUTHOR, BILLING, MONDAY, ORDERS, TUESDAY_NOON

TIP, PROMISE = "Stuck on a billing question", "I will ask in the channel before I mail, this week"
STORY = "A refund nobody could explain. I asked in the channel and had it in six minutes."
EDITED = "A refund nobody could explain: I asked in the channel, and had it in six minutes."
MAYA, BEA, PRIYA, ODA = BILLING[0], BILLING[1], AUTHOR, ORDERS[0]


def with_promise(app: RunningApp) -> None:
    """Put a promise under the tip and let it run until Tuesday at noon."""
    path = app.playbooks / "find-an-expert.yaml"
    text = path.read_text("utf-8").replace("try_it: {", f'commit: "{PROMISE}"\n    try_it: {{', 1)
    path.write_text(text, "utf-8")
    app.nudger.core.library.refresh()
    app.publish("find-an-expert")
    app.walk_to(TUESDAY_NOON)


def pick(person: Someone, block: str, value: str) -> dict[str, object]:
    """Return an option of the form as its radio buttons give it."""
    (input_,) = [one for one in person.form()["view"]["blocks"] if one.get("block_id") == block]
    return {"selected_option": next(one for one in input_["element"]["options"] if one["value"] == value)}


def tells(person: Someone, consent: str) -> Submitted:
    typed = {"type": "plain_text_input", "value": STORY}
    return person.submits(story_words=typed, story_consent=pick(person, "story_consent", consent))


def reads(priya: Someone) -> None:
    """Open the first story that waits."""
    assert STORY in priya.asks("stories")
    answer = [one for one in priya.messages() if one["ephemeral"]][-1]
    block_id, element = button(answer["blocks"], "Read")
    outcome = priya.app.slack.do.click(priya.id, ts=answer["ts"], block_id=block_id, action_id=element["action_id"])
    assert outcome.ok, outcome.error


def test_a_story_goes_from_its_author_past_comms_and_back_to_peers(start: StartApp) -> None:
    app = start()
    with_promise(app)
    maya, priya = Someone(app, MAYA), Someone(app, PRIYA)
    assert maya.click("Useful", TIP).ok
    wait_until(lambda: "I tried it" in labels(maya.message(TIP)))
    assert maya.click("I tried it", TIP).ok
    assert tells(maya, "inside").outcome.ok
    assert "Thank you for telling it" in words_of(maya.form()["view"]["blocks"])
    wait_until(lambda: "Thank you for your story" in maya.sees(TIP))
    assert "I tried it" not in labels(maya.message(TIP))

    reads(priya)
    shown_to_priya = words_of(priya.form()["view"]["blocks"])
    assert "May go to colleagues, with the name." in shown_to_priya and STORY in shown_to_priya
    words = {"type": "plain_text_input", "value": EDITED}
    sent = priya.submits(review_words=words, review_decision=pick(priya, "review_decision", "share"))
    assert sent.outcome.ok, sent
    priya.sees("The author sees your words now")
    assert "waits for the author's yes" in priya.asks("stories").lower()

    app.walk_to(TUESDAY_NOON + timedelta(hours=1))
    assert EDITED in maya.sees("Nobody else has seen it")
    assert maya.click("Yes, share it", "Nobody else has seen it").ok
    priya_hears = TUESDAY_NOON + timedelta(hours=2)
    app.walk_to(priya_hears)
    priya.sees("The author said yes")
    app.walk_to(MONDAY + timedelta(days=4))
    assert "Told by Maya, Billing Lisbon" in Someone(app, ODA).sees(EDITED)
    assert not [one for one in Someone(app, BEA).got() if EDITED in shown(one)]
    assert "told-" in priya.asks("campaigns")
    app.walk_to(MONDAY + timedelta(days=10))
    maya.sees("Your story has reached 10-19 colleagues")


def test_a_promise_is_asked_about_once_and_only_of_who_gave_it(start: StartApp) -> None:
    app = start()
    with_promise(app)
    maya, bea = Someone(app, MAYA), Someone(app, BEA)
    assert PROMISE in maya.sees(TIP)
    assert maya.click("I will", TIP).ok
    wait_until(lambda: f"You said: {PROMISE}" in maya.sees(TIP))
    app.walk_to(MONDAY + timedelta(days=9))
    assert PROMISE in maya.sees("Did it work out?")
    assert maya.click("Not yet", "Did it work out?").ok
    wait_until(lambda: "I will not ask again" in maya.sees("Did it work out?"))
    assert not [one for one in bea.got() if "Did it work out?" in shown(one)]
    app.walk_to(MONDAY + timedelta(days=21))
    assert len([one for one in maya.got() if "Did it work out?" in shown(one)]) == 1
