"""A flag played through by taps: this module takes one up, chooses a play, ticks a step, passes it on, lets go."""

import pytest

from bot.blocks.actions import InputId
from nudges.domain.barriers.flag_life import Reason
from tests.acceptance.acting import Someone, chosen, labels, shown, words_of
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import RunningApp, wait_until
from tests.acceptance.small_company import ADMIN, AUTHOR, BILLING, BILLING_LEAD, PERIOD_CLOSED

PLAY, TITLE = "leader-goes-first", "The leader one level up goes first"


@pytest.fixture
def flagged(start: StartApp) -> RunningApp:
    """Five of a team have said so, and the four weeks have closed."""
    app = start(nudger_admins=BILLING_LEAD)
    for person in BILLING[:5]:
        Someone(app, person).reports("manager_discourages")
    app.walk_to(PERIOD_CLOSED)
    return app


def sends(who: Someone, field: InputId, value: dict[str, object]) -> str:
    """Fill in the form on top, send it, and return what it says then."""
    sent = who.submits(**{field.value: value})
    assert sent.outcome.ok, sent
    said = words_of(who.form()["view"]["blocks"])
    who.app.slack.do.close(who.id, who.form()["id"])
    return said


def presses_form(who: Someone, label: str) -> None:
    """Press a button that opens a form."""
    message = [one for one in who.messages() if one["ephemeral"]][-1]
    element = next(
        (block["block_id"], one)
        for block in message["blocks"]
        for one in block.get("elements", [])
        if one.get("type") == "button" and one["text"]["text"] == label
    )
    assert who.app.slack.do.click(who.id, ts=message["ts"], block_id=element[0], action_id=element[1]["action_id"]).ok
    who.form()


def listed(who: Someone) -> str:
    """Return what stands in the newest answer now."""
    found = [one for one in who.messages() if one["ephemeral"]]
    return shown(found[-1]) if found else ""


def test_from_flag_to_acknowledged_to_play_to_done_by_taps(flagged: RunningApp) -> None:
    author = Someone(flagged, AUTHOR)
    assert "somebody takes it up" in author.asks("barriers")
    assert "It is yours now" in author.presses("I take it")

    presses_form(author, "Choose a play")
    assert "Have a manager of a similar team" in words_of(author.form()["view"]["blocks"])
    said = sends(author, InputId.FLAG_PLAY, chosen(author.form(), PLAY))
    assert "Begun" in said
    wait_until(lambda: TITLE in listed(author))
    assert "Step 1 is done" in labels([one for one in author.messages() if one["ephemeral"]][-1])

    assert "that step is ticked" in author.presses("Step 1 is done")
    assert "✓" in listed(author)
    assert "Step 2 is done" in listed(author) or "○" in listed(author)


def test_it_is_passed_on_to_whoever_may_see_it_and_they_act_from_the_message(flagged: RunningApp) -> None:
    author, admin = Someone(flagged, AUTHOR), Someone(flagged, ADMIN)
    author.asks("barriers")
    presses_form(author, "Pass on")
    refused = author.submits(**{InputId.FLAG_OWNER.value: {"selected_user": BILLING_LEAD}})
    assert "may not see it" in str(refused.errors)
    assert "Passed on" in sends(author, InputId.FLAG_OWNER, {"selected_user": ADMIN})

    flagged.walk_to(PERIOD_CLOSED.replace(hour=18))
    assert "passed on to you" in admin.sees("This was passed on to you")
    assert admin.click("Show it", "This was passed on to you").ok
    wait_until(lambda: "Billing Lisbon" in listed(admin))
    assert "It is yours now" in admin.presses("I take it")

    presses_form(admin, "Let it go")
    assert "Let go" in sends(admin, InputId.FLAG_REASON, chosen(admin.form(), Reason.KNOWN_CAUSE.value))
    assert "No group has an open flag" in admin.asks("barriers")
    assert "does not stand there any more" in author.presses("I take it"), "a card from before"
