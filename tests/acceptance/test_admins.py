"""For the people who run it: this module asks as admin, as author and as somebody who may not."""

import re
from datetime import timedelta

import pytest

from tests.acceptance.acting import Someone, shown
from tests.acceptance.conftest import StartApp
from tests.acceptance.running import TRANSPORTS, RunningApp
from tests.acceptance.small_company import ADMIN, AUTHOR, BILLING, MONDAY, TUESDAY_NOON

TIP, QUIZ = "Stuck on a billing question", "Where do you ask first?"
FOR_ADMINS = (
    "status",
    "campaigns",
    "campaign find-an-expert",
    "people desks",
    "barriers",
    "publish find-an-expert",
    "pause find-an-expert",
    "pause all",
    "resume all",
    "health",
)


@pytest.mark.parametrize("words", FOR_ADMINS)
def test_who_may_not_is_told_kindly_and_how_to_get_access(app: RunningApp, words: str) -> None:
    said = Someone(app, "U0MAYA").asks(words)
    assert "for the people who run Nudger" in said
    assert f"<@{ADMIN}>" in said


def test_status_and_campaign_balance_and_name_the_zone(app: RunningApp) -> None:
    admin = Someone(app, ADMIN)
    for words in ("status", "campaign find-an-expert"):
        said = admin.asks(words)
        audience, parts = re.search(r"Audience (\d+).*?= (.+)", said).groups()  # type: ignore[union-attr]
        assert int(audience) == sum(map(int, re.findall(r"\b\d+\b", parts.split("{")[0])))
        assert "balance" not in said
    assert "Lisbon" in admin.asks("status")


def test_campaigns_and_one_campaign_are_shown_and_a_wrong_name_offers_the_nearest(app: RunningApp) -> None:
    admin = Someone(app, ADMIN)
    assert "Find an expert before you escalate" in admin.asks("campaigns")
    assert "`where-would-you-ask`" in admin.asks("campaign find-an-expert")
    assert "Did you mean find-an-expert?" in admin.asks("campaign find-an-exprt")
    assert "needs a name" in admin.asks("campaign")


def test_people_of_a_segment_are_counted_by_place_and_the_look_is_noted(app: RunningApp) -> None:
    admin = Someone(app, AUTHOR)
    said = admin.asks("people desks")
    assert "19 people" in said and "Lisbon: 8" in said.replace("*", "") and "audit" in said
    assert "Did you mean" in admin.asks("people desk")
    assert "reach nobody" in admin.asks("people nobody-yet")


def test_health_says_that_all_is_well(app: RunningApp) -> None:
    said = Someone(app, ADMIN).asks("health")
    assert "*Yes.*" in said


def test_help_for_those_who_run_it_lists_their_commands_too(app: RunningApp) -> None:
    said = Someone(app, AUTHOR).asks("help")
    for word in ("status", "campaigns", "people", "barriers", "publish", "health", "pause"):
        assert f"/nudge {word}" in said


def test_an_unknown_playbook_is_said_with_the_names_there_are(app: RunningApp) -> None:
    assert "Did you mean share-a-draft?" in Someone(app, AUTHOR).asks("publish share-a-drat")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_publishing_from_slack_shows_the_plan_asks_and_happens_once(start: StartApp, transport: str) -> None:
    app = start(transport=transport)
    author = Someone(app, AUTHOR)
    plan = author.asks("publish find-an-expert")
    for words in ("Find an expert before you escalate", "19 people", "`where-would-you-ask`", "8 Mar 2027"):
        assert words in plan
    assert "No campaign yet" in author.asks("status"), "a plan by itself sends nothing"
    plan = author.asks("publish find-an-expert")
    assert "is published" in author.presses("Publish")
    app.walk_to(TUESDAY_NOON)
    assert [len(app.posted_to(person)) for person in BILLING] == [2] * len(BILLING)
    assert "find-an-expert-2" in author.asks("publish find-an-expert")
    assert author.presses("Not now") == "All right, nothing was done."


def test_pause_all_stops_at_once_and_resume_goes_on_without_a_flood(start: StartApp) -> None:
    app = start()
    app.publish("find-an-expert", "share-a-draft")
    admin = Someone(app, ADMIN)
    assert "Everything is paused" in admin.asks("pause all")
    app.walk_to(MONDAY + timedelta(days=1, hours=9))
    assert app.slack.posted() == []
    assert "paused" in admin.asks("status").lower()
    assert "goes on" in admin.asks("resume all")
    app.walk_to(TUESDAY_NOON)
    assert {len(app.posted_to(person)) for person in BILLING} == {1}, "one a day, whatever was missed"
    assert QUIZ in Someone(app, BILLING[0]).sees(QUIZ)


def test_caps_hold_over_two_playbooks(start: StartApp) -> None:
    app = start()
    app.publish("find-an-expert", "share-a-draft")
    app.walk_to(MONDAY + timedelta(days=7))
    for person in BILLING:
        days = [at.date() for at in app.posted_to(person)]
        assert len(days) == len(set(days)) == 3, "at most one a day and three a week"
    said = Someone(app, ADMIN).asks("campaign share-a-draft")
    assert "daily limit" in said or "weekly limit" in said
    assert "balance" not in said


def test_one_campaign_pauses_while_the_other_goes_on(start: StartApp) -> None:
    app = start()
    app.publish("find-an-expert", "share-a-draft")
    admin = Someone(app, ADMIN)
    assert "*Paused:* share-a-draft" in admin.asks("pause share-a-draft")
    assert "Nothing to change" in admin.asks("pause share-a-draft")
    app.walk_to(MONDAY + timedelta(hours=18))
    assert all(TIP in shown(one) for person in BILLING for one in Someone(app, person).got())
    assert "*Going on:* share-a-draft" in admin.asks("resume share-a-draft")
    app.walk_to(MONDAY + timedelta(days=4))
    assert "One sentence on why" in Someone(app, BILLING[0]).sees("One sentence on why")


def test_a_broken_edit_disturbs_nothing_and_its_owner_is_told_once(start: StartApp) -> None:
    app = start()
    app.publish("find-an-expert")
    file = app.playbooks / "find-an-expert.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("question:", "qestion:"), encoding="utf-8")
    app.walk_to(TUESDAY_NOON)
    told = Someone(app, AUTHOR).sees("cannot be used as it stands now")
    assert "find-an-expert.yaml" in told and "question" in told and "nudger check" in told
    assert QUIZ in Someone(app, BILLING[0]).sees(QUIZ), "what runs keeps its text"
    assert "nudger check" in Someone(app, ADMIN).asks("status")
    app.walk_to(TUESDAY_NOON + timedelta(days=1))
    told_again = [one for one in Someone(app, AUTHOR).got() if "cannot be used" in shown(one)]
    assert len(told_again) == 1
