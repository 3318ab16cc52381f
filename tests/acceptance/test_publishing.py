"""From a file to everybody: this module is a publishing with approval and pilot, and what is mended and taken back."""

from datetime import timedelta

from nudges.services.authoring.publish import update
from tests.acceptance.acting import Someone
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import RunningApp, wait_until
from tests.acceptance.small_company import (
    ADMIN,
    AUTHOR,
    BILLING,
    COMPANY,
    EXPERT,
    IT,
    MONDAY,
    ORDERS,
    TUESDAY_NOON,
)

TIP, WEEK = "Stuck on a billing question", timedelta(days=7)
PILOT = "pilot: {segment: first-few, answers: 5, useful: 60%}"
FIRST_FEW = "  first-few: {all: [{segment: desks}, {team: [Billing Lisbon]}]}\n"


def write(app: RunningApp, *, is_strict: bool = False, words: str = TIP) -> None:
    """Give the playbook a pilot, and the company its segment; if asked, everything published wants a second person."""
    more = "publishing: {approval: true}\n" if is_strict else ""
    piloted = EXPERT.replace("segments: [desks]}", f"segments: [desks], {PILOT}}}").replace(TIP, words)
    (app.playbooks / "company.yaml").write_text(COMPANY + FIRST_FEW + more, encoding="utf-8")
    (app.playbooks / "find-an-expert.yaml").write_text(piloted, encoding="utf-8")
    app.nudger.core.library.refresh()


def test_approval_then_a_pilot_then_answers_then_everybody_has_a_first_week(start: StartApp) -> None:
    app = start()
    write(app, is_strict=True)
    author, approver = Someone(app, AUTHOR), Someone(app, IT)
    author.asks("publish find-an-expert")
    assert "second person" in author.presses("Publish")
    assert "waits for approval" in author.asks("campaigns")
    plan = approver.asks("approve find-an-expert")
    assert "`ask-before-you-search`" in plan and "8 people" in plan
    assert "is published" in approver.presses("Approve")
    app.walk_to(TUESDAY_NOON)
    assert [len(app.posted_to(person)) for person in BILLING] == [2] * len(BILLING)
    assert {len(app.posted_to(person)) for person in ORDERS} == {0}, "the rest waits"
    assert "after the pilot" in author.asks("campaign find-an-expert")
    for person in BILLING[:5]:
        assert Someone(app, person).click("Useful", TIP).ok
    app.walk_to(TUESDAY_NOON + timedelta(hours=1))
    notice = "waits for a yes"
    assert approver.click("Look at the plan", notice).ok
    assert approver.click("Approve", notice).ok
    wait_until(lambda: "running" in author.asks("campaigns"))
    app.walk_to(MONDAY + WEEK + timedelta(hours=18))
    assert {len(app.posted_to(person)) for person in ORDERS} == {1}, "their own Monday"
    said = Someone(app, ADMIN).asks("campaign find-an-expert")
    assert "balance" not in said and "19 people" in said


def test_what_was_sent_is_corrected_and_then_taken_back(start: StartApp) -> None:
    app = start()
    write(app)
    app.publish("find-an-expert")
    app.walk_to(MONDAY + timedelta(hours=12))
    first, second = (Someone(app, person) for person in BILLING[:2])
    assert first.click("Useful", TIP).ok
    assert TIP in first.sees("marked useful")
    write(app, words="Puzzled by a bill")
    update(app.nudger.core, "find-an-expert", AUTHOR)
    author = Someone(app, AUTHOR)
    shown = author.asks("correct find-an-expert ask-before-you-search")
    assert TIP in shown and "Puzzled by a bill" in shown
    assert "Under way" in author.presses("Correct 8 messages")
    assert "marked useful" in first.sees("Puzzled by a bill")  # answers stay
    assert "Puzzled by a bill" in second.sees("Puzzled by a bill")
    assert author.sees("is corrected")
    author.asks("recall find-an-expert ask-before-you-search")
    assert "Taken back" in author.presses("Take it back")
    wait_until(lambda: second.got() == [])
    wait_until(lambda: "taken back" in first.sees("Puzzled by a bill"))
    assert author.sees("is taken back")
    assert "balance" not in author.asks("campaign find-an-expert")
