"""Home and the menu under a nudge, as clicks arrive: what is set, kept, voted for, shown, and how late clicks end."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.blocks.data_pages import as_json, data_page
from bot.listeners.payloads import click_of
from nudges.services.authoring import publish
from nudges.services.delivery import steer
from nudges.services.delivery.order_changes import order_recall
from nudges.services.keeping.forget_person import forget
from nudges.services.keeping.prune_history import prune_history
from nudges.services.own.glass_box import my_data
from nudges.services.own.own_home import home
from nudges.services.own.preferences import wishes_of
from nudges.store.campaigns import CampaignStatus
from nudges.store.tables import CampaignRow
from tests.bot.limits import faults
from tests.bot.office import AFTER_ALL, ANA, AUTHOR, BEN, PLAYBOOK, Office, blocks_text

TIP, QUIZ = "ask-before-you-search", "where-would-you-ask"
MENU = ("pause_me:7", "fewer_me", "hours_me", "topics_me", "stop_me")


def choose(office: Office, line: str, person_id: str = ANA) -> None:
    """Choose a line of the menu under a nudge."""
    option = {"text": {"type": "plain_text", "text": "x"}, "value": line}
    action = {"type": "overflow", "action_id": "more", "block_id": "b", "selected_option": option, "action_ts": "1.1"}
    assert office.click(person_id, "more", actions=[action]).status == 200


def in_modal(office: Office, action_id: str, value: str = "") -> None:
    view = {"id": "V7", "type": "modal", "team_id": "T0TEST"}
    office.click(ANA, action_id, value, view=view, response_url=None, container={"type": "view", "view_id": "V7"})


def said(office: Office, count: int = 1) -> str:
    return str(office.posted(count)[-1]["text"])


# ---- the menu


def test_each_line_of_the_menu_does_what_its_button_in_home_does(office: Office) -> None:
    choose(office, "pause_me:7")
    assert "Paused until" in said(office)
    assert wishes_of(office.core, ANA).paused_until == AFTER_ALL + timedelta(days=7, hours=20)
    choose(office, "fewer_me")
    assert "fewer from now on" in said(office, 2)
    assert wishes_of(office.core, ANA).is_fewer
    choose(office, "hours_me")
    assert "Other hours" in blocks_text(office.called("views.open")[0]["view"])
    choose(office, "stop_me")
    assert "Stopped." in said(office, 3)
    assert wishes_of(office.core, ANA).is_stopped


@pytest.mark.parametrize("line", ["publish_playbook:x", "forget_me", "recall_messages", "", "nonsense", "x" * 400])
def test_nothing_but_the_lines_of_the_menu_can_be_chosen_in_it(line: str) -> None:
    chosen = {"action_id": "more", "selected_option": {"value": line}}
    assert click_of({"user": {"id": ANA}, "actions": [chosen]}).action == "more"


def test_what_the_menu_set_can_be_taken_back_where_it_is_said(office: Office) -> None:
    choose(office, "fewer_me")
    assert "usual_me" in blocks_text(office.posted()[0]["blocks"])
    office.click(ANA, "usual_me")
    assert not wishes_of(office.core, ANA).is_fewer


# ---- the forms


def test_other_hours_are_stored_as_chosen_and_the_usual_ones_come_back(office: Office) -> None:
    days = [{"value": day} for day in ("mon", "tue", "thu")]
    values = {
        "hours_from": {"hours_from": {"selected_time": "10:00"}},
        "hours_to": {"hours_to": {"selected_time": "12:30"}},
        "hours_days": {"hours_days": {"selected_options": days}},
    }
    assert "10:00-12:30" in str(office.submit(ANA, "hours_form", values=values).body)
    assert wishes_of(office.core, ANA).own_hours == "10:00-12:30 mon-tue, 10:00-12:30 thu"
    in_modal(office, "usual_hours")
    assert wishes_of(office.core, ANA).own_hours == ""
    assert office.called("views.update")[0]["view_id"] == "V7"


@pytest.mark.parametrize(("until", "days", "field"), [("10:30", ["mon"], "hours_to"), ("15:00", [], "hours_days")])
def test_hours_that_leave_no_room_are_asked_for_again(office: Office, until: str, days: list[str], field: str) -> None:
    values = {
        "hours_from": {"hours_from": {"selected_time": "10:00"}},
        "hours_to": {"hours_to": {"selected_time": until}},
        "hours_days": {"hours_days": {"selected_options": [{"value": day} for day in days]}},
    }
    body = json.loads(str(office.submit(ANA, "hours_form", values=values).body))
    assert list(body["errors"]) == [field]
    assert wishes_of(office.core, ANA).own_hours == ""


# ---- saved


def test_a_saved_nudge_stands_in_home_can_be_read_again_and_removed(office: Office) -> None:
    office.click(ANA, "save_nudge", office.delivery(TIP))
    shown = blocks_text(office.posted()[0]["blocks"])
    assert "Saved for later" in shown and "save_nudge" not in shown
    (line,) = home(office.core, ANA).saved
    key = f"{line.campaign_id}:{line.nudge_key}"
    office.click_home(ANA, "show_saved", key)
    view = office.called("views.open")[0]["view"]
    assert "Stuck on a billing question?" in blocks_text(view)
    assert faults("modal", view) == []
    office.click_home(ANA, "unsave_nudge", key)
    assert home(office.core, ANA).saved == ()


def test_what_somebody_else_got_cannot_be_saved(office: Office) -> None:
    office.click(BEN, "save_nudge", office.delivery(TIP))
    assert "sent to somebody else" in said(office)
    assert home(office.core, BEN).saved == ()


def test_a_saved_quiz_tells_its_answer_only_to_who_has_answered(office: Office) -> None:
    quiz = office.delivery(QUIZ)
    office.click(ANA, "save_nudge", quiz)
    key = f"{home(office.core, ANA).saved[0].campaign_id}:{QUIZ}"
    office.click_home(ANA, "show_saved", key)
    office.click(ANA, "answer_quiz.0", f"{quiz}:channel")
    office.posted(2)
    office.click_home(ANA, "show_saved", key)
    before, after = (blocks_text(call["view"]) for call in office.called("views.open", 2))
    assert "Where do you ask first?" in before and "Six minutes" not in before
    assert "Six minutes" in after


def test_a_nudge_that_was_taken_back_leaves_the_list(office: Office) -> None:
    office.click(ANA, "save_nudge", office.delivery(TIP))
    office.posted()
    order_recall(office.core, "find-an-expert", TIP, AUTHOR)
    assert home(office.core, ANA).saved == ()


# ---- the vote


def test_a_vote_in_home_is_shown_at_once_and_may_be_changed(office: Office) -> None:
    for name, title in (("huddles", "Talk it over"), ("write-it-once", "Write it once")):
        text = PLAYBOOK.replace("find-an-expert", name).replace("Find an expert before you escalate", title)
        (office.core.library.folder / f"{name}.yaml").write_text(text.replace("ask-before", f"{name}-ask"), "utf-8")
        office.core.library.refresh()
        publish.publish(office.core, name, AUTHOR)
    assert [one.title for one in home(office.core, ANA).ballot.candidates] == ["Talk it over", "Write it once"]
    for name in ("huddles", "write-it-once"):
        option = {"text": {"type": "plain_text", "text": "x"}, "value": name}
        action = {"type": "radio_buttons", "action_id": "vote", "block_id": "b", "selected_option": option}
        office.click(ANA, "vote", actions=[action], response_url=None)
        office.clock[0] += timedelta(minutes=1)
    view = office.called("views.publish", 2)[-1]["view"]
    assert "*You want:* Write it once" in blocks_text(view)
    assert "counts from tomorrow" in blocks_text(view)
    assert faults("home", view) == []
    assert [one["playbook"] for one in my_data(office.core, ANA)["voted"]] == ["write-it-once", "huddles"]


# ---- why, and what is stored


def test_why_me_tells_rule_campaign_owner_day_comparison_and_who_sees_what(office: Office) -> None:
    office.click(ANA, "why_me", office.delivery(TIP))
    told = said(office)
    for part in ("customer-service", "works in Customer service", "<@U0PRIYA> answers", "planned on Fri 8 Jan for",
                 "Mon 11 Jan, 10:00", "Comparison group: there is none", "5 people", "Nobody sees what"):  # fmt: skip
        assert part in told, part
    assert BEN not in told and "U0AMIR" not in told


def test_why_me_of_somebody_elses_message_tells_nothing_of_it(office: Office) -> None:
    office.click(BEN, "why_me", office.delivery(TIP, ANA))
    assert "Why you get nudges" in said(office)


def test_forget_me_says_first_how_much_will_be_gone(office: Office) -> None:
    office.click(ANA, "mark_useful", office.delivery(TIP))
    office.command(ANA, "forget-me")
    told = blocks_text(office.called("views.open")[0]["view"])
    assert "2 messages sent or planned" in told and "1 tap or answer" in told


def test_the_json_is_whole_however_long_it_is_and_each_page_fits() -> None:
    stored = {"typed": [{"text": '漢😀"<!channel>&' * 40 + str(number)} for number in range(400)], "person": {}}
    pages = [data_page(stored, number).to_dict() for number in range(50)]
    distinct = list({blocks_text(page["blocks"]): page for page in pages}.values())
    joined = "".join(_preformatted(page) for page in distinct)
    assert json.loads(joined) == json.loads(as_json(stored).replace("\n", ""))
    assert len(distinct) > 2
    for page in distinct:
        assert faults("modal", page) == []
        assert len(json.dumps(page).encode()) < 250_000


def _preformatted(page: dict[str, Any]) -> str:
    rich = [block for block in page["blocks"] if block["type"] == "rich_text"]
    return "".join(block["elements"][0]["elements"][0]["text"] for block in rich)


def test_the_json_opens_from_what_is_stored_and_its_pages_turn_in_place(office: Office) -> None:
    office.click_home(ANA, "my_data")
    assert "data_page" in blocks_text(office.called("views.open")[0]["view"])
    in_modal(office, "data_page.0", "0")
    shown = office.called("views.update")[0]
    assert shown["view_id"] == "V7" and '\\"nudges\\"' in blocks_text(shown["view"])
    assert len(office.called("views.open")) == 1


# ---- late clicks


def late(office: Office) -> str:
    office.click(ANA, "mark_useful", office.delivery(TIP))
    return said(office)


def test_after_being_forgotten_a_click_says_so_and_how_to_begin_anew(office: Office) -> None:
    tip = office.delivery(TIP)
    forget(office.core, ANA)
    office.click(ANA, "mark_useful", tip)
    assert "asked me to forget you" in said(office) and "/nudge start" in said(office)


def test_after_half_a_year_a_click_says_that_it_is_long_ago(office: Office) -> None:
    tip = office.delivery(TIP)
    with office.core.db.begin() as session:
        session.execute(update(CampaignRow).values(status=CampaignStatus.ENDED))
    office.clock[0] = AFTER_ALL + timedelta(days=200)
    prune_history(office.core)
    office.click(ANA, "mark_useful", tip)
    assert "half a year" in said(office) and "Home" in said(office)


def test_where_the_playbook_has_lost_the_nudge_a_click_says_so(office: Office) -> None:
    with office.core.db.begin() as session:
        text = PLAYBOOK.replace("tip: ask-before-you-search", "tip: another")
        session.execute(update(CampaignRow).values(text=text, content_hash=""))
    assert "taken out of its playbook" in late(office)


def test_a_choice_that_was_mended_away_is_explained_and_the_message_shown_as_it_is(office: Office) -> None:
    office.click(ANA, "answer_quiz.1", f"{office.delivery(QUIZ)}:phone")
    told = office.posted(2)
    assert "choose once more" in told[0]["text"]
    assert "Where do you ask first?" in blocks_text(told[1]["blocks"])


@pytest.mark.parametrize("status", [CampaignStatus.ENDED, CampaignStatus.PAUSED])
def test_a_campaign_that_is_over_or_rests_still_takes_the_click(office: Office, status: CampaignStatus) -> None:
    with office.core.db.begin() as session:
        session.execute(update(CampaignRow).where(col(CampaignRow.campaign_id) > 0).values(status=status))
    office.click(ANA, "mark_useful", office.delivery(TIP))
    assert "marked useful" in blocks_text(office.posted()[0]["blocks"])


def test_a_message_that_was_taken_back_says_so_and_keeps_what_is_tapped(office: Office) -> None:
    order_recall(office.core, "find-an-expert", TIP, AUTHOR)
    office.click(ANA, "mark_useful", office.delivery(TIP))
    shown = blocks_text(office.posted()[0]["blocks"])
    assert "taken back" in shown and "marked useful" in shown


def test_a_campaign_paused_by_its_people_shows_nothing_as_next(office: Office) -> None:
    steer.pause_campaigns(office.core, AUTHOR, "all")
    found = home(office.core, ANA)
    assert (found.next_at, found.next_nudge) == (None, None)
    assert replace(found, now=None).next_at is None
