"""What somebody types, from the words to the count: this module is asking back as people live it in the sandbox."""

from bot.blocks.actions import InputId
from tests.acceptance.acting import Someone, shown, words_of
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import wait_until
from tests.acceptance.small_company import AUTHOR, BILLING, PERIOD_CLOSED, TUESDAY_NOON

WORDS = "My boss hates it when we post zyxomma there"
ASKED = "Sounds like"
KIND = "People above me would rather I didn't"


def test_words_count_once_their_authors_have_said_yes_and_are_seen_by_nobody(start: StartApp) -> None:
    app = start()
    app.walk_to(TUESDAY_NOON)
    for person in (Someone(app, one) for one in BILLING[:5]):
        assert person.types(WORDS).ok
        assert "Your manager is not told of this" in person.sees(ASKED)
        assert person.click("Yes, that is it", ASKED).ok
        person.sees("Thank you for saying so")
    sixth = Someone(app, BILLING[5])
    sixth.types(WORDS)
    sixth.sees(ASKED)  # and left alone: a guess
    app.walk_to(PERIOD_CLOSED)
    told = Someone(app, AUTHOR).sees("Something is in the way")
    for words in ("Billing Lisbon", "5-9", KIND):
        assert words in told
    everything = str([asked.args for asked in app.slack.asked]) + str(app.slack.responses)
    assert "zyxomma" not in everything, "words are shown to nobody"


def test_between_us_leaves_nothing_and_the_list_is_there_for_something_else(start: StartApp) -> None:
    app = start()
    app.walk_to(TUESDAY_NOON)
    first, second = Someone(app, BILLING[0]), Someone(app, BILLING[1])
    first.types(WORDS)
    assert first.click("Just between us", ASKED).ok
    first.sees("I keep nothing of what you wrote")
    assert "zyxomma" not in first.asks("my-data")
    second.types(WORDS)
    assert second.click("Something else", ASKED).ok
    assert "What is in the way?" in str(second.form()["view"]["title"])
    assert "my guess is forgotten" in second.sees("my guess is forgotten")


def test_the_shortcut_takes_words_alone_and_a_report_can_be_taken_back(start: StartApp) -> None:
    app = start()
    app.walk_to(TUESDAY_NOON)
    maya = Someone(app, BILLING[0])
    assert maya.shortcut().ok
    maya.submits(**{InputId.WORDS.value: {"value": WORDS}})
    wait_until(lambda: ASKED in words_of(maya.form()["view"]["blocks"]))
    form = maya.form()
    block = next(one for one in form["view"]["blocks"] if one["type"] == "actions")
    right = block["elements"][0]["action_id"]
    assert app.slack.do.click(maya.id, view_id=form["id"], block_id=block["block_id"], action_id=right).ok
    wait_until(lambda: "Thank you for saying so" in words_of(maya.form()["view"]["blocks"]))
    app.slack.do.close(maya.id, maya.form()["id"])
    mine = maya.asks("my-data")
    assert f"*{KIND}*" in mine
    assert "Take back" in mine
    assert "Taken back" in maya.presses("Take back")
    app.walk_to(PERIOD_CLOSED)
    assert not [one for one in Someone(app, AUTHOR).got() if "Something is in the way" in shown(one)]
